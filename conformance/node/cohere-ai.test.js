import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cohere, CohereClient, CohereClientV2 } from 'cohere-ai';
import { best, contract, documents, is, query, server } from './contract.js';

const once = { maxRetries: 0 };
const v1 = ({ url, key }) => new CohereClient({ token: key, environment: url });
const v2 = ({ url, key }) => new CohereClientV2({ token: key, environment: url });

const refusals = {
  errors: { invalid: is(Cohere.BadRequestError), unauthorized: is(Cohere.UnauthorizedError), overloaded: is(Cohere.TooManyRequestsError) },
  status: (error) => error.statusCode,
  reason: (error) => error.body.message,
  header: (error, name) => error.rawResponse.headers.get(name),
};

contract('CohereClient, v1', {
  // An option that is undefined is sent as null.
  rerank: async (server, { query, documents, limit, returning }) => {
    const { results } = await v1(server).rerank({ query, documents, topN: limit, returnDocuments: returning }, once);
    return results.map(({ index, relevanceScore, document }) => ({ index, score: relevanceScore, document: document?.text }));
  },
  returns: true,
  ...refusals,
});

contract('CohereClientV2', {
  rerank: async (server, { query, documents, limit }) => {
    const { results } = await v2(server).rerank({ model: 'rerank-v3.5', query, documents, topN: limit }, once);
    return results.map(({ index, relevanceScore }) => ({ index, score: relevanceScore }));
  },
  ...refusals,
});

test('CohereClient, v1, ranks objects by the fields that it names', async () => {
  const rows = documents.map((text, i) => ({ text: `Row ${i}`, note: text }));
  const { results } = await v1(server).rerank({ query, documents: rows, rankFields: ['note'] });
  assert.equal(results[0].index, best);
});

test('both CohereClients read what an answer says of itself', async () => {
  const first = await v1(server).rerank({ query, documents });
  const second = await v2(server).rerank({ model: 'rerank-v3.5', query, documents, maxTokensPerDoc: 256, priority: 0 });
  for (const [version, { id, meta }] of [['1', first], ['2', second]]) {
    assert.match(id, /\S/);
    assert.equal(meta.apiVersion.version, version);
    assert.ok(meta.billedUnits.searchUnits >= 1);
  }
});
