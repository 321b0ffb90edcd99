import assert from 'node:assert/strict';
import { test } from 'node:test';
import { example, open, server, texts, useBrowser } from './browser.js';

const URL = server('RERANK4J_LOCKED_URL');
const KEY = process.env.RERANK4J_KEY ?? '';
useBrowser();

test('a locked server: the key is asked for, used, kept for the tab alone, and never in the code', async (t) => {
  assert.notEqual(KEY, '');
  const page = await open(t, URL, { refusals: 3 });
  const field = page.getByLabel('Key of this server');
  await field.waitFor();
  assert.ok(await field.evaluate((each) => each === document.activeElement));
  assert.equal(await field.getAttribute('type'), 'password');

  const again = page.waitForResponse((response) => response.status() === 401);
  await field.fill('wrong');
  await page.keyboard.press('Enter');
  await again;
  await page.getByText('not one of this server’s').waitFor();

  const served = page.waitForResponse((response) => response.url().endsWith('/api/indexes') && response.ok());
  await field.fill(KEY);
  await page.getByRole('button', { name: 'Use it' }).click();
  await served;
  await page.locator('#error').waitFor({ state: 'hidden' });
  await example(page);
  assert.equal((await texts(page, '.second')).length, 10);

  for (const tab of ['curl', 'Python', 'Java']) {
    await page.getByRole('tab', { name: tab }).click();
    const code = await page.locator('#snippet').textContent() ?? '';
    assert.ok(code.includes('RERANK4J_API_KEY'));
    assert.ok(!code.includes(KEY));
  }
  assert.ok(!(await page.content()).includes(KEY));
  assert.ok(!page.url().includes(KEY));
  assert.deepEqual(await page.evaluate(() => [Object.keys(sessionStorage), Object.keys(localStorage)]), [['rerank4j-key'], []]);

  await page.reload();
  await example(page);
  assert.equal(await field.isVisible(), false);

  await page.getByRole('button', { name: 'Forget the key' }).click();
  await field.waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
});
