/**
 * What the page shows, whichever request it came from.
 *
 * @typedef {'up' | 'down' | 'same' | 'new'} Move
 * @typedef {{key: string, rank: number, title: string, text: string, read: boolean}} FirstRow
 * @typedef {{key: string, rank: number, was: number | null, move: Move, title: string, text: string,
 *   passage: {start: number, end: number} | null, marks: {start: number, end: number}[], probability: number | null,
 *   place: string, notes: string[]}} Row
 * @typedef {{query: string, degraded: boolean, firstTitle: string, first: FirstRow[], rows: Row[],
 *   stages: import('./api.js').Stage[]}} Answer
 */

import { wordsIn, wordMarks } from './words.js';

/** @type {Record<string, string>} */
const STAGES = { bm25: 'BM25', vector: 'vectors', fusion: 'fusion', 'cross-encoder': 'cross-encoder', neighbours: 'neighbours', rerank: 'rerank', input: 'as pasted' };

/** Those of a cascade have numbers. @param {string} name */
export function stageName(name) {
  const [, stage, place] = /^(.+)-(\d+)$/.exec(name) ?? [];
  return stage === undefined ? STAGES[name] ?? name : `${STAGES[stage] ?? stage} ${place}`;
}

/**
 * Of pasted documents: the first stage is their order.
 *
 * @param {import('./api.js').RerankAnswer} answer
 * @param {import('./documents.js').Doc[]} documents
 * @param {number} limit
 * @returns {Answer}
 */
export function ofRerank(answer, documents, limit) {
  const unread = new Set(answer.hits.filter((hit) => hit.probability === null).map((hit) => hit.index));
  const words = wordsIn(answer.query);
  return {
    query: answer.query,
    degraded: answer.degraded,
    firstTitle: 'As pasted',
    first: documents.slice(0, limit).map((doc, at) => ({
      key: String(at), rank: at + 1, title: typeof doc === 'string' ? '' : doc.title, text: typeof doc === 'string' ? doc : doc.text,
      read: !unread.has(at),
    })),
    rows: answer.hits.map((hit) => {
      const passage = piece(hit);
      return {
        key: String(hit.index),
        rank: hit.rank,
        was: hit.index + 1,
        move: moved(hit.rank, hit.index + 1),
        title: hit.title,
        text: hit.text,
        passage,
        // Of a text that is read as a whole, the words that count are not those of the query.
        marks: passage === null ? [] : wordMarks(hit.text, words, passage),
        probability: hit.probability,
        place: '',
        notes: hit.cut ? ['a part of it was cut: too long for the model'] : [],
      };
    }),
    stages: answer.stages,
  };
}

/** The winning piece, unless it is as good as everything. @param {import('./api.js').RerankHit} hit */
function piece({ passage, text }) {
  return passage.end > passage.start && passage.end - passage.start < text.trim().length * 0.95 ? passage : null;
}

/**
 * @param {import('./api.js').SearchAnswer} answer
 * @returns {Answer}
 */
export function ofSearch(answer) {
  const first = answer.first_stage ?? [];
  const ranks = new Map(first.map((hit) => [hit.id, hit.rank]));
  const unread = new Set(answer.hits.filter((hit) => hit.probability === null).map((hit) => hit.id));
  const words = wordsIn(answer.query);
  return {
    query: answer.query,
    degraded: answer.degraded,
    firstTitle: 'First stage',
    first: first.map((hit) => ({ key: hit.id, rank: hit.rank, title: title(hit), text: hit.text, read: !unread.has(hit.id) })),
    rows: answer.hits.map((hit) => {
      const was = ranks.get(hit.id) ?? rankBeforeReranking(hit.evidence);
      return {
        key: hit.id,
        rank: hit.rank,
        was,
        move: moved(hit.rank, was),
        title: title(hit),
        text: hit.text,
        passage: null,
        marks: wordMarks(hit.text, words),
        probability: hit.probability,
        place: place(hit),
        notes: earlierRanks(hit.evidence),
      };
    }),
    stages: answer.stages,
  };
}

/** @param {number} rank @param {number | null} was @returns {Move} */
function moved(rank, was) {
  return was === null ? 'new' : was > rank ? 'up' : was < rank ? 'down' : 'same';
}

/**
 * Where it stood in the first stage, also beyond the limit: the fusion says so, or the only retriever.
 *
 * @param {import('./api.js').Evidence[]} evidence
 */
function rankBeforeReranking(evidence) {
  const fusion = evidence.find((each) => each.stage === 'fusion');
  const retrievers = evidence.filter((each) => each.stage === 'bm25' || each.stage === 'vector');
  return fusion?.rank ?? (retrievers.length === 1 ? retrievers[0]?.rank : undefined) ?? null;
}

/** Where the stages before the last one put it. @param {import('./api.js').Evidence[]} evidence */
function earlierRanks(evidence) {
  const said = evidence.filter((each) => each.stage !== 'rerank').map((each) => `${stageName(each.stage)} ${each.rank}`);
  return said.length === 0 ? [] : [`ranks: ${said.join(', ')}`];
}

/** @param {import('./api.js').SearchHit} hit */
function title(hit) {
  return [hit.title, ...hit.location.headings.filter((heading) => heading !== hit.title)].filter((each) => each !== '').join(' › ');
}

/** @param {import('./api.js').SearchHit} hit */
function place(hit) {
  const { file, page } = hit.location;
  return `${file === '' ? hit.document : file}${page === null ? '' : `, page ${page}`}`;
}

/** How it moved, for those who cannot see the lines. @param {Row} row */
export function moveInWords({ move, was, rank }) {
  switch (move) {
    case 'up':
      return `up ${(was ?? 0) - rank}`;
    case 'down':
      return `down ${rank - (was ?? 0)}`;
    case 'same':
      return 'unmoved';
    default:
      return 'new';
  }
}
