// Long lists and what is decided one by one, by keyboard; everything works without it, too.
// A list is a table[data-keys], or a div[data-keys] of pairs to be decided: j k move, Enter opens, x selects a row, X the page. Any other key is one of a button, link or
// summary that names it by data-key; "?" lists them. The place and the selection in a list are kept while the window is open:
// ids only, nothing of a person, and nothing once somebody has signed out.
(function () {
  "use strict";

  let isSent = false; // what was selected is done with once it was sent
  const signedIn = document.body.dataset.idleSeconds !== undefined;
  if (!signedIn) sessionStorage.clear();

  const rows = () => [...document.querySelectorAll("table[data-keys] > tbody > tr, div[data-keys] > [data-row]")];
  const markOf = (row) => (row.matches("tr") ? "aria-selected" : "aria-current");
  const here = () => rows().find((row) => row.getAttribute(markOf(row)) === "true");
  const boxOf = (row) => row?.querySelector("input[type=checkbox][name]");
  const boxes = () => rows().map(boxOf).filter(Boolean);
  const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]") !== null;

  function stand(row, { focus }) {
    here()?.removeAttribute(markOf(row));
    row.setAttribute(markOf(row), "true");
    if (focus) (row.matches("[tabindex]") ? row : row.querySelector("a[href]"))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    keep();
  }

  function move(step) {
    const all = rows();
    if (all.length === 0) return false;
    const place = all.indexOf(here());
    stand(all[Math.min(Math.max(place + step, 0), all.length - 1)], { focus: true });
    return true;
  }

  function open(fragment) {
    const link = (here() ?? rows()[0])?.querySelector("a[href]");
    if (link) location.assign(link.getAttribute("href") + (fragment ? `#${fragment}` : ""));
  }

  // The place and the selection, by the ids of rows.
  const name = `list ${location.pathname}${location.search}`;
  const idOf = (row) => row.dataset.row ?? row.querySelector("a[href]")?.getAttribute("href") ?? "";

  function keep() {
    const all = rows();
    if (!signedIn || all.length === 0) return;
    const kept = { row: here() ? idOf(here()) : "", place: all.indexOf(here()), top: window.scrollY };
    kept.picked = isSent ? [] : all.filter((row) => boxOf(row)?.checked).map(idOf);
    sessionStorage.setItem(name, JSON.stringify(kept));
  }

  function restore() {
    const all = rows();
    const kept = JSON.parse(sessionStorage.getItem(name) ?? "null");
    if (!kept || all.length === 0) return;
    const row = markAgain(all, kept);
    if (!location.hash) window.scrollTo(0, kept.top);
    if (row) row.scrollIntoView({ block: "nearest" });
    count();
  }

  function markAgain(all, kept) {
    for (const row of all) if (boxOf(row) && kept.picked.includes(idOf(row))) boxOf(row).checked = true;
    const row = all.find((each) => kept.row && idOf(each) === kept.row) ?? all[Math.min(kept.place, all.length - 1)];
    if (row) row.setAttribute(markOf(row), "true");
    return row;
  }

  // A list that refreshes itself keeps what was selected in it, and the place.
  document.addEventListener("htmx:afterSettle", () => {
    const all = rows();
    const kept = JSON.parse(sessionStorage.getItem(name) ?? "null");
    if (isSent || !kept || all.length === 0 || here()) return;
    markAgain(all, kept);
    count();
  });

  // What is selected, in figures, and the box for the whole page.
  function count() {
    const picked = boxes().filter((box) => box.checked).length;
    document.querySelectorAll("[data-picked-count]").forEach((each) => { each.textContent = picked ? String(picked) : ""; });
    document.querySelectorAll("input[data-picks-page]").forEach((box) => { box.checked = picked > 0 && picked === boxes().length; });
  }

  function pick(which) {
    if (which === "page") {
      const all = boxes();
      const rest = all.some((box) => !box.checked);
      all.forEach((box) => { box.checked = rest; });
    } else {
      const row = here() ?? rows()[0];
      if (row && !here()) stand(row, { focus: true });
      if (boxOf(row)) boxOf(row).checked = !boxOf(row).checked;
    }
    count();
    keep();
  }

  // A button for what is selected takes the row one stands on when nothing is.
  function act(button) {
    const form = button.form;
    const whole = form.querySelector("input[data-picks-whole]");
    if (!whole?.checked && !boxes().some((box) => box.checked)) {
      const box = boxOf(here() ?? rows()[0]);
      if (box) box.checked = true;
    }
    form.requestSubmit(button);
  }

  function press(wanted) {
    if (wanted.dataset.picks) { pick(wanted.dataset.picks); return; }
    if (wanted.dataset.opensAt) { open(wanted.dataset.opensAt); return; }
    if (wanted.dataset.act) { act(wanted); return; }
    const needed = wanted.dataset.needs && wanted.form.elements[wanted.dataset.needs];
    if (needed && !needed.value.trim()) { needed.focus(); return; }
    if (wanted.matches("summary")) { unfold(wanted.parentElement); return; }
    wanted.click();
  }

  function unfold(details) {
    details.open = true;
    details.scrollIntoView({ block: "nearest" });
    details.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form && isTyping(event.target)) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key !== "j" && event.key !== "k") return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter") {
      if (event.target.matches("body, main, .table-frame, [data-row]")) open("");
      return;
    }
    if ((event.key === "j" || event.key === "k") && move(event.key === "j" ? 1 : -1)) { event.preventDefault(); return; }
    if (event.key.length !== 1) return;
    const named = `[data-key="${CSS.escape(event.key)}"]`;
    const row = here() ?? rows().find((each) => !each.matches("tr"));
    const wanted = row?.querySelector(named) ?? [...document.querySelectorAll(named)].find((each) => !each.closest("tr"));
    if (wanted) { event.preventDefault(); press(wanted); }
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("input[data-picks-page]")) boxes().forEach((each) => { each.checked = box.checked; });
    if (box.matches("input[type=checkbox]") && box.closest("form, table")) { count(); keep(); }
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("form:has(table[data-keys])")) isSent = true;
  });

  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.popover[open]")) {
      document.querySelectorAll("details.popover[open]").forEach((each) => { if (each !== event.target) each.open = false; });
    }
  }, true);

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.popover[open]").forEach((each) => { if (!each.contains(event.target)) each.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const sheet = document.querySelector("details.popover[open]");
    if (sheet) { sheet.open = false; sheet.querySelector("summary").focus(); }
  });

  // "?" names what this page adds.
  document.addEventListener("keydown", (event) => { if (event.key === "?" && !isTyping(event.target)) nameKeys(); }, true);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-opens=help]")) nameKeys(); }, true);

  function nameKeys() {
    const list = document.getElementById("keys-here");
    if (!list) return;
    const named = new Map();
    for (const each of document.querySelectorAll("[data-key], [data-press]")) {
      const key = each.dataset.key ?? each.dataset.press;
      if (!named.has(key)) named.set(key, wordsOf(each));
    }
    list.replaceChildren(...[...named].map(([key, words]) => {
      const line = document.createElement("div");
      const [term, text, shown] = ["dt", "dd", "kbd"].map((tag) => document.createElement(tag));
      shown.textContent = key;
      term.append(shown);
      text.textContent = words;
      line.append(term, text);
      return line;
    }));
  }

  function wordsOf(element) {
    if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
    const source = element.matches("input") ? element.closest("label") ?? element : element;
    const copy = source.cloneNode(true);
    copy.querySelectorAll("kbd, input").forEach((each) => each.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  // A page that answers a form in place: the way back to it asks for its address, not for the form once more.
  if (document.querySelector("[data-answered-here]")) history.replaceState(null, "", location.href);

  window.addEventListener("pagehide", keep);
  restore();
  // A link to a folded form of the same page unfolds it.
  document.addEventListener("click", (event) => {
    const name = event.target.closest("a[href^='#']")?.getAttribute("href").slice(1);
    const asked = name && document.getElementById(name);
    if (asked?.matches("details")) { event.preventDefault(); unfold(asked); }
  });

  // After the browser has gone to the fragment, which takes the focus away.
  window.addEventListener("load", () => setTimeout(() => {
    const asked = document.getElementById(location.hash.slice(1));
    if (asked?.matches("details")) unfold(asked);
  }));
})();
