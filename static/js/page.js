// What every page does beyond HTML: the key "/" for the search, "?" for the help, sheets, no double sending, focus on errors,
// clearing a page whose session ended.
// Everything works without it, too.
(function () {
  "use strict";

  function isTyping(target) {
    return target.closest("input, select, textarea, [contenteditable]") !== null;
  }

  function openSheet(id) {
    const sheet = document.getElementById(id);
    if (sheet && !sheet.open) sheet.showModal();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    if (opener.matches("a")) event.preventDefault(); // without script the link goes to the sheet at the foot of the page
    openSheet(opener.dataset.opens);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      const box = document.getElementById("search");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "?") {
      openSheet("help");
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.again !== undefined) return; // data-again: a download leaves the page open
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });

  function allowSendingAgain() {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  }
  window.addEventListener("pageshow", allowSendingAgain);
  document.addEventListener("htmx:afterRequest", allowSendingAgain);

  // An open page is cleared when its session has ended because nothing was done, also while the server is away.
  const idle = Number(document.body.dataset.idleSeconds) * 1000;
  if (idle) {
    let last = Date.now();
    const note = () => { last = Date.now(); };
    ["keydown", "pointerdown", "wheel"].forEach((kind) => document.addEventListener(kind, note, { capture: true, passive: true }));
    const clock = setInterval(() => {
      if (document.body.dataset.busy || Date.now() - last < idle) return;
      clearInterval(clock);
      const back = document.body.dataset.back;
      document.body.replaceChildren();
      document.title = "";
      window.location.replace(back);
    }, 5000);
  }

  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
