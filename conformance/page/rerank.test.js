import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, example, open, server, settled, texts, useBrowser } from './browser.js';

const URL = server('RERANK4J_URL');
useBrowser();

test('without an index, documents are pasted and nothing is chosen', async (t) => {
  const page = await open(t, URL);
  await page.getByRole('button', { name: 'Rerank' }).waitFor();
  assert.equal(await page.locator('#sources').isVisible(), false);
  assert.equal(await page.locator('#filter').isVisible(), false);
  assert.match(await page.locator('#models').textContent() ?? '', /rerank4j-minilm-l6-v1 reranks/);
});

test('typed documents come back in a better order, with lines, bars, times and words', async (t) => {
  const page = await open(t, URL);
  await page.getByLabel('Query', { exact: true }).fill('how long does the battery last');
  await page.getByLabel('Documents', { exact: true }).fill('The box is blue.\nOne charge lasts for about eighteen hours.\nIt weighs two kilograms.');
  assert.equal(await page.locator('#understood').textContent(), '3 documents, one a line.');
  const { asked, answer } = await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());

  assert.deepEqual(asked.documents, ['The box is blue.', 'One charge lasts for about eighteen hours.', 'It weighs two kilograms.']);
  assert.deepEqual(await texts(page, '.first'), asked.documents);
  assert.deepEqual(await texts(page, '.second'), answer.hits.map((/** @type {any} */ hit) => hit.text));
  assert.equal((await texts(page, '.second'))[0], 'One charge lasts for about eighteen hours.');
  assert.equal(await page.locator('.second li').first().locator('.move .unseen').textContent(), 'up 1');

  const probability = answer.hits[0].probability;
  assert.equal(await page.locator('.second .probability b').first().textContent(), probability.toFixed(2));
  const gauge = page.locator('.second .gauge').first();
  const outer = await gauge.boundingBox();
  const inner = await gauge.locator('span').boundingBox();
  assert.ok(outer !== null && inner !== null);
  assert.ok(Math.abs(inner.width / outer.width - probability) < 0.02, 'the bar is as long as the number says');

  assert.match(await page.locator('#status').textContent() ?? '', /^3 hits in .*: 2 up, 1 down\.$/);
  assert.match(await page.locator('.stages').textContent() ?? '', /rerank \d.*ms 3 hits/);
});

test('each line leads from where a text stood to where it stands, also after it has moved', async (t) => {
  const page = await open(t, URL);
  await example(page);
  await linesLead(page, 10);
  await answered(page, () => page.getByLabel('Depth').fill('5'));
  await linesLead(page, 10);
  await page.setViewportSize({ width: 900, height: 900 });
  await linesLead(page, 10);
});

/** @param {import('playwright-core').Page} page @param {number} count */
async function linesLead(page, count) {
  await settled(page);
  // Lines are drawn anew in the frame after the one in which the entries got other places.
  for (const end = Date.now() + 5000; Date.now() < end && (await lines(page)).some(({ from, to }) => !from || !to);) {
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  const found = await lines(page);
  assert.equal(found.length, count);
  for (const { move, from, to, rises } of found) {
    assert.ok(from && to, 'both ends are at the entries of one text');
    assert.equal(move === 'up', rises);
  }
}

/** @param {import('playwright-core').Page} page */
function lines(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector('.lines')?.getBoundingClientRect();
    return [...document.querySelectorAll('.lines path')].map((path) => {
      const key = path.getAttribute('data-key');
      const [, y1, y2] = /^M0 ([\d.]+)C.* ([\d.]+)$/.exec(path.getAttribute('d') ?? '') ?? [];
      const inside = (/** @type {string} */ list, /** @type {number} */ y) => {
        const box = document.querySelector(`${list} li[data-key="${key}"]`)?.getBoundingClientRect();
        return box !== undefined && canvas !== undefined && y + canvas.top > box.top && y + canvas.top < box.bottom;
      };
      return { move: path.getAttribute('data-move'), from: inside('.first', Number(y1)), to: inside('.second', Number(y2)), rises: Number(y2) < Number(y1) };
    });
  });
}

test('each example has the answer on top that shares no word with its query', async (t) => {
  const best = [/full refund/, /tell your manager before ten/, /waterproof/];
  const page = await open(t, URL);
  for (const [which, expected] of best.entries()) {
    const { asked } = await example(page, which);
    const top = (await texts(page, '.second'))[0] ?? '';
    assert.match(top, expected);
    const common = new Set(['the', 'to', 'it', 'i', 'a']);
    const words = (/** @type {string} */ text) => text.toLowerCase().match(/\p{L}+/gu) ?? [];
    const query = new Set(words(asked.query).filter((word) => !common.has(word)));
    assert.deepEqual(words(top).filter((word) => query.has(word)), []);
    assert.ok(asked.documents.indexOf(top) > 0, 'it was not on top before');
    // The examples are offered as long as there is no answer.
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.reload();
  }
});

test('turning the depth asks again, and what is not read says so', async (t) => {
  const page = await open(t, URL);
  const before = await example(page);
  assert.equal(before.asked.depth, 10);
  const { asked, answer } = await answered(page, async () => {
    await page.getByLabel('Depth').focus();
    // Several turns in quick succession are one request.
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('ArrowLeft');
    }
  });
  assert.equal(asked.depth, 4);
  assert.equal(await page.locator('#depth-value').textContent(), '4');
  assert.deepEqual(await texts(page, '.second'), answer.hits.map((/** @type {any} */ hit) => hit.text));
  assert.equal(await page.getByText('not read', { exact: true }).count(), 6);
});

test('a turn of the dial ends the request that is under way', async (t) => {
  const page = await open(t, URL);
  await example(page);
  const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/rerank'));
  // Long enough for the model to be busy with.
  await page.getByLabel('Documents', { exact: true }).fill(Array.from({ length: 100 }, (_, at) => `${at} ${'The parcel was sent on Monday. '.repeat(60)}`).join('\n'));
  const started = page.waitForRequest((request) => request.url().endsWith('/api/rerank'));
  await page.getByRole('button', { name: 'Rerank' }).click();
  await started;
  const { asked } = await answered(page, async () => {
    await page.getByLabel('Depth').fill('3');
  });
  assert.equal((await ended).failure()?.errorText, 'net::ERR_ABORTED');
  assert.equal(asked.depth, 3);
});

test('the limit is how many stand there, and what came from below says from where', async (t) => {
  const page = await open(t, URL);
  await example(page);
  const { asked } = await answered(page, () => page.getByLabel('Limit').fill('3'));
  assert.equal(asked.limit, 3);
  assert.equal((await texts(page, '.first')).length, 3);
  assert.equal((await texts(page, '.second')).length, 3);
  assert.equal(await page.locator('.second li').first().locator('.move .unseen').textContent(), 'up 7');
  assert.ok(await page.locator('.lines .half').count() > 0);
});

test('of a long text the winning passage is shown and marked, and the rest on request', async (t) => {
  const page = await open(t, URL);
  const filler = 'The garden is open from May to October, and the benches are painted green every second spring. '.repeat(30);
  const needle = 'A refund of the full price is paid within a week after the ticket was handed back.';
  await page.getByLabel('Query', { exact: true }).fill('how do I get a refund for my ticket');
  await page.getByLabel('Documents', { exact: true }).fill(`${filler}${needle} ${filler}\nThe garden has two ponds.`);
  const { answer } = await answered(page, () => page.keyboard.press('Control+Enter'));
  const hit = answer.hits[0];
  assert.ok(hit.passage.end - hit.passage.start < hit.text.length, 'the server names a piece');
  const entry = page.locator('.second li').first();
  const passage = entry.locator('mark.passage');
  assert.ok((await passage.textContent() ?? '').includes('refund of the full price'), 'what matters is in sight');
  assert.deepEqual(await passage.locator('mark').allTextContents(), ['refund', 'ticket']);
  await entry.getByRole('button', { name: /Show all/ }).click();
  assert.equal(await entry.locator('.text').textContent(), hit.text);
  assert.equal(await passage.textContent(), hit.text.slice(hit.passage.start, hit.passage.end));
  assert.ok((await passage.textContent() ?? '').includes(needle));
  await entry.getByRole('button', { name: 'Show less' }).click();
  assert.ok((await entry.locator('.text').textContent() ?? '').length < 500);
});

test('HTML in documents, titles and queries is text', async (t) => {
  const page = await open(t, URL);
  const evil = '<img src=x onerror="document.title=\'owned\'"><b>bold</b> &amp; <script>document.title="owned"</script>';
  await page.getByLabel('Query', { exact: true }).fill(`<i>${evil}</i>`);
  await page.getByLabel('Documents', { exact: true }).fill(JSON.stringify({ title: evil, text: evil }));
  assert.equal(await page.locator('#understood').textContent(), '1 document, as JSON Lines, with titles.');
  await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());
  assert.deepEqual(await texts(page, '.second'), [evil]);
  assert.deepEqual(await texts(page, '.first'), [evil]);
  assert.equal(await page.locator('.second .title').textContent(), evil);
  assert.equal(await page.locator('main').locator('img, b:text("bold"), i, script').count(), 0);
  assert.equal(await page.title(), 'Rerank4j');
});

test('what was pasted is understood and said', async (t) => {
  const page = await open(t, URL);
  const said = async (/** @type {string} */ text, format = 'auto') => {
    await page.getByLabel('Read as').selectOption(format);
    await page.getByLabel('Documents', { exact: true }).fill(text);
    return page.locator('#understood').textContent();
  };
  assert.equal(await said('one\ntwo'), '2 documents, one a line.');
  assert.equal(await said('one\n\n\ntwo\n \n'), '2 documents, one a line.');
  assert.equal(await said('one\nstill one\n\ntwo'), '2 documents, parted by blank lines.');
  assert.equal(await said('one\nstill one\n\ntwo', 'lines'), '3 documents, one a line.');
  assert.equal(await said('{"text": "one"}\n{"text": "two", "title": "Two", "price": 3}'), '2 documents, as JSON Lines, 1 with a title.');
  assert.equal(await said('["one", {"passage": "two"}]'), '2 documents, as a JSON array.');
  assert.equal(await said('{"text": "one"}\nno'), 'Line 2 is not JSON: each line must be an object with a “text”, such as {"text": "…"}.');
  assert.equal(await said('{"text": "one"}\n{"price": 3}'), 'Line 2 has no “text”: it must be an object such as {"title": "…", "text": "…"}, or a string.');
  assert.equal(await said('{braces} are no JSON'), '1 document, one a line.');
  assert.equal(await said('a\n'.repeat(1001)), 'These are 1,001 documents, and this page takes at most 1,000: paste fewer, or make an index of them.');
  assert.equal(await said('  \n '), '');
});

test('dropped files become documents, and what is no text is refused', async (t) => {
  const page = await open(t, URL);
  const drop = (/** @type {{name: string, bytes: number[]}[]} */ files) => page.evaluate((list) => {
    const data = new DataTransfer();
    list.forEach(({ name, bytes }) => data.items.add(new File([new Uint8Array(bytes)], name)));
    document.querySelector('main')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);
  const bytes = (/** @type {string} */ text) => [...Buffer.from(text)];

  await drop([{ name: 'one.txt', bytes: bytes('first\nsecond') }]);
  await page.getByText('2 documents, one a line.').waitFor();
  await drop([{ name: 'a.md', bytes: bytes('# A\n\nwith “quotes”') }, { name: 'b.jsonl', bytes: bytes('{"text":"x"}\n{"text":"y"}\n') }]);
  await page.getByText('3 documents, as JSON Lines, 1 with a title.').waitFor();
  await drop([{ name: 'b.pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0, 0xff, 0xfe] }]);
  await page.getByText('b.pdf is not a text file in UTF-8').waitFor();
  await page.locator('#files').setInputFiles({ name: 'c.txt', mimeType: 'text/plain', buffer: Buffer.from('only one') });
  await page.getByText('1 document, one a line.').waitFor();
  assert.equal(await page.locator('#error').isVisible(), false);
});
