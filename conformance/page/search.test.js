import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, open, server, useBrowser } from './browser.js';

const URL = server('RERANK4J_INDEX_URL');
useBrowser();

test('an index is searched, and the first stage stands beside', async (t) => {
  const page = await open(t, URL);
  assert.ok(await page.getByLabel(/^handbook/).isChecked());
  await page.getByLabel('Query', { exact: true }).fill('when do I have to hand back my laptop');
  const { asked, answer } = await answered(page, () => page.getByRole('button', { name: 'Search' }).click());
  assert.deepEqual(asked, { query: 'when do I have to hand back my laptop', index: 'handbook', limit: 10, depth: 50, explain: true });
  const keys = (/** @type {string} */ list) => page.locator(`${list} li`).evaluateAll((all) => all.map((each) => each.getAttribute('data-key')));
  assert.deepEqual(await keys('.first'), answer.first_stage.map((/** @type {any} */ hit) => hit.id));
  assert.deepEqual(await keys('.second'), answer.hits.map((/** @type {any} */ hit) => hit.id));
  assert.match(await page.locator('.second li').first().textContent() ?? '', /equipment\.md/);
  assert.match(await page.locator('.second li').first().locator('mark').first().textContent() ?? '', /hand|back|laptop/i);
  for (const stage of ['BM25', 'vectors', 'fusion', 'rerank']) {
    assert.match(await page.locator('.stages').textContent() ?? '', new RegExp(`${stage} \\d`));
  }
});

test('what moved into sight from below the limit says from where', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('Query', { exact: true }).fill('who pays for my train ticket');
  await page.getByLabel('Limit').fill('2');
  const { answer } = await answered(page, () => page.keyboard.press('Control+Enter'));
  for (const [at, hit] of answer.hits.entries()) {
    const was = answer.first_stage.find((/** @type {any} */ each) => each.id === hit.id)?.rank
      ?? hit.evidence.find((/** @type {any} */ each) => each.stage === 'fusion').rank;
    const words = was === hit.rank ? 'unmoved' : was > hit.rank ? `up ${was - hit.rank}` : `down ${hit.rank - was}`;
    assert.equal(await page.locator('.second li').nth(at).locator('.move .unseen').textContent(), words);
  }
});

test('a filter lets through what it says', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('Query', { exact: true }).fill('travel');
  await page.getByLabel('Filter').fill('format=csv');
  const one = await answered(page, () => page.getByLabel('Filter').press('Enter'));
  assert.equal(one.asked.filter, 'format=csv');
  assert.ok(one.answer.hits.length > 0);
  assert.ok(one.answer.hits.every((/** @type {any} */ hit) => hit.metadata.format === 'csv'));
  await page.getByLabel('Filter').fill('format!=csv, format!=md');
  const two = await answered(page, () => page.getByLabel('Filter').press('Enter'));
  assert.deepEqual(two.asked.filter, ['format!=csv', 'format!=md']);
  assert.ok(two.answer.hits.every((/** @type {any} */ hit) => !['csv', 'md'].includes(hit.metadata.format)));
  await page.getByLabel('Filter').fill('{"or": [{"field": "format", "equal": "pdf"}]}');
  const three = await answered(page, () => page.getByLabel('Filter').press('Enter'));
  assert.ok(three.answer.hits.every((/** @type {any} */ hit) => hit.metadata.format === 'pdf'));
});

test('no hits are said, not shown as nothing', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('Query', { exact: true }).fill('travel');
  await page.getByLabel('Filter').fill('format=nothing');
  await answered(page, () => page.getByLabel('Filter').press('Enter'));
  assert.equal(await page.locator('#status').textContent(), 'No hits.');
  assert.ok(await page.getByText('Nothing was found.').isVisible());
});

test('another index is chosen, and the stages that do not know its language are said to be skipped', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel(/^german/).check();
  await page.getByLabel('Query', { exact: true }).fill('Wann wird der Müll abgeholt?');
  const { asked, answer } = await answered(page, () => page.keyboard.press('Control+Enter'));
  assert.equal(asked.index, 'german');
  const skipped = answer.stages.filter((/** @type {any} */ stage) => stage.outcome === 'skipped');
  assert.ok(skipped.length > 0);
  const said = await page.locator('.remark').textContent() ?? '';
  assert.match(said, /that is no failure/);
  for (const stage of skipped) {
    assert.ok(said.includes(`was skipped: ${stage.reason}`), said);
  }
  assert.match(await page.locator('.second li').first().textContent() ?? '', /Tonnen.*not read/);
});

test('pasted documents can be reranked beside an index', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('pasted documents').check();
  await page.getByLabel('Query', { exact: true }).fill('colour of the sky');
  await page.getByLabel('Documents', { exact: true }).fill('Grass is green.\nThe sky is blue.');
  const { asked } = await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());
  assert.deepEqual(Object.keys(asked), ['query', 'documents', 'limit', 'depth']);
});
