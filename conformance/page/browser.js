import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** What the tests of a file share: a browser, and what it takes to watch it. */

const SCREENSHOTS = fileURLToPath(new URL('../target/screenshots/', import.meta.url));

/** @param {string} name */
export function server(name) {
  const url = process.env[name];
  assert.ok(url, `${name} must name a server; conformance/run-page starts them`);
  return url.replace(/\/*$/, '/');
}

/** @type {import('playwright-core').Browser} */
let browser;

export function useBrowser() {
  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
  });
  after(() => browser.close());
}

/**
 * Opens the page and waits until it knows what the server has. At the end of the test the page must have complained of
 * nothing and asked nobody but its server.
 *
 * @param {import('node:test').TestContext} t
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions & {refusals?: number}} [options] refusals: how many answers may be
 *   errors, which a browser writes to its console of itself
 */
export async function open(t, url, { refusals = 0, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  /** @type {string[]} */
  const strangers = [];
  let refused = 0;
  page.on('console', (message) => {
    if (/^Failed to load resource: (the server responded with a status of 4|net::ERR_INTERNET_DISCONNECTED)/.test(message.text())) {
      refused += 1;
    } else if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) {
      strangers.push(request.url());
    }
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], 'the page complained');
    assert.deepEqual(strangers, [], 'the page asked others than its server');
    assert.equal(refused, refusals, 'answers that were errors');
  });
  const served = page.waitForResponse((response) => response.url().endsWith('/api/indexes'));
  await page.goto(url);
  await served;
  return page;
}

/**
 * Does something and waits for the answer that it leads to and for the page to show it.
 *
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<unknown>} action
 * @returns {Promise<{asked: any, answer: any}>}
 */
export async function answered(page, action) {
  const responding = page.waitForResponse((response) => /\/api\/(rerank|search)$/.test(response.url()) && response.ok());
  await action();
  const response = await responding;
  await page.locator('#result:not([aria-busy]) .rankings').waitFor();
  return { asked: response.request().postDataJSON(), answer: await response.json() };
}

/** @param {import('playwright-core').Page} page @param {string} name */
export async function screenshot(page, name) {
  await settled(page);
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true });
}

/** @param {import('playwright-core').Page} page @param {string} name */
export async function pdf(page, name) {
  await page.pdf({ path: `${SCREENSHOTS}${name}.pdf`, preferCSSPageSize: true });
}

/** Waits for the end of everything that moves. @param {import('playwright-core').Page} page */
export async function settled(page) {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)));
}

/** The texts of a list, in the order in which they stand. @param {import('playwright-core').Page} page @param {string} list */
export function texts(page, list) {
  return page.locator(`${list} li .text`).allTextContents();
}

/** What the example's button fills in. @param {import('playwright-core').Page} page @param {number} [which] */
export function example(page, which = 0) {
  return answered(page, () => page.locator('.example').nth(which).click());
}
