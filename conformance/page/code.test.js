import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual, promisify } from 'node:util';
import { answered, open, server, useBrowser } from './browser.js';

const execute = promisify(execFile);
useBrowser();

/** All that shells, Python and Java read as something else. */
const NASTY = [
  'single \' and double " and three """ and \'\'\' quotes',
  'a backslash \\ and one before u: \\u0041 \\n \\\\ and at the end \\',
  '$HOME ${HOME} $(echo no) `echo no` !! %s {} #{x} ~ * ?',
  'JSON',
  'Zürich, naïve café, 東京, العربية, 🙂 and a family 👩‍👩‍👧',
  'line one\nline two\n\n\tline four after a tab',
  'unseen: \u200b\u2028\u202e\u0007\u007f\ufeff end',
  '</script><b>&amp;',
];

/** @param {import('playwright-core').Page} page @param {string} name */
async function code(page, name) {
  await page.getByRole('tab', { name }).click();
  return await page.locator('#snippet').textContent() ?? '';
}

/** @param {import('node:test').TestContext} t @param {Record<string, string>} sources */
async function run(t, sources) {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  t.after(() => rm(folder, { recursive: true }));
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const commands = { curl: ['sh', 'request.sh'], Python: ['python3', 'request.py'], Java: [java, 'Rerank.java'] };
  const env = { ...process.env, LC_ALL: 'C.UTF-8', RERANK4J_API_KEY: process.env.RERANK4J_KEY ?? '' };
  /** @type {Record<string, any>} */
  const answers = {};
  for (const [name, [command, file]] of Object.entries(commands)) {
    if (name in sources) {
      await writeFile(join(folder, file ?? ''), sources[name] ?? '');
      const { stdout } = await execute(command ?? '', [file ?? ''], { cwd: folder, env, maxBuffer: 1 << 28 });
      answers[name] = JSON.parse(stdout);
    }
  }
  return answers;
}

/** What an answer says, without how long it took. @param {any} answer */
function said({ query, hits }) {
  return { query, hits };
}

test('curl, Python and Java ask exactly what the page asked, whatever the texts', async (t) => {
  const page = await open(t, server('RERANK4J_URL'));
  await page.getByLabel('Query', { exact: true }).fill('what is it with "quotes", $HOME and \\ in Zürich');
  await page.getByLabel('Documents', { exact: true }).fill(NASTY.map((text) => JSON.stringify({ title: text.slice(0, 9), text })).join('\n'));
  const { asked, answer } = await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());
  assert.deepEqual(asked.documents.map((/** @type {any} */ each) => each.text), NASTY);

  const answers = await run(t, { curl: await code(page, 'curl'), Python: await code(page, 'Python'), Java: await code(page, 'Java') });
  for (const [name, theirs] of Object.entries(answers)) {
    assert.deepEqual(said(theirs), said(answer), name);
  }
});

test('the code of a search with a filter, and with a key', async (t) => {
  const page = await open(t, server('RERANK4J_INDEX_URL'));
  await page.getByLabel('Query', { exact: true }).fill('how much is a night in a hotel?');
  await page.getByLabel('Filter').fill('format!=pdf');
  const { answer } = await answered(page, () => page.getByRole('button', { name: 'Search' }).click());
  const answers = await run(t, { curl: await code(page, 'curl'), Python: await code(page, 'Python') });
  assert.deepEqual(said(answers['curl']), said(answer));
  assert.deepEqual(said(answers['Python']), said(answer));
});

test('the code reads the key from the environment', async (t) => {
  const page = await open(t, server('RERANK4J_LOCKED_URL'), { refusals: 1 });
  await page.getByLabel('Key of this server').fill(process.env.RERANK4J_KEY ?? '');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.locator('#error').waitFor({ state: 'hidden' });
  await page.getByLabel('Query', { exact: true }).fill('colour of the sky');
  await page.getByLabel('Documents', { exact: true }).fill('Grass is green.\nThe sky is blue.');
  const { answer } = await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());
  const answers = await run(t, { curl: await code(page, 'curl'), Python: await code(page, 'Python'), Java: await code(page, 'Java') });
  for (const [name, theirs] of Object.entries(answers)) {
    assert.deepEqual(said(theirs), said(answer), name);
  }
});

test('texts larger than an argument of a command and a constant of Java may be', async (t) => {
  const url = server('RERANK4J_URL');
  const page = await open(t, url);
  // The model reads the first alone. Wherever a text is cut into constants, it must not be within one of these characters.
  const documents = ['short', '🙂'.repeat(40_000), `x${'🙂'.repeat(40_000)}`, '\\"\n'.repeat(20_000)];
  const body = { query: 'which one', documents, limit: 10, depth: 1 };
  const made = await page.evaluate(async ([endpoint, request]) => {
    const module = await import(new URL('page/snippets.js', document.baseURI).href);
    return module.snippets(endpoint, request, false);
  }, /** @type {const} */ ([`${url}api/rerank`, body]));
  const [curl, , java] = made.map((/** @type {any} */ each) => each.text);
  for (const [name, theirs] of Object.entries(await run(t, { curl, Java: java }))) {
    const texts = theirs.hits.map((/** @type {any} */ hit) => hit.text);
    // Without a list of what differs, which would be as long as they are.
    assert.ok(isDeepStrictEqual(texts, documents), name);
  }
});

test('the button copies what is shown', async (t) => {
  const page = await open(t, server('RERANK4J_URL'), { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByLabel('Query', { exact: true }).fill('sky');
  await page.getByLabel('Documents', { exact: true }).fill('blue\ngreen');
  await answered(page, () => page.getByRole('button', { name: 'Rerank' }).click());
  const python = await code(page, 'Python');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), python);
});
