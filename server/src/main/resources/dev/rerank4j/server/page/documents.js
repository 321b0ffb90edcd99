import { counted } from './dom.js';

/** What the page takes; the server may take more. */
export const MOST_DOCUMENTS = 1000;
export const MOST_CHARACTERS = 4_000_000;

/**
 * @typedef {string | {title: string, text: string}} Doc
 * @typedef {'auto' | 'lines' | 'blocks' | 'jsonl'} Format
 * @typedef {{documents: Doc[], understood: string, problem: string | null}} Parsed
 */

/** Names under which others keep the text of a document, the first that is there counts. */
const TEXT_KEYS = ['text', 'passage', 'document', 'content', 'contents', 'body'];

/**
 * Reads what was pasted. Never throws: what cannot be read is the {@code problem}, one sentence.
 *
 * @param {string} pasted
 * @param {Format} format
 * @returns {Parsed}
 */
export function parseDocuments(pasted, format) {
  const text = pasted.replace(/\r\n?/g, '\n');
  if (text.trim() === '') {
    return { documents: [], understood: '', problem: null };
  }
  if (text.length > MOST_CHARACTERS) {
    return wrong(`These are ${text.length.toLocaleString('en')} characters, and this page takes at most ${MOST_CHARACTERS.toLocaleString('en')}: paste fewer documents, or make an index of them.`);
  }
  const parsed = read(text, format);
  if (parsed.problem === null && parsed.documents.length > MOST_DOCUMENTS) {
    return wrong(`These are ${counted(parsed.documents.length, 'document')}, and this page takes at most ${MOST_DOCUMENTS.toLocaleString('en')}: paste fewer, or make an index of them.`);
  }
  return parsed;
}

/** @param {string} text @param {Format} format @returns {Parsed} */
function read(text, format) {
  switch (format) {
    case 'lines':
      return lines(text);
    case 'blocks':
      return blocks(text);
    case 'jsonl':
      return json(text);
    default:
      if (looksLikeJson(text)) {
        return json(text);
      }
      // A blank line means something only where it parts what has several lines.
      return text.trim().split(/\n[^\S\n]*\n/).some((block) => block.trim().includes('\n')) && /\n[^\S\n]*\n/.test(text.trim())
        ? blocks(text) : lines(text);
  }
}

/** @param {string} text @returns {Parsed} */
function lines(text) {
  const documents = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return { documents, understood: `${counted(documents.length, 'document')}, one a line.`, problem: null };
}

/** @param {string} text @returns {Parsed} */
function blocks(text) {
  const documents = text.split(/\n(?:[^\S\n]*\n)+/).map((block) => block.trim()).filter((block) => block !== '');
  return { documents, understood: `${counted(documents.length, 'document')}, parted by blank lines.`, problem: null };
}

/** @param {string} text */
function looksLikeJson(text) {
  const start = text.trimStart();
  if (start.startsWith('[')) {
    return Array.isArray(attempt(text));
  }
  return start.startsWith('{') && (attempt(start.split('\n', 1)[0] ?? '') ?? attempt(text)) !== undefined;
}

/** @param {string} text @returns {unknown} undefined if it is not JSON */
function attempt(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * JSON Lines; also an array, or one object on several lines, as they are often pasted.
 *
 * @param {string} text
 * @returns {Parsed}
 */
function json(text) {
  const whole = attempt(text);
  const array = Array.isArray(whole);
  /** @type {{value: unknown, where: string}[]} */
  const values = [];
  if (array) {
    whole.forEach((value, at) => values.push({ value, where: `Entry ${at + 1}` }));
  } else if (whole !== undefined) {
    values.push({ value: whole, where: 'It' });
  } else {
    for (const [at, line] of text.split('\n').entries()) {
      if (line.trim() !== '') {
        const value = attempt(line);
        if (value === undefined) {
          return wrong(`Line ${at + 1} is not JSON: each line must be an object with a “text”, such as {"text": "…"}.`);
        }
        values.push({ value, where: `Line ${at + 1}` });
      }
    }
  }
  /** @type {Doc[]} */
  const documents = [];
  let titles = 0;
  for (const { value, where } of values) {
    const doc = asDocument(value);
    if (doc === null) {
      return wrong(`${where} has no “text”: it must be an object such as {"title": "…", "text": "…"}, or a string.`);
    }
    titles += typeof doc === 'string' ? 0 : 1;
    documents.push(doc);
  }
  const titled = titles === 0 ? '' : titles === documents.length ? ', with titles' : `, ${titles.toLocaleString('en')} with a title`;
  return { documents, understood: `${counted(documents.length, 'document')}, as ${array ? 'a JSON array' : 'JSON Lines'}${titled}.`, problem: null };
}

/** @param {unknown} value @returns {Doc | null} */
function asDocument(value) {
  if (typeof value === 'string') {
    return value;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const fields = /** @type {Record<string, unknown>} */ (value);
  const text = TEXT_KEYS.map((name) => fields[name]).find((each) => typeof each === 'string');
  if (typeof text !== 'string') {
    return null;
  }
  const title = fields['title'];
  return typeof title === 'string' && title.trim() !== '' ? { title, text } : text;
}

/** @param {string} problem @returns {Parsed} */
function wrong(problem) {
  return { documents: [], understood: '', problem };
}

/**
 * What goes into the text field for dropped files: one file as it is, of several each a document with the file's name as
 * its title.
 *
 * @param {File[]} files
 * @returns {Promise<string>}
 * @throws {Error} with one sentence, if one is no text or they are too large
 */
export async function readFiles(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > MOST_CHARACTERS) {
    throw new Error(`These files have ${size.toLocaleString('en')} bytes, and this page takes at most ${MOST_CHARACTERS.toLocaleString('en')} characters: drop fewer, or make an index of them with “rerank index”.`);
  }
  const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await readText(file) })));
  const only = texts[0];
  if (texts.length === 1 && only !== undefined) {
    return only.text;
  }
  return texts.flatMap(({ name, text }) => /\.(jsonl|ndjson)$/i.test(name)
    ? text.split(/\r?\n/).filter((line) => line.trim() !== '')
    : text.trim() === '' ? [] : [JSON.stringify({ title: name, text })]).join('\n');
}

/** @param {File} file */
async function readText(file) {
  /** @type {string | undefined} */
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    text = undefined;
  }
  if (text === undefined || text.includes('\0')) {
    throw new Error(`${file.name} is not a text file in UTF-8: drop .txt, .md, .csv or .jsonl here; “rerank index” reads PDF and office files.`);
  }
  return text;
}
