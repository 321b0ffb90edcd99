import { moveInWords, stageName } from './answer.js';
import { counted, duration, h, shortened } from './dom.js';
import { drawLines } from './lines.js';
import { stretch } from './words.js';

/** How much of a long text is shown at first, in characters. */
const SHOWN = 220;

/**
 * Shows an answer. Entries that were there before glide to their new places.
 *
 * @param {HTMLElement} target
 * @param {import('./answer.js').Answer} answer
 * @param {number} elapsed milliseconds until the page had it
 */
export function showAnswer(target, answer, elapsed) {
  const before = tops(target);
  dispose(target);
  const rankings = lists(answer);
  target.replaceChildren(...remarks(answer), times(answer, elapsed), rankings, ...explanation(answer));
  disposers.set(target, drawLines(rankings));
  light(rankings);
  glide(rankings, before);
}

/** @type {WeakMap<HTMLElement, () => void>} */
const disposers = new WeakMap();

/** @param {HTMLElement} target */
function dispose(target) {
  disposers.get(target)?.();
  disposers.delete(target);
}

/** The answer in a sentence. @param {import('./answer.js').Answer} answer @param {number} elapsed */
export function summary(answer, elapsed) {
  if (answer.rows.length === 0) {
    return 'No hits.';
  }
  const count = (/** @type {string} */ move) => answer.rows.filter((row) => row.move === move).length;
  const moves = [[count('up'), 'up'], [count('down'), 'down'], [count('same'), 'unmoved'], [count('new'), 'new']]
    .filter(([many]) => many !== 0).map(([many, word]) => `${many} ${word}`).join(', ');
  return `${counted(answer.rows.length, 'hit')} in ${duration(elapsed)}: ${moves}.`;
}

/** What went wrong on the way, and what was not asked. @param {import('./answer.js').Answer} answer */
function remarks({ degraded, stages }) {
  const said = stages.filter((stage) => stage.outcome !== 'completed').map((stage) =>
    h('li', {}, h('strong', {}, stageName(stage.name)), ` ${stage.outcome === 'skipped' ? 'was skipped' : 'failed'}${stage.reason === undefined ? '.' : `: ${stage.reason}.`.replace(/\.\.$/, '.')}`));
  if (!degraded && said.length === 0) {
    return [];
  }
  return [h('div', { class: degraded ? 'panel degraded' : 'panel remark' },
    h('p', {}, degraded
      ? 'Degraded: a stage failed or was cut off. These hits are real, but better ones may be missing.'
      : 'Not every stage applied; that is no failure.'),
    h('ul', {}, ...said))];
}

/** @type {Record<string, string>} */
const COLOURS = { bm25: 'c0', vector: 'c1', fusion: 'c2', rerank: 'c3', 'rerank-1': 'c3' };

/** @param {import('./answer.js').Answer} answer @param {number} elapsed */
function times({ stages }, elapsed) {
  const spent = stages.filter((stage) => stage.outcome !== 'skipped');
  const bar = h('div', { class: 'bar-of-stages', 'aria-hidden': 'true' });
  const list = h('ul', { class: 'stages' });
  for (const stage of spent) {
    const colour = COLOURS[stage.name] ?? 'c4';
    const part = h('span', { class: colour });
    part.style.flexGrow = String(Math.max(stage.millis, 0.01));
    bar.append(part);
    list.append(h('li', { class: stage.outcome },
      h('span', { class: `swatch ${colour}`, 'aria-hidden': 'true' }),
      `${stageName(stage.name)} `, h('b', {}, duration(stage.millis)),
      h('span', { class: 'muted' }, stage.candidates === null ? ' failed' : ` ${counted(stage.candidates, 'hit')}`)));
  }
  const total = spent.reduce((sum, stage) => sum + stage.millis, 0);
  list.append(h('li', { class: 'total' }, 'stages ', h('b', {}, duration(total)),
    h('span', { class: 'muted' }, ` of ${duration(elapsed)} until this page had the answer`)));
  return h('div', { class: 'times' }, h('h3', { class: 'unseen' }, 'Time of each stage'), bar, list);
}

/** Why a hit may stand above one that is more probable. @param {import('./answer.js').Answer} answer */
function explanation({ rows }) {
  const falling = rows.every((row, at) => at === 0 || (row.probability ?? 0) <= (rows[at - 1]?.probability ?? 0));
  return falling ? [] : [h('p', { class: 'hint' },
    'The probability is what the model says of a text by itself; the order also weighs what BM25 and vectors say.')];
}

/** @param {import('./answer.js').Answer} answer */
function lists(answer) {
  const count = Math.max(answer.first.length, answer.rows.length, 1);
  const second = h('section', { class: 'second', 'aria-labelledby': 'second-title' },
    h('h3', { id: 'second-title' }, 'Reranked', h('span', { class: 'muted' }, ' for '), h('q', {}, answer.query)),
    answer.rows.length === 0 ? h('p', { class: 'muted none' }, 'Nothing was found. Other words, or a filter that lets more through, may help.')
      : h('ol', { role: 'list' }, ...answer.rows.map(entry)));
  const first = h('section', { class: 'first', 'aria-labelledby': 'first-title' },
    h('h3', { id: 'first-title' }, answer.firstTitle),
    h('ol', { role: 'list' }, ...answer.first.map(firstEntry)));
  const lines = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  lines.setAttribute('class', 'lines');
  lines.setAttribute('aria-hidden', 'true');
  const rankings = h('div', { class: 'rankings' }, second, lines, first);
  rankings.style.setProperty('--rows', String(count));
  return rankings;
}

/** @param {import('./answer.js').FirstRow} row */
function firstEntry(row) {
  return h('li', { 'data-key': row.key, class: row.read ? null : 'unread' },
    h('span', { class: 'rank' }, String(row.rank)),
    h('div', { class: 'what' },
      row.title === '' ? null : h('p', { class: 'title' }, row.title),
      h('p', { class: 'text' }, shortened(row.text.replace(/\s+/g, ' ').trim(), 200))));
}

/** @type {Record<import('./answer.js').Move, string>} */
const ARROWS = { up: '↑', down: '↓', same: '=', new: '' };

/** @param {import('./answer.js').Row} row */
function entry(row) {
  const words = moveInWords(row);
  const sign = row.move === 'new' ? 'new' : row.move === 'same' ? ARROWS.same : `${ARROWS[row.move]}\u2009${Math.abs((row.was ?? 0) - row.rank)}`;
  const { paragraph, more } = text(row);
  const small = [...(more === null ? [] : [more]), ...[row.place, ...row.notes].filter((each) => each !== '').map((each) => h('span', {}, each))];
  return h('li', { 'data-key': row.key, 'data-move': row.move },
    h('span', { class: 'rank' }, String(row.rank)),
    h('div', { class: 'what' },
      row.title === '' ? null : h('p', { class: 'title' }, row.title),
      paragraph,
      small.length === 0 ? null : h('p', { class: 'small' }, ...small)),
    h('div', { class: 'says' },
      probability(row.probability),
      h('p', { class: `move ${row.move}`, title: row.was === null ? 'not among the first' : `was ${row.was}` },
        h('span', { 'aria-hidden': 'true' }, sign), h('span', { class: 'unseen' }, words))));
}

/** @param {number | null} value */
function probability(value) {
  if (value === null) {
    return h('p', { class: 'probability unread' }, 'not read');
  }
  const bar = h('span', { class: 'gauge', 'aria-hidden': 'true' }, h('span', {}));
  const filled = bar.firstElementChild;
  if (filled instanceof HTMLElement) {
    filled.style.width = `${Math.max(0, Math.min(1, value)) * 100}%`;
  }
  return h('p', { class: 'probability' }, h('span', { class: 'unseen' }, 'probability '), h('b', {}, value.toFixed(2)), bar);
}

/**
 * The text, of a long one first the stretch that matters.
 *
 * @param {import('./answer.js').Row} row
 * @returns {{paragraph: HTMLElement, more: HTMLElement | null}}
 */
function text(row) {
  const paragraph = h('p', { class: 'text' });
  const shown = stretch(row.text, row.passage, row.marks, SHOWN);
  const whole = { start: 0, end: row.text.length };
  if (shown.start === 0 && shown.end === whole.end) {
    paragraph.append(...marked(row, whole));
    return { paragraph, more: null };
  }
  const more = h('button', { type: 'button', class: 'plain more', 'aria-expanded': 'false' });
  const fill = (/** @type {boolean} */ open) => {
    paragraph.replaceChildren(...(open ? marked(row, whole)
      : [shown.start > 0 ? '… ' : '', ...marked(row, shown), shown.end < whole.end ? ' …' : '']));
    more.setAttribute('aria-expanded', String(open));
    more.textContent = open ? 'Show less' : `Show all ${row.text.length.toLocaleString('en')} characters`;
  };
  more.addEventListener('click', () => fill(more.getAttribute('aria-expanded') !== 'true'));
  fill(false);
  return { paragraph, more };
}

/**
 * A stretch of a text with its marks, the winning passage around those within it.
 *
 * @param {import('./answer.js').Row} row
 * @param {{start: number, end: number}} shown
 * @returns {Node[]}
 */
function marked({ text: whole, passage, marks }, shown) {
  if (passage === null) {
    return withMarks(whole, shown, marks);
  }
  const start = Math.max(passage.start, shown.start);
  const end = Math.min(passage.end, shown.end);
  return [
    document.createTextNode(whole.slice(shown.start, start)),
    h('mark', { class: 'passage' }, ...withMarks(whole, { start, end }, marks)),
    document.createTextNode(whole.slice(end, shown.end)),
  ];
}

/**
 * @param {string} whole
 * @param {{start: number, end: number}} shown
 * @param {{start: number, end: number}[]} marks in order, without overlap
 * @returns {Node[]}
 */
function withMarks(whole, shown, marks) {
  /** @type {Node[]} */
  const nodes = [];
  let at = shown.start;
  for (const mark of marks) {
    if (mark.start >= at && mark.end <= shown.end) {
      nodes.push(document.createTextNode(whole.slice(at, mark.start)), h('mark', {}, whole.slice(mark.start, mark.end)));
      at = mark.end;
    }
  }
  nodes.push(document.createTextNode(whole.slice(at, shown.end)));
  return nodes;
}

/** Shows which entries belong together. @param {HTMLElement} rankings */
function light(rankings) {
  /** @type {string | null} */
  let lit = null;
  const turn = (/** @type {Event} */ event) => {
    const at = event.type === 'pointerleave' || event.type === 'focusout' ? null : event.target;
    const key = at instanceof Element ? at.closest('[data-key]')?.getAttribute('data-key') ?? null : null;
    if (key !== lit) {
      lit = key;
      rankings.classList.toggle('lighting', key !== null);
      for (const each of rankings.querySelectorAll('[data-key]')) {
        each.classList.toggle('lit', each.getAttribute('data-key') === key);
      }
    }
  };
  for (const type of ['pointerover', 'pointerleave', 'focusin', 'focusout']) {
    rankings.addEventListener(type, turn);
  }
}

/** @param {HTMLElement} target @returns {Map<string, number>} */
function tops(target) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const each of target.querySelectorAll('.second li')) {
    if (each instanceof HTMLElement) {
      found.set(`${each.dataset['key']} ${each.querySelector('.text')?.textContent}`, each.offsetTop);
    }
  }
  return found;
}

/** @param {HTMLElement} rankings @param {Map<string, number>} before */
function glide(rankings, before) {
  if (before.size === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) {
    return;
  }
  for (const each of rankings.querySelectorAll('.second li')) {
    if (each instanceof HTMLElement) {
      const top = before.get(`${each.dataset['key']} ${each.querySelector('.text')?.textContent}`);
      if (top === undefined) {
        each.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 260, easing: 'ease-out' });
      } else if (top !== each.offsetTop) {
        each.animate([{ transform: `translateY(${top - each.offsetTop}px)` }, { transform: 'none' }], { duration: 320, easing: 'cubic-bezier(.2, .7, .2, 1)' });
      }
    }
  }
}
