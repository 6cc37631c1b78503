// The reports: a paragraph into the clipboard, the page to the printer. Without the script the text can be marked by hand.
(function () {
  "use strict";

  async function copy(button) {
    const text = document.getElementById(button.dataset.copies).textContent;
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.done;
  }

  document.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copies]");
    if (copier) copy(copier);
    if (event.target.closest("[data-print]")) window.print();
  });
})();
