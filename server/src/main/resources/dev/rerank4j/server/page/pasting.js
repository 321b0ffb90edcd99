import { byId, counted } from './dom.js';
import { MOST_CHARACTERS, MOST_DOCUMENTS, parseDocuments, readFiles } from './documents.js';

const documents = byId('documents', HTMLTextAreaElement);
const format = byId('format', HTMLSelectElement);

/** What the text field holds. @type {import('./documents.js').Parsed} */
let parsed = parseDocuments('', 'auto');
/** @type {() => void} */
let changed = () => {};

/** What was pasted, as it is understood. */
export function pasted() {
  return parsed;
}

/**
 * The field that documents are pasted into, and the page that files are dropped on.
 *
 * @param {() => void} onChange called when there are other documents
 * @param {() => void} onFiles called when files were taken, before their documents are there
 * @param {(problem: string) => void} onProblem called if files cannot be taken
 */
export function setUpPasting(onChange, onFiles, onProblem) {
  changed = onChange;
  const takeFiles = async (/** @type {File[]} */ files) => {
    if (files.length > 0) {
      try {
        const text = await readFiles(files);
        onFiles();
        setDocuments(text);
      } catch (error) {
        onProblem(error instanceof Error ? error.message : String(error));
      }
    }
  };
  byId('most-documents', HTMLElement).textContent = counted(MOST_DOCUMENTS, 'document');
  byId('most-characters', HTMLElement).textContent = `${MOST_CHARACTERS / 1e6} million`;
  documents.addEventListener('input', understand);
  format.addEventListener('change', understand);
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    setDocuments('');
    documents.focus();
  });
  const picker = byId('files', HTMLInputElement);
  picker.addEventListener('change', () => {
    void takeFiles([...picker.files ?? []]);
    picker.value = '';
  });
  const drop = byId('drop', HTMLElement);
  const withFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (withFiles(event)) {
      event.preventDefault();
      drop.classList.add('over');
    }
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) {
      drop.classList.remove('over');
    }
  });
  document.addEventListener('drop', (event) => {
    drop.classList.remove('over');
    if (withFiles(event)) {
      event.preventDefault();
      void takeFiles([...event.dataTransfer?.files ?? []]);
    }
  });
}

/** @param {string} text */
export function setDocuments(text) {
  format.value = 'auto';
  documents.value = text;
  understand();
}

function understand() {
  parsed = parseDocuments(documents.value, /** @type {import('./documents.js').Format} */ (format.value));
  const words = byId('understood', HTMLElement);
  const said = parsed.problem ?? parsed.understood;
  if (words.textContent !== said) {
    // Only what is new is read out.
    words.textContent = said;
  }
  words.classList.toggle('wrong', parsed.problem !== null);
  documents.setAttribute('aria-invalid', String(parsed.problem !== null));
  byId('clear', HTMLElement).hidden = documents.value === '';
  changed();
}
