// Candidate pairs without reloading: digits choose a line, s n u v decide, z undoes (list.js), j k turn the cards; the next card is read
// ahead.
// The forms work without this, too; here they are sent as parts and what comes back is put in its place.
(function () {
  "use strict";

  const room = document.getElementById("possible-matches");
  if (!room) return;
  const slot = document.getElementById("card");
  let ahead = { person: "", html: "" };

  const card = () => slot.querySelector("[data-person]");
  const here = () => card()?.dataset.person ?? "";

  function address(person) {
    const query = new URLSearchParams(room.dataset.query);
    query.set("person", person);
    return `${room.dataset.address}?${query}`;
  }

  async function ask(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) { location.assign(elsewhere); return null; }
    if (!answer.ok && answer.status !== 409 && answer.status !== 400) throw new Error(String(answer.status));
    return { refused: !answer.ok, html: await answer.text() };
  }

  function show(html, person) {
    slot.innerHTML = html;
    history.replaceState(null, "", person ? address(person) : `${room.dataset.address}?${room.dataset.query}`);
    window.scrollTo({ top: room.offsetTop - 8 });
    readAhead();
  }

  async function readAhead() {
    const person = card()?.dataset.next ?? "";
    ahead = { person: "", html: "" };
    if (!person) return;
    const answer = await ask(address(person)).catch(() => null);
    if (answer && !answer.refused && card()?.dataset.next === person) ahead = { person, html: answer.html };
  }

  async function turnTo(person) {
    if (!person) return;
    if (person === ahead.person) { show(ahead.html, person); return; }
    const answer = await ask(address(person)).catch(() => null);
    if (answer) show(answer.html, person); else location.assign(address(person));
  }

  async function send(form, button) {
    const body = new FormData(form, button);
    const settles = card().dataset.matches === "1" || button.value === "same";
    const next = ahead;
    const left = here();
    if (settles && next.person) {
      body.set("shown", next.person);
      show(next.html, next.person);
    } else {
      form.setAttribute("aria-busy", "true");
    }
    const answer = await ask(form.action, { method: "POST", body }).catch(() => null);
    if (!answer) { location.assign(address(left)); return; }
    const parts = new DOMParser().parseFromString(answer.html, "text/html");
    document.getElementById("done").innerHTML = parts.getElementById("done").innerHTML;
    const following = parts.getElementById("card");
    if (following) show(following.innerHTML, following.querySelector("[data-person]")?.dataset.person ?? "");
    form.removeAttribute("aria-busy");
  }

  // "The same" over another name needs a reason; the service refuses it, too.
  function needsNote(form, button) {
    const note = form.elements.note;
    const chosen = slot.querySelector("input[name=link]:checked");
    if (button.value !== "same" || chosen?.dataset.otherName === undefined || note.value.trim()) return false;
    note.placeholder = note.dataset.needed;
    note.setAttribute("aria-label", note.dataset.needed);
    note.focus();
    return true;
  }

  slot.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("pair-form")) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.getAttribute("aria-busy") === "true" || !event.submitter?.value) return;
    if (needsNote(form, event.submitter)) return;
    send(form, event.submitter);
  });

  slot.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-to]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turnTo(link.dataset.to);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=radio]), select, textarea, dialog")) return;
    if (/^[1-9]$/.test(event.key)) {
      const choice = slot.querySelector(`input[data-choice="${event.key}"]`);
      if (choice) { choice.checked = true; choice.closest("section").scrollIntoView({ block: "nearest" }); }
    } else if (event.key === "j" || event.key === "k") {
      turnTo(slot.querySelector(`a[rel=${event.key === "j" ? "next" : "prev"}]`)?.dataset.to);
    } else if (/^[snuv]$/.test(event.key)) {
      slot.querySelector(`button[data-press="${event.key}"]`)?.click();
    }
  });

  readAhead();
})();
