import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCohere } from '@ai-sdk/cohere';
import { APICallError, rerank } from 'ai';
import { best, contract, documents, query, server } from './contract.js';

const model = ({ url, key }) => createCohere({ apiKey: key, baseURL: `${url}/v2` }).reranking('rerank-v3.5');

contract('rerank() of the Vercel AI SDK', {
  rerank: async (server, { query, documents, limit }) => {
    const { ranking } = await rerank({ model: model(server), query, documents, topN: limit, maxRetries: 0 });
    return ranking.map(({ originalIndex, score }) => ({ index: originalIndex, score }));
  },
  empty: 'answered',
  // Several copies of the class are installed; this is how the library has users tell it.
  errors: { invalid: APICallError.isInstance, unauthorized: APICallError.isInstance, overloaded: APICallError.isInstance },
  status: (error) => error.statusCode,
  reason: (error) => error.data.message,
  header: (error, name) => error.responseHeaders[name],
});

test('rerank() of the Vercel AI SDK ranks objects, and gives them back itself', async () => {
  // Its note that objects are sent as JSON is of no use here.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const rows = documents.map((text, row) => ({ row, text }));
  const providerOptions = { cohere: { maxTokensPerDoc: 256, priority: 0 } };
  const { rerankedDocuments, response } = await rerank({ model: model(server), query, documents: rows, providerOptions });
  assert.equal(rerankedDocuments[0], rows[best]);
  assert.match(response.id, /\S/);
});
