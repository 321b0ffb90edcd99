import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VoyageAIClient, VoyageAIError } from 'voyageai';
import { contract, documents, is, query, server } from './contract.js';

const client = ({ url, key }) => new VoyageAIClient({ apiKey: key, baseUrl: `${url}/v1` });

contract('VoyageAIClient', {
  rerank: async (server, { query, documents, limit, returning }) => {
    const request = { model: 'rerank-2.5', query, documents, topK: limit, returnDocuments: returning };
    const { data } = await client(server).rerank(request, { maxRetries: 0 });
    return data.map(({ index, relevanceScore, document }) => ({ index, score: relevanceScore, document }));
  },
  returns: true,
  errors: { invalid: is(VoyageAIError), unauthorized: is(VoyageAIError), overloaded: is(VoyageAIError) },
  status: (error) => error.statusCode,
  reason: (error) => error.body.detail,
  header: (error, name) => error.rawResponse.headers.get(name),
});

test('VoyageAIClient reads what an answer says of itself', async () => {
  const answer = await client(server).rerank({ model: 'rerank-2.5', query, documents, truncation: true });
  assert.equal(answer.object, 'list');
  assert.match(answer.model, /\S/);
  assert.ok(answer.usage.totalTokens > documents.length);
});
