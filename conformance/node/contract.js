// What a client must see, whichever it is: its own library, unmodified, against a server that conformance/servers started.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, test } from 'node:test';

const setting = (name) => {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; start these tests with conformance/run-node`);
  }
  return value;
};

const open = { url: setting('RERANK4J_URL'), key: 'any' };
const locked = { url: setting('RERANK4J_LOCKED_URL'), key: setting('RERANK4J_KEY') };
const busy = { url: setting('RERANK4J_BUSY_URL'), key: 'any' };

export const server = open;

export const query = 'how many people live in Berlin';
export const documents = [
  'New York City is famous for the Metropolitan Museum of Art.',
  'Sourdough bread rises overnight in a cool kitchen. 🍞',
  'Berlin has a population of 3.7 million registered inhabitants.',
  'Ein Satz auf Deutsch über Fahrräder und Straßenbahnen.',
  'Berlin is well known for its museums and its nightlife.',
];
export const best = 2;

/** Whether an error is of a class of the client's own. */
export const is = (type) => (error) => error instanceof type;

/** Checks that a ranking names each index once, from the highest score to the lowest, all of them probabilities. */
export function assertRanking(ranking, size) {
  assert.equal(ranking.length, size);
  assert.equal(new Set(ranking.map((hit) => hit.index)).size, size);
  for (const [rank, { score }] of ranking.entries()) {
    assert.ok(score >= 0 && score <= 1, `rank ${rank + 1} has the score ${score}`);
    assert.ok(rank === 0 || score <= ranking[rank - 1].score, `rank ${rank + 1} scores above the one before it`);
  }
}

/**
 * What the server itself says of the documents, in its own format: the reference for every client.
 */
async function native() {
  const answer = await fetch(`${open.url}/api/rerank`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, documents }),
  });
  assert.equal(answer.status, 200);
  const { hits } = await answer.json();
  return hits.map(({ index, probability }) => ({ index, score: probability }));
}

/** Keeps the busy server at work on a request whose body is late, until that is done which is to be done meanwhile. */
async function occupied(meanwhile) {
  const late = request(`${busy.url}/v1/rerank`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': 2, Expect: '100-continue' },
  });
  late.flushHeaders();
  const refused = once(late, 'response').then(([answer]) => {
    answer.resume();
    throw new Error(`the busy server answered ${answer.statusCode} before it was sent anything`);
  });
  await Promise.race([once(late, 'continue'), refused]);
  try {
    await meanwhile();
  } finally {
    late.end('{}');
    await refused.catch(() => {});
  }
}

/**
 * Declares the tests that all clients have in common.
 *
 * `rerank(server, {query, documents, limit?, returning?})` asks the client once, without retries, and promises
 * `[{index, score, document?}]` in the order that the client has them; with `returning` it has the server send the documents
 * back, where the client can ask for that (`returns`). `errors` says of each refusal whether an error is the client's own
 * for it; `status`, `reason` and `header` read what the client kept of the answer. `empty: 'answered'` if the client answers
 * an empty list by itself.
 */
export function contract(name, { rerank, returns = false, empty = 'sent', errors, status, reason, header }) {
  const refusal = (kind, wanted) => (error) => {
    assert.ok(errors[kind](error), `${error.name} is not what the client has for it: ${error.message}`);
    assert.equal(status(error), wanted);
    assert.match(reason(error), /\S/);
    return true;
  };

  describe(name, () => {
    test('has the best first, with the scores that the server itself gives', async () => {
      const ranking = await rerank(open, { query, documents });
      assertRanking(ranking, documents.length);
      assert.equal(ranking[0].index, best);
      const reference = await native();
      assert.deepEqual(ranking.map((hit) => hit.index), reference.map((hit) => hit.index));
      for (const [rank, { score }] of ranking.entries()) {
        assert.ok(Math.abs(score - reference[rank].score) < 1e-4, `${score} instead of ${reference[rank].score}`);
      }
    });

    test('gets as many as it asks for', async () => {
      const ranking = await rerank(open, { query, documents, limit: 2 });
      assertRanking(ranking, 2);
      assert.equal(ranking[0].index, best);
    });

    test('gets all if it asks for more than there are', async () => {
      assertRanking(await rerank(open, { query, documents, limit: 50 }), documents.length);
    });

    if (returns) {
      test('gets the documents back as they were sent, if it asks for them', async () => {
        for (const { index, document } of await rerank(open, { query, documents, returning: true })) {
          assert.equal(document, documents[index]);
        }
        for (const { document } of await rerank(open, { query, documents, returning: false })) {
          assert.ok(document === undefined || document === null, 'a document came back unasked');
        }
      });
    }

    test('finds the one that answers among 1,200', async () => {
      const many = Array.from({ length: 1200 }, (_, i) => `Box ${i}: screws.`);
      many[777] = documents[best];
      const ranking = await rerank(open, { query, documents: many, limit: many.length });
      assertRanking(ranking, many.length);
      assert.equal(ranking[0].index, 777);
    });

    if (empty === 'answered') {
      test('answers an empty list by itself', async () => {
        assert.deepEqual(await rerank(open, { query, documents: [] }), []);
      });
    } else {
      test('is told that an empty list is a mistake', async () => {
        await assert.rejects(rerank(open, { query, documents: [] }), refusal('invalid', 400));
      });
    }

    test('is told that a blank query is a mistake', async () => {
      await assert.rejects(rerank(open, { query: ' ', documents }), refusal('invalid', 400));
    });

    test('is told that the server is busy, and when to come back', async () => {
      await occupied(() => assert.rejects(rerank(busy, { query, documents }), (error) => {
        refusal('overloaded', 429)(error);
        assert.match(header(error, 'retry-after'), /^[1-9]\d*$/);
        return true;
      }));
      assertRanking(await rerank(busy, { query, documents }), documents.length);
    });

    test('is let in with the right key alone', async () => {
      await assert.rejects(rerank({ ...locked, key: 'wrong' }, { query, documents }), refusal('unauthorized', 401));
      assertRanking(await rerank(locked, { query, documents }), documents.length);
    });
  });
}
