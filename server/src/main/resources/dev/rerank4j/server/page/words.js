/** Words that stand in every text and would only sprinkle it with marks. */
const COMMON = new Set(('a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its may me my no '
  + 'not of on or our she should so than that the their them then there these they this to was we were what when where which who why will with would you your').split(' '));

/** How much of a text is shown before the first mark, in characters. */
const LEAD = 60;

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * The words of a query that are worth marking.
 *
 * @param {string} query
 * @returns {string[]}
 */
export function wordsIn(query) {
  const words = [...SEGMENTER.segment(query)].filter((each) => each.isWordLike).map((each) => each.segment.toLowerCase());
  return [...new Set(words.filter((word) => !COMMON.has(word)))];
}

/**
 * Where words stand in a text, as such or with another ending. The server's analysis knows more forms; for the eye this
 * is enough.
 *
 * @param {string} text
 * @param {string[]} words
 * @param {{start: number, end: number}} [within] the part of it to look at
 * @returns {{start: number, end: number}[]}
 */
export function wordMarks(text, words, { start, end } = { start: 0, end: text.length }) {
  if (words.length === 0) {
    return [];
  }
  const marks = [];
  for (const { segment, index, isWordLike } of SEGMENTER.segment(text.slice(start, end))) {
    if (isWordLike && words.some((word) => alike(segment.toLowerCase(), word))) {
      marks.push({ start: start + index, end: start + index + segment.length });
    }
  }
  return marks;
}

/** @param {string} a @param {string} b */
function alike(a, b) {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return a === b || (short.length >= 4 && long.length - short.length <= 3 && long.startsWith(short.replace(/[ey]$/, '')));
}

/**
 * Which stretch of a long text to show first: where most marks are, within the winning passage if there is one.
 *
 * @param {string} text
 * @param {{start: number, end: number} | null} passage
 * @param {{start: number, end: number}[]} marks
 * @param {number} most characters
 * @returns {{start: number, end: number}} everything, if it is short
 */
export function stretch(text, passage, marks, most) {
  if (text.length <= most * 1.3) {
    return { start: 0, end: text.length };
  }
  const from = passage?.start ?? 0;
  const to = passage?.end ?? text.length;
  let start = from;
  let best = 0;
  for (const mark of marks) {
    const within = marks.filter((each) => each.start >= mark.start && each.end <= mark.start + most - LEAD).length;
    if (within > best) {
      best = within;
      start = mark.start - LEAD;
    }
  }
  start = Math.max(from, Math.min(start, to - most));
  if (start > from) {
    start += text.slice(start, start + 40).search(/\s/) + 1;
  }
  let end = Math.min(to, start + most);
  if (end < to) {
    const back = text.slice(end - 40, end).search(/\s\S*$/);
    end = back < 0 ? end : end - 40 + back;
  }
  return { start, end };
}
