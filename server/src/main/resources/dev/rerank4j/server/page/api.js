/**
 * @typedef {{stage: string, rank: number, score: number}} Evidence
 * @typedef {{name: string, outcome: 'completed' | 'failed' | 'skipped', millis: number, candidates: number | null, reason?: string}} Stage
 * @typedef {{name: string, documents: number | null, passages: number, language: string, writable: boolean}} Index
 * @typedef {{name: string, kind: string, max_tokens?: number, dimension?: number}} Model
 * @typedef {{indexes: Index[], models: Model[]}} Served
 *
 * @typedef {{file: string, headings: string[], page: number | null, start: number, end: number}} Location
 * @typedef {{rank: number, id: string, document: string, score: number, probability: number | null, title: string,
 *   text: string, location: Location, evidence: Evidence[]}} SearchHit
 * @typedef {{query: string, degraded: boolean, hits: SearchHit[], stages: Stage[], first_stage?: SearchHit[]}} SearchAnswer
 *
 * @typedef {{rank: number, index: number, id: string, score: number | null, probability: number | null, title: string,
 *   text: string, passage: {start: number, end: number}, tokens: number, cut: boolean, evidence?: Evidence[]}} RerankHit
 * @typedef {{query: string, model: string, degraded: boolean, hits: RerankHit[], stages: Stage[],
 *   usage: {tokens: number, cut: number}}} RerankAnswer
 */

const KEY = 'rerank4j-key';

/** The key, while this tab is open and its storage can be used. */
let key = read();

function read() {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function hasKey() {
  return key !== '';
}

/** @param {string} value empty forgets it */
export function useKey(value) {
  key = value;
  try {
    if (value === '') {
      sessionStorage.removeItem(KEY);
    } else {
      sessionStorage.setItem(KEY, value);
    }
  } catch {
    // Without storage it holds until the page is left.
  }
}

/** @param {string} path without a slash in front: the page may be served below a prefix */
export function address(path) {
  return new URL(path, document.baseURI).href;
}

export class ApiError extends Error {
  /**
   * @param {string} kind
   * @param {string} message
   * @param {number} status
   * @param {string | null} requestId
   * @param {string | null} retryAfter
   */
  constructor(kind, message, status, requestId, retryAfter) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** What to do about it, in one sentence. */
  get advice() {
    switch (this.kind) {
      case 'unauthorized':
        return hasKey() ? 'The key is not one of this server’s; enter another one below.' : 'Enter the key of this server below.';
      case 'forbidden':
        return 'Ask whoever runs this server to allow it.';
      case 'not_found':
      case 'method_not_allowed':
        return 'Reload this page: the server may have been started anew with other settings.';
      case 'too_large':
        return 'Send fewer or shorter documents.';
      case 'overloaded':
        return this.retryAfter === null ? 'Wait a moment and run it again.' : `Wait ${this.retryAfter} s and run it again.`;
      case 'timeout':
        return 'Lower the depth, or run it again when the server has less to do.';
      case 'unreachable':
        return 'Look whether it still runs, and start it with “rerank serve”.';
      case 'unavailable':
      case 'model':
      case 'internal':
        return 'The server’s log says more; run it again later.';
      default:
        return 'Change that and run it again.';
    }
  }
}

/**
 * Asks the server.
 *
 * @param {string} path
 * @param {object | null} body null for GET
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 * @throws {ApiError} for every answer that is none, and if there is none at all
 */
export async function ask(path, body, signal) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (body !== null) {
    headers['Content-Type'] = 'application/json';
  }
  if (hasKey()) {
    headers['Authorization'] = `Bearer ${key}`;
  }
  let response;
  let text;
  try {
    response = await fetch(address(path), {
      method: body === null ? 'GET' : 'POST', headers, body: body === null ? null : JSON.stringify(body), signal: signal ?? null,
      cache: 'no-store',
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new ApiError('unreachable', `The server at ${address('.')} did not answer.`, 0, null, null);
  }
  /** @type {any} */
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    // A proxy in front of the server may answer with a page of its own.
  }
  if (!response.ok || value === null || typeof value !== 'object') {
    throw new ApiError(
      typeof value?.kind === 'string' ? value.kind : response.status === 401 ? 'unauthorized' : 'internal',
      typeof value?.message === 'string' ? value.message : `The server answered ${response.status} ${response.statusText}`.trimEnd() + ', without a reason.',
      response.status, response.headers.get('X-Request-Id'), response.headers.get('Retry-After'));
  }
  return value;
}
