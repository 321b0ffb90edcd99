const CHOICE = 'rerank4j-theme';

/**
 * The button between light and dark. What is chosen is remembered, unless it is what the system wants anyway: then the page
 * goes on following the system.
 *
 * @param {HTMLButtonElement} button
 */
export function setUpTheme(button) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const dark = () => root.dataset['theme'] === undefined ? system.matches : root.dataset['theme'] === 'dark';
  const show = () => button.setAttribute('aria-pressed', String(dark()));
  button.addEventListener('click', () => {
    const wanted = !dark();
    if (wanted === system.matches) {
      delete root.dataset['theme'];
    } else {
      root.dataset['theme'] = wanted ? 'dark' : 'light';
    }
    remember(root.dataset['theme']);
    show();
  });
  system.addEventListener('change', show);
  show();
}

/** @param {string | undefined} theme */
function remember(theme) {
  try {
    if (theme === undefined) {
      localStorage.removeItem(CHOICE);
    } else {
      localStorage.setItem(CHOICE, theme);
    }
  } catch {
    // Without storage it holds until the page is left.
  }
}
