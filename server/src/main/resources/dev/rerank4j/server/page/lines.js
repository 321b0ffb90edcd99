import { svg } from './dom.js';

/** Of an entry, from its top to the middle of its first line. */
const ANCHOR = 24;

/**
 * Draws who went where between the two lists, and again whenever their size changes. The drawing is an ornament: the
 * entries say the same in words.
 *
 * @param {HTMLElement} rankings
 * @returns {() => void} to be called when they are thrown away
 */
export function drawLines(rankings) {
  const canvas = rankings.querySelector('svg.lines');
  if (!(canvas instanceof SVGSVGElement)) {
    return () => {};
  }
  const redraw = () => canvas.replaceChildren(...paths(rankings, canvas));
  const observer = new ResizeObserver(redraw);
  observer.observe(rankings);
  redraw();
  return () => observer.disconnect();
}

/** @param {HTMLElement} rankings @param {SVGSVGElement} canvas @returns {SVGElement[]} */
function paths(rankings, canvas) {
  const box = canvas.getBoundingClientRect();
  if (box.width === 0) {
    return [];
  }
  canvas.setAttribute('viewBox', `0 0 ${box.width} ${box.height}`);
  const top = box.top - rankings.getBoundingClientRect().top;
  const from = anchors(rankings, '.first', top);
  const to = anchors(rankings, '.second', top);
  /** @type {SVGElement[]} */
  const drawn = [];
  for (const [key, target] of to) {
    const source = from.get(key);
    drawn.push(line(key, source?.y ?? box.height, target.y, box.width, target.move, source === undefined));
  }
  for (const [key, source] of from) {
    if (!to.has(key)) {
      drawn.push(line(key, source.y, box.height, box.width, 'down', true));
    }
  }
  // Those that rose lie on top: they are the story.
  const order = ['same', 'down', 'new', 'up'];
  return drawn.sort((a, b) => order.indexOf(a.dataset['move'] ?? '') - order.indexOf(b.dataset['move'] ?? ''));
}

/**
 * Where entries belong, also while they still glide there.
 *
 * @param {HTMLElement} rankings
 * @param {string} list
 * @param {number} top
 */
function anchors(rankings, list, top) {
  /** @type {Map<string, {y: number, move: string}>} */
  const found = new Map();
  for (const entry of rankings.querySelectorAll(`${list} li`)) {
    if (entry instanceof HTMLElement && entry.dataset['key'] !== undefined) {
      found.set(entry.dataset['key'], { y: entry.offsetTop - top + ANCHOR, move: entry.dataset['move'] ?? '' });
    }
  }
  return found;
}

/**
 * @param {string} key
 * @param {number} y1
 * @param {number} y2
 * @param {number} width
 * @param {string} move
 * @param {boolean} half whether one end is not in its list
 */
function line(key, y1, y2, width, move, half) {
  const bend = width * 0.5;
  const path = svg('path', {
    d: `M0 ${y1}C${bend} ${y1} ${width - bend} ${y2} ${width} ${y2}`, class: `${move}${half ? ' half' : ''}`,
  });
  path.dataset['key'] = key;
  path.dataset['move'] = move;
  return path;
}
