import { ApiError, ask, hasKey, useKey } from './api.js';
import { ofRerank, ofSearch } from './answer.js';
import { hideCode, showCode, setUpCode } from './code.js';
import { byId, counted, h } from './dom.js';
import { EXAMPLES } from './example.js';
import { pasted, setDocuments, setUpPasting } from './pasting.js';
import { showAnswer, summary } from './results.js';
import { setUpTheme } from './toggle.js';

/** The pause after the last turn of a dial until it is asked anew. */
const PAUSE = 180;

/** As far as the depth of a search can be turned here. */
const DEEPEST = 200;

const form = byId('form', HTMLFormElement);
const query = byId('query', HTMLInputElement);
const documents = byId('documents', HTMLTextAreaElement);
const filter = byId('filter', HTMLInputElement);
const depth = byId('depth', HTMLInputElement);
const limit = byId('limit', HTMLInputElement);
const runButton = byId('run', HTMLButtonElement);
const status = byId('status', HTMLElement);
const errorPanel = byId('error', HTMLElement);
const result = byId('result', HTMLElement);
const empty = byId('empty', HTMLElement);
const controls = byId('controls', HTMLElement);
const keyPanel = byId('key-panel', HTMLElement);
const keyField = byId('key', HTMLInputElement);

/** @type {import('./api.js').Index[]} */
let indexes = [];
/** The index that is searched; null for pasted documents. @type {string | null} */
let source = null;
/** Whether somebody has turned the dial; until then it follows the documents. */
let depthChosen = false;
/** The request that is under way. @type {AbortController | null} */
let running = null;
/** Whether something was asked, which is asked anew when a dial is turned. */
let asking = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;
/** What to do when the key is there. @type {() => void} */
let again = () => {};

start();

function start() {
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    byId('run-key', HTMLElement).textContent = '⌘';
  }
  setUpTheme(byId('theme', HTMLButtonElement));
  setUpExamples();
  setUpPasting(fitDials, () => {
    hideError();
    if (source !== null) {
      chooseSource(null);
    }
  }, (problem) => showError(problem, ''));
  setUpDials();
  setUpKey();
  setUpKeyboard();
  setUpCode();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run();
  });
  chooseSource(null);
  void loadServed();
}

/** What the server has; without indexes there is only pasting. */
async function loadServed() {
  try {
    /** @type {import('./api.js').Served} */
    const served = await ask('api/indexes', null);
    hideError();
    indexes = served.indexes;
    showSources();
    showModels(served.models);
  } catch (error) {
    failed(error, () => void loadServed());
  }
}

/** @param {import('./api.js').Model[]} models */
function showModels(models) {
  const named = models.map((model) => `${model.name} ${model.kind === 'encoder' ? 'finds' : 'reranks'}`);
  byId('models', HTMLElement).textContent = named.length === 0 ? '' : `${named.join(', ')}.`;
}

function showSources() {
  const choices = byId('source-choices', HTMLElement);
  byId('sources', HTMLElement).hidden = indexes.length === 0;
  const options = [
    ...indexes.map((index) => ({ value: index.name, words: index.name, facts: size(index), index: true })),
    { value: '', words: 'pasted documents', facts: '', index: false },
  ];
  choices.replaceChildren(...options.map(({ value, words, facts, index }, at) => {
    const radio = h('input', { type: 'radio', name: 'source', id: `source-${at}`, value });
    radio.addEventListener('change', () => chooseSource(index ? value : null));
    return h('span', { class: 'segment' }, radio,
      h('label', { for: `source-${at}` }, words, facts === '' ? null : h('span', { class: 'muted' }, ` ${facts}`)));
  }));
  const wanted = documents.value === '' && running === null ? indexes[0]?.name ?? null : source;
  if (wanted === source) {
    checkSource(); // what is under way goes on
  } else {
    chooseSource(wanted);
  }
}

function checkSource() {
  for (const radio of document.querySelectorAll('input[name=source]')) {
    if (radio instanceof HTMLInputElement) {
      radio.checked = radio.value === (source ?? '');
    }
  }
}

/** A key that sees a part of an index is not told how many documents others have. @param {import('./api.js').Index} index */
function size({ documents: all, passages }) {
  return all === null ? counted(passages, 'passage') : counted(all, 'document');
}

/** @param {string | null} name */
function chooseSource(name) {
  source = name;
  const index = indexes.find((each) => each.name === name);
  checkSource();
  byId('pasted', HTMLElement).hidden = name !== null;
  byId('indexed', HTMLElement).hidden = name === null;
  byId('index-facts', HTMLElement).textContent = index === undefined ? ''
    : [counted(index.passages, 'passage'), ...(index.language === '' ? [] : [`language ${index.language}`])].join(', ');
  runButton.textContent = name === null ? 'Rerank' : 'Search';
  depthChosen = false;
  forget();
  fitDials();
  showEmpty();
}

function showEmpty() {
  byId('empty-title', HTMLElement).textContent = source === null ? 'Nothing reranked yet' : 'Nothing searched yet';
  byId('empty-words', HTMLElement).textContent = source === null
    ? 'Type a query and paste some texts. They will stand on the left as they came and on the right as they answer the query, with lines for what moved.'
    : 'Type a query. What BM25 and vectors find will stand on the left, the order after reranking on the right, with lines for what moved.';
}

function setUpExamples() {
  byId('examples', HTMLElement).append(
    ...EXAMPLES.map((example, at) => {
      const button = h('button', { type: 'button', class: at === 0 ? 'example first-example' : 'example' },
        at === 0 ? 'Try an example' : h('q', {}, example.query), at === 0 ? h('q', {}, example.query) : null);
      button.addEventListener('click', () => {
        chooseSource(null);
        query.value = example.query;
        setDocuments(example.documents.join('\n'));
        void run();
      });
      return button;
    }));
}

/* Dials */

function setUpDials() {
  depth.addEventListener('input', () => {
    depthChosen = true;
    fitDials();
    soon();
  });
  limit.addEventListener('input', () => {
    fitDials();
    soon();
  });
}

/** Brings the dials to what is possible: of pasted documents no more than there are, of a search no less than the limit. */
function fitDials() {
  const wanted = Number(depth.value);
  const hits = Math.max(1, Math.trunc(wantedHits()));
  const most = source === null ? Math.max(1, pasted().documents.length) : Math.max(DEEPEST, hits);
  depth.min = String(source === null ? 1 : Math.min(hits, most));
  depth.max = String(most);
  depth.value = String(depthChosen ? wanted : source === null ? most : Math.max(50, hits));
  controls.hidden = source === null && pasted().documents.length === 0;
  depth.disabled = source === null && pasted().documents.length < 2;
  byId('depth-value', HTMLOutputElement).textContent = depth.disabled ? '–' : depth.value;
}

/** Asks anew, if something was asked, as soon as the dials are at rest. */
function soon() {
  clearTimeout(pause);
  if (asking) {
    running?.abort();
    pause = setTimeout(() => void run(false), PAUSE);
  }
}

/* Asking */

/** What would be asked now. @returns {{path: string, body: object}} @throws {Refusal} */
function request() {
  if (query.value.trim() === '') {
    throw new Refusal('The query is blank: type what the texts should answer.', query);
  }
  const common = { query: query.value };
  const numbers = { limit: wantedHits(), depth: Number(depth.value) };
  if (source === null) {
    const { documents: texts, problem } = pasted();
    if (problem !== null) {
      throw new Refusal(problem, documents);
    }
    if (texts.length === 0) {
      throw new Refusal('There are no documents: paste some, drop files, or try an example.', documents);
    }
    return { path: 'api/rerank', body: { ...common, documents: texts, ...numbers } };
  }
  const filters = filter.value.trim();
  return {
    path: 'api/search',
    body: { ...common, index: source, ...numbers, ...(filters === '' ? {} : { filter: readFilter(filters) }), explain: true },
  };
}

/** What no number is, is the default. */
function wantedHits() {
  return limit.value === '' ? 10 : Number(limit.value);
}

/** The API's own JSON, or comparisons with commas between them. @param {string} text @returns {unknown} */
function readFilter(text) {
  if (text.startsWith('{') || text.startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      throw new Refusal('The filter starts like JSON but is none: write it as language=en, or as the API takes it.', filter);
    }
  }
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  return parts.length === 1 ? parts[0] : parts;
}

/** What the page itself will not ask. */
class Refusal extends Error {
  /** @param {string} message @param {HTMLElement} field */
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

/** @param {boolean} [reveal] whether to bring the answer into sight */
async function run(reveal = true) {
  clearTimeout(pause);
  running?.abort();
  const mine = new AbortController();
  running = mine;
  try {
    const { path, body } = request();
    const asked = { documents: pasted().documents, limit: wantedHits() };
    result.setAttribute('aria-busy', 'true');
    const begin = performance.now();
    const value = await ask(path, body, mine.signal);
    const elapsed = performance.now() - begin;
    if (mine.signal.aborted) {
      return;
    }
    hideError();
    empty.hidden = true;
    result.hidden = false;
    const answer = path === 'api/rerank' ? ofRerank(value, asked.documents, asked.limit) : ofSearch(value);
    showAnswer(result, answer, elapsed);
    status.textContent = summary(answer, elapsed);
    asking = true;
    showCode(path, body);
    if (reveal) {
      bringIntoSight(byId('answer', HTMLElement));
    }
  } catch (error) {
    if (!mine.signal.aborted) {
      failed(error, () => void run());
    }
  } finally {
    if (running === mine) {
      running = null;
      result.removeAttribute('aria-busy');
    }
  }
}

/** Scrolls only if little of it can be seen. @param {HTMLElement} part */
function bringIntoSight(part) {
  if (part.getBoundingClientRect().top > innerHeight * 0.7) {
    part.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  }
}

/** @param {unknown} error @param {() => void} retry */
function failed(error, retry) {
  if (error instanceof Refusal) {
    showError(error.message, '');
    error.field.focus();
    return;
  }
  if (!(error instanceof ApiError)) {
    showError('The server answered something that this page does not understand.', 'Reload the page; a proxy may also have changed the answer.');
    throw error;
  }
  clear();
  showError(error.message, [error.advice, error.status >= 500 && error.requestId !== null ? `The request was ${error.requestId}.` : ''].join(' ').trim());
  if (error.status === 401) {
    again = retry;
    keyPanel.hidden = false;
    keyField.focus();
  }
}

/** @param {string} message @param {string} advice */
function showError(message, advice) {
  errorPanel.replaceChildren(h('p', { class: 'message' }, message), ...(advice === '' ? [] : [h('p', {}, advice)]));
  errorPanel.hidden = false;
}

function hideError() {
  errorPanel.hidden = true;
  errorPanel.replaceChildren();
  keyPanel.hidden = true;
}

/** Takes the answer away, so that none stands there that belongs to something else. */
function clear() {
  result.hidden = true;
  result.replaceChildren();
  status.textContent = '';
  hideCode();
}

/** Starts anew: as if nothing had been asked. */
function forget() {
  clearTimeout(pause);
  running?.abort();
  asking = false;
  clear();
  empty.hidden = false;
}

/* Key */

function setUpKey() {
  const forgetButton = byId('key-forget', HTMLButtonElement);
  forgetButton.hidden = !hasKey();
  const use = () => {
    if (keyField.value.trim() !== '') {
      useKey(keyField.value.trim());
      keyField.value = '';
      forgetButton.hidden = false;
      hideError();
      again();
    }
  };
  byId('key-use', HTMLButtonElement).addEventListener('click', use);
  keyField.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      use();
    }
  });
  forgetButton.addEventListener('click', () => {
    useKey('');
    location.reload();
  });
}

/* Keyboard */

function setUpKeyboard() {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void run();
    } else if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !writing(event.target)) {
      event.preventDefault();
      query.focus();
      query.select();
    }
  });
}

/** @param {EventTarget | null} target */
function writing(target) {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
    || (target instanceof HTMLInputElement && !['radio', 'range', 'file'].includes(target.type));
}
