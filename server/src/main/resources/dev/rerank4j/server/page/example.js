/**
 * Queries whose best answer shares no word with them that matters, among texts that do.
 *
 * @type {{query: string, documents: string[]}[]}
 */
export const EXAMPLES = [
  {
    query: 'can I get my money back',
    documents: [
      'Get a gift card in any of our shops; it never expires.',
      'Can I get a second receipt? Yes, every invoice is kept under Orders.',
      'Money for the parking meter: the machine at the back entrance takes coins only.',
      'Parcels that arrive damaged are replaced; a photo is enough.',
      'You can pay by card, by bank transfer, or in cash at the counter.',
      'We write back within one working day, on Saturdays too.',
      'Wool is washed by hand, cold, and dried lying flat.',
      'If you are not satisfied, return the product within 30 days for a full refund of the purchase price.',
      'Standard delivery takes two to four working days.',
      'The café at the back of the shop opens at ten.',
    ],
  },
  {
    query: 'I feel too sick to come to work',
    documents: [
      'Come to work by bicycle, and we pay for its repair once a year.',
      'Work from abroad has to be agreed upon a month ahead.',
      'New colleagues come to the welcome breakfast on the first Monday of the month.',
      'Feel free to decorate your desk; candles are not allowed.',
      'If you are ill, tell your manager before ten in the morning and stay at home until you are well.',
      'First aid kits hang beside the lifts on every floor.',
      'Overtime is paid out or taken as time off, as you like.',
      'The canteen serves lunch from half past eleven to two.',
    ],
  },
  {
    query: 'will it survive the rain',
    documents: [
      'Rain or shine: the open-air market is held on the first Sunday of the month.',
      'The umbrella stand holds twelve umbrellas and has a drip tray.',
      'This battery will last for about eighteen hours of music.',
      'A jacket of brushed cotton, soft and warm, for dry autumn days.',
      'Seeds that survive the winter in the ground sprout in April.',
      'The jacket is waterproof and keeps you dry even in a downpour.',
      'A hat of straw for the beach, to be kept away from water.',
      'It will be delivered to the door within four working days.',
    ],
  },
];
