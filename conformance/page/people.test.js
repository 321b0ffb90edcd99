import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { answered, example, open, pdf, screenshot, server, settled, texts, useBrowser } from './browser.js';

const URL = server('RERANK4J_URL');
const INDEX_URL = server('RERANK4J_INDEX_URL');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
useBrowser();

/** @param {import('playwright-core').Page} page */
async function violations(page) {
  await settled(page);
  if (!await page.evaluate(() => 'axe' in globalThis)) {
    // By the debugger and not as an element of the page, which its policy forbids.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(AXE, 'utf8'));
  }
  const { violations: found } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run());
  return found.map((/** @type {any} */ each) => `${each.impact}: ${each.help}: ${each.nodes.map((/** @type {any} */ node) => node.target).join(' ')}`);
}

for (const colorScheme of /** @type {('light' | 'dark')[]} */ (['light', 'dark'])) {
  test(`nothing keeps people out, ${colorScheme}`, async (t) => {
    const page = await open(t, INDEX_URL, { colorScheme, reducedMotion: 'reduce' });
    assert.deepEqual(await violations(page), [], 'before anything was asked');
    await page.getByLabel('Query', { exact: true }).fill('when do I have to hand back my laptop');
    await answered(page, () => page.keyboard.press('Enter'));
    assert.deepEqual(await violations(page), [], 'a search');
    await page.getByLabel('pasted documents').check();
    assert.deepEqual(await violations(page), [], 'pasting');
    await example(page);
    assert.deepEqual(await violations(page), [], 'documents');
    await page.getByLabel('Query', { exact: true }).fill('');
    await page.keyboard.press('Enter');
    assert.deepEqual(await violations(page), [], 'an error');
  });
}

test('everything works from the keyboard', async (t) => {
  const page = await open(t, URL);
  await page.locator('body').press('/');
  await page.keyboard.type('colour of the sky');
  assert.equal(await page.getByLabel('Query', { exact: true }).inputValue(), 'colour of the sky', 'the slash itself is not typed');
  const reached = new Set();
  /** @param {string} id */
  const tabTo = async (id) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => document.activeElement?.id ?? '');
      reached.add(at);
      if (at === id) {
        const visible = await page.evaluate(() => {
          const focused = document.activeElement;
          const style = focused === null ? null : getComputedStyle(focused.closest('.file, .segment') ?? focused);
          return style !== null && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        });
        assert.ok(visible, `the focus is seen on ${id}`);
        return;
      }
    }
    assert.fail(`${id} cannot be reached by the Tab key`);
  };
  await tabTo('run');
  await tabTo('format');
  await tabTo('documents');
  await page.keyboard.type('Grass is green.\nThe sky is / blue.\nSnow is white.');
  const { asked } = await answered(page, () => page.keyboard.press('Control+Enter'));
  assert.deepEqual(asked.documents, ['Grass is green.', 'The sky is / blue.', 'Snow is white.']);
  assert.equal((await texts(page, '.second'))[0], 'The sky is / blue.');
  await tabTo('files');
  await tabTo('clear');
  await tabTo('limit');
  await tabTo('depth');
  const less = await answered(page, () => page.keyboard.press('ArrowLeft'));
  assert.equal(less.asked.depth, 2);
  await tabTo('tab-curl');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-python');
  assert.match(await page.locator('#snippet').textContent() ?? '', /^import json/);
  await tabTo('copy');
  await tabTo('snippet');
});

test('a screen reader hears what happened', async (t) => {
  const page = await open(t, URL);
  await example(page);
  assert.match(await page.locator('[role=status]').first().textContent() ?? '', /^10 hits in .* up, .* down/);
  const list = page.getByRole('region', { name: /^Reranked/ }).getByRole('listitem');
  assert.equal(await list.count(), 10);
  const spoken = await page.getByRole('region', { name: /^Reranked/ }).ariaSnapshot();
  assert.match(spoken, /up 7/);
  assert.match(spoken, /probability/);
  assert.deepEqual(await page.getByRole('heading').allTextContents().then((all) => all.slice(0, 2)), ['Find it, then read it twice.', 'Answer']);
});

test('the chosen colours are remembered, and following the system is not forgotten', async (t) => {
  const page = await open(t, URL, { colorScheme: 'light' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Dark colours' }).click();
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await background(), dark);
  assert.equal(await page.getByRole('button', { name: 'Dark colours' }).getAttribute('aria-pressed'), 'true');
  await page.getByRole('button', { name: 'Dark colours' }).click();
  assert.equal(await background(), light);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await background(), dark);
});

test('who wants less motion gets none', async (t) => {
  const page = await open(t, URL, { reducedMotion: 'reduce' });
  await example(page);
  await answered(page, () => page.getByLabel('Depth').fill('5'));
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

test('texts stay out of the address', async (t) => {
  const page = await open(t, URL);
  await example(page);
  assert.equal(page.url(), URL);
});

test('it fits a telephone, and what is wide scrolls by itself', async (t) => {
  const page = await open(t, INDEX_URL, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(await wide(), 360);
  await page.getByLabel('Query', { exact: true }).fill('when do I have to hand back my laptop');
  await answered(page, () => page.keyboard.press('Enter'));
  await page.waitForFunction(() => (document.querySelector('.second li')?.getBoundingClientRect().top ?? Infinity) < innerHeight);
  assert.equal(await wide(), 360);
  const below = await page.evaluate(() => { // both at once: the page may still scroll
    const [second, first] = ['.second', '.first'].map((list) => document.querySelector(list)?.getBoundingClientRect());
    return second !== undefined && first !== undefined && second.bottom <= first.top;
  });
  assert.ok(below, 'the lists stand below each other');
  await screenshot(page, 'narrow-search');
  await page.getByLabel('pasted documents').check();
  await example(page);
  assert.equal(await wide(), 360);
  await screenshot(page, 'narrow');
});

test('screenshots', async (t) => {
  const page = await open(t, INDEX_URL, { reducedMotion: 'reduce' });
  await screenshot(page, 'empty-search');
  await page.getByLabel('Query', { exact: true }).fill('when do I have to hand back my laptop');
  await answered(page, () => page.keyboard.press('Enter'));
  await screenshot(page, 'search');
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot(page, 'search-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByLabel('pasted documents').check();
  await screenshot(page, 'empty');
  await example(page);
  await page.mouse.move(0, 0);
  await screenshot(page, 'light');
  await page.locator('.second li').first().hover();
  await screenshot(page, 'light-pointed-at');
  await page.mouse.move(0, 0);
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot(page, 'dark');
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await screenshot(page, 'print');
  await pdf(page, 'print');
});
