import { address, hasKey } from './api.js';
import { byId, h } from './dom.js';
import { snippets } from './snippets.js';

/** @type {import('./snippets.js').Snippet[]} */
let shownSnippets = [];
let tab = 'curl';

const code = byId('code', HTMLElement);

/** The tabs with the request as code, and the button that copies it. */
export function setUpCode() {
  const tabs = byId('tabs', HTMLElement);
  for (const { id, name } of snippets('', {}, false)) {
    const button = h('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': 'snippet' }, name);
    button.addEventListener('click', () => chooseTab(id));
    tabs.append(button);
  }
  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const ids = shownSnippets.map((each) => each.id);
      const next = ids[(ids.indexOf(tab) + step + ids.length) % ids.length];
      if (next !== undefined) {
        chooseTab(next);
        document.getElementById(`tab-${next}`)?.focus();
      }
    }
  });
  byId('copy', HTMLButtonElement).addEventListener('click', () => void copy());
}

/** @param {string} path @param {object} body */
export function showCode(path, body) {
  const withKey = hasKey();
  shownSnippets = snippets(address(path), body, withKey);
  byId('code-words', HTMLElement).textContent = withKey
    ? 'Exactly what was asked. The key is not in it: set RERANK4J_API_KEY.' : 'Exactly what was asked, to be run elsewhere.';
  code.hidden = false;
  chooseTab(tab);
}

export function hideCode() {
  code.hidden = true;
}

/** @param {string} id */
function chooseTab(id) {
  tab = id;
  for (const button of document.querySelectorAll('[role=tab]')) {
    const chosen = button.id === `tab-${id}`;
    button.setAttribute('aria-selected', String(chosen));
    button.setAttribute('tabindex', chosen ? '0' : '-1');
  }
  const panel = byId('snippet', HTMLElement);
  panel.setAttribute('aria-labelledby', `tab-${id}`);
  panel.replaceChildren(h('code', {}, snippet()));
  byId('copied', HTMLElement).textContent = '';
}

function snippet() {
  return shownSnippets.find((each) => each.id === tab)?.text ?? '';
}

async function copy() {
  const said = byId('copied', HTMLElement);
  try {
    await navigator.clipboard.writeText(snippet());
    said.textContent = 'Copied.';
  } catch {
    // Without TLS, browsers give the clipboard to local pages alone.
    getSelection()?.selectAllChildren(byId('snippet', HTMLElement));
    said.textContent = 'It is selected: press Ctrl+C or ⌘C.';
  }
}
