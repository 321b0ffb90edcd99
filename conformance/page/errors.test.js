import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, example, open, server, texts, useBrowser } from './browser.js';

const URL = server('RERANK4J_URL');
useBrowser();

test('a blank query is refused in a sentence, and the field has the focus', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('Documents', { exact: true }).fill('one\ntwo');
  await page.getByRole('button', { name: 'Rerank' }).click();
  assert.equal(await page.getByRole('alert').textContent(), 'The query is blank: type what the texts should answer.');
  assert.ok(await page.getByLabel('Query', { exact: true }).evaluate((field) => field === document.activeElement));
});

test('without documents, what to do is said', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('Query', { exact: true }).fill('anything');
  await page.keyboard.press('Enter');
  assert.match(await page.getByRole('alert').textContent() ?? '', /paste some, drop files, or try an example/);
});

test('an error of the server is its own sentence and what to do, and goes away', async (t) => {
  const page = await open(t, URL, { refusals: 1 });
  await example(page);
  const refused = page.waitForResponse((response) => response.status() === 400);
  await page.getByLabel('Limit').fill('0');
  const said = (await (await refused).json()).message;
  await page.getByRole('alert').getByText(said).waitFor();
  assert.match(said, /limit/);
  assert.match(await page.getByRole('alert').textContent() ?? '', /Change that and run it again\.$/);
  assert.equal(await page.locator('.rankings').count(), 0, 'no answer stands there that belongs to something else');
  await answered(page, () => page.getByLabel('Limit').fill('5'));
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal((await texts(page, '.second')).length, 5);
});

test('a server that is gone is said to be, and used again when it is back', async (t) => {
  const page = await open(t, URL, { refusals: 1 });
  await example(page);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Rerank' }).click();
  await page.getByRole('alert').getByText('did not answer').waitFor();
  assert.match(await page.getByRole('alert').textContent() ?? '', /rerank serve/);
  await page.context().setOffline(false);
  await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());
  assert.equal((await texts(page, '.second')).length, 10);
});

test('an answer that is cut off at the deadline says so, and keeps the order that was there', async (t) => {
  const page = await open(t, URL, { extraHTTPHeaders: { 'X-Request-Timeout-Ms': '1' } });
  const { asked, answer } = await example(page);
  assert.ok(answer.degraded);
  const said = await page.locator('.degraded').textContent() ?? '';
  assert.match(said, /^Degraded: a stage failed or was cut off\. These hits are real, but better ones may be missing\./);
  assert.ok(said.includes(`rerank failed: ${answer.stages[0].reason}`), said);
  assert.deepEqual(await texts(page, '.second'), asked.documents);
  assert.equal(await page.locator('#status').textContent().then((text) => text?.replace(/in .*:/, 'in T:')), '10 hits in T: 10 unmoved.');
});
