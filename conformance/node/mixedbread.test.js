import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthenticationError, BadRequestError, Mixedbread, RateLimitError } from '@mixedbread/sdk';
import { best, contract, documents, is, query, server } from './contract.js';

const client = ({ url, key }) => new Mixedbread({ apiKey: key, baseURL: url, maxRetries: 0 });

contract('Mixedbread', {
  rerank: async (server, { query, documents, limit, returning }) => {
    const { data } = await client(server).rerank({ query, input: documents, top_k: limit, return_input: returning });
    return data.map(({ index, score, input }) => ({ index, score, document: input }));
  },
  returns: true,
  errors: { invalid: is(BadRequestError), unauthorized: is(AuthenticationError), overloaded: is(RateLimitError) },
  status: (error) => error.status,
  reason: (error) => error.error.message,
  header: (error, name) => error.headers.get(name),
});

test('Mixedbread reads what an answer says of itself', async () => {
  const answer = await client(server).rerank({ query, input: documents, top_k: 3, return_input: true });
  assert.equal(answer.object, 'list');
  assert.match(answer.model, /\S/);
  assert.equal(answer.top_k, 3);
  assert.equal(answer.return_input, true);
  assert.ok(answer.usage.prompt_tokens > documents.length);
  assert.ok(answer.usage.total_tokens >= answer.usage.prompt_tokens);
  assert.deepEqual(answer.data.map((hit) => hit.object), Array(3).fill('rank_result'));
});

test('Mixedbread ranks objects by the fields that it names', async () => {
  const rows = documents.map((text, i) => ({ name: `Row ${i}`, note: text }));
  const answer = await client(server).rerank({ query, input: rows, rank_fields: ['note'], return_input: true });
  assert.equal(answer.data[0].index, best);
  assert.deepEqual(answer.data[0].input, rows[best]);
});
