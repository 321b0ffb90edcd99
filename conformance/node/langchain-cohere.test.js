import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { CohereRerank } from '@langchain/cohere';
import { Document } from '@langchain/core/documents';
import { best, contract, documents, is, query, server } from './contract.js';

// It takes no address, but a client that has one; of the version that it brings, whose error classes are others.
const { Cohere, CohereClient } = createRequire(import.meta.resolve('@langchain/cohere'))('cohere-ai');

const reranker = ({ url, key }, topN) =>
  new CohereRerank({ client: new CohereClient({ token: key, environment: url, maxRetries: 0 }), model: 'rerank-v3.5', topN });

contract('CohereRerank of LangChain', {
  rerank: async (server, { query, documents, limit = documents.length }) => {
    const ranking = await reranker(server, limit).rerank(documents, query);
    return ranking.map(({ index, relevanceScore }) => ({ index, score: relevanceScore }));
  },
  errors: { invalid: is(Cohere.BadRequestError), unauthorized: is(Cohere.UnauthorizedError), overloaded: is(Cohere.TooManyRequestsError) },
  status: (error) => error.statusCode,
  reason: (error) => error.body.message,
  header: (error, name) => error.rawResponse.headers.get(name),
});

test('CohereRerank of LangChain keeps the three best of a retriever, with their metadata', async () => {
  const found = documents.map((pageContent, row) => new Document({ pageContent, metadata: { row } }));
  const kept = await reranker(server).compressDocuments(found, query);
  assert.equal(kept.length, 3);
  assert.equal(kept[0].metadata.row, best);
  assert.equal(kept[0].pageContent, documents[best]);
  assert.ok(kept[0].metadata.relevanceScore > kept[2].metadata.relevanceScore);
  assert.deepEqual(await reranker(server).compressDocuments([], query), []);
});
