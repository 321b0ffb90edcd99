// Read before the first paint, so that a remembered choice does not flash; hence no module.
(() => {
  try {
    const chosen = localStorage.getItem('rerank4j-theme');
    if (chosen === 'light' || chosen === 'dark') {
      document.documentElement.dataset.theme = chosen;
    }
  } catch {
    // Storage may be forbidden; the page then follows the system.
  }
})();
