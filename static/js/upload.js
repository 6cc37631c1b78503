// Sending files: drop files or a folder, see each with its day, send in pieces, go on after a break. Without it the form sends as it stands.
(function () {
  "use strict";

  const box = document.getElementById("upload");
  if (!box) return;
  const form = box.querySelector("form");
  const input = form.querySelector("input[name=tables]");
  const day = form.querySelector("input[name=as_of]");
  const list = form.querySelector(".upload-files");
  const sum = document.querySelector(".upload-sum");
  const sendButton = form.querySelector(".buttons button");
  const words = document.getElementById("upload-words").dataset;
  const line = document.getElementById("upload-line").content.firstElementChild;
  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const unfinished = [...box.querySelectorAll(".upload-unfinished li")];

  const TABLES = /\.(xlsx|xls|xlsm|et|csv|txt|tsv|dat|zip|ods)$/i;
  const PACKED = /\.(rar|7z|gz|tar|tgz|bz2|xz)$/i;
  const NO_TABLE = /\.(pdf|docx?|wps|pptx?|jpe?g|png|gif|bmp|tiff?|heic|mp[34]|mov|avi|wav|exe|msi|apk|html?|ofd)$/i;
  const JUNK = /^(\.|~\$|thumbs\.db$|desktop\.ini$)/i;
  const MONTH = /(?:^|\D)(20\d\d)[-_.年]?(1[0-2]|0[1-9])(?:月|\D|$)/;
  const AGAIN_MS = 3000;

  const chosen = []; // {file, path, item, day, state: waiting | sending | over, id, stop}
  let isSending = false;

  function say(template, ...values) {
    return values.reduce((text, value) => text.replace("{}", value), template);
  }

  function size(bytes) {
    if (bytes >= 1 << 30) return (bytes / (1 << 30)).toFixed(1) + " GB";
    if (bytes >= 1 << 20) return (bytes / (1 << 20)).toFixed(1) + " MB";
    return Math.max(1, Math.round(bytes / 1024)) + " kB";
  }

  function timeLeft(seconds) {
    return seconds < 90 ? say(words.seconds, Math.max(1, Math.round(seconds))) : say(words.minutes, Math.round(seconds / 60));
  }

  function lastDay(text) {
    const found = MONTH.exec(text);
    if (!found) return "";
    const last = new Date(Date.UTC(Number(found[1]), Number(found[2]), 0));
    return last.toISOString().slice(0, 10);
  }

  function dayOf(path) {
    const parts = path.split("/").reverse(); // the file's own name first, then its folders
    return parts.map(lastDay).find((each) => each) || "";
  }

  function leftOver(file, itsDay) {
    const same = unfinished.filter((each) => each.dataset.name === file.name && Number(each.dataset.size) === file.size && Number(each.dataset.modified) === file.lastModified);
    return same.find((each) => each.dataset.day === itsDay) || same[0];
  }

  function show(one, text, tone, percent) {
    const [bar, label] = one.item.querySelector(".upload-state").children;
    label.textContent = text;
    one.item.dataset.tone = tone || "";
    bar.hidden = percent === undefined;
    if (percent !== undefined) {
      bar.value = percent;
      bar.setAttribute("aria-label", one.file.name);
    }
  }

  function refusalOf(file) {
    if (PACKED.test(file.name)) return words.packed;
    if (NO_TABLE.test(file.name)) return words.notable;
    return file.size === 0 ? words.empty : "";
  }

  function add(file, path) {
    if (JUNK.test(file.name)) return;
    if (chosen.some((each) => each.path === path && each.file.size === file.size && each.state !== "over")) return;
    const named = dayOf(path);
    const rest = leftOver(file, named || day.value);
    const one = { file, path, item: line.cloneNode(true), state: "waiting", isNamed: Boolean(named) };
    one.item.querySelector("strong").textContent = path;
    one.item.querySelector(".upload-name span").textContent = size(file.size);
    one.day = one.item.querySelector("input");
    one.day.value = (rest && rest.dataset.day) || named || day.value;
    one.day.addEventListener("input", () => { one.isNamed = true; });
    one.item.querySelector("button").addEventListener("click", () => drop(one));
    const refusal = refusalOf(file);
    if (refusal) one.state = "over";
    show(one, refusal || (rest ? rest.textContent.match(/\d+ %/)[0] && say(words.resumes, rest.textContent.match(/\d+ %/)[0]) : words.waiting), refusal ? "bad" : "");
    chosen.push(one);
    list.append(one.item);
    if (refusal) one.day.disabled = true;
  }

  function addAll(found) {
    found.sort((a, b) => a.path.localeCompare(b.path)).forEach((each) => add(each.file, each.path));
    list.hidden = chosen.length === 0;
    if (found.length) box.open = true;
    tell();
  }

  function tell() {
    const waiting = chosen.filter((each) => each.state === "waiting");
    const bytes = waiting.reduce((total, each) => total + each.file.size, 0);
    sum.textContent = waiting.length ? say(words.sum, waiting.length, size(bytes)) : "";
  }

  function drop(one) {
    if (one.state === "sending") {
      one.stop.abort();
      if (one.id) post(`${box.dataset.start}${one.id}/cancel/`, new FormData());
      show(one, words.cancelled, "warn");
      one.item.querySelector("button").remove();
    }
    if (one.state !== "sending") {
      one.item.remove();
      chosen.splice(chosen.indexOf(one), 1);
    }
    one.state = "over";
    list.hidden = chosen.length === 0;
    tell();
  }

  // What a drop holds: files, and folders read to their depth.
  async function walk(entry, before) {
    if (entry.isFile) {
      const file = await new Promise((take, refuse) => entry.file(take, refuse));
      return [{ file, path: before + file.name }];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((take, refuse) => reader.readEntries(take, refuse)); // at most a hundred at a time
      if (some.length === 0) return found;
      for (const each of some) found.push(...await walk(each, `${before}${entry.name}/`));
    }
  }

  async function take(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    const files = [...transfer.files];
    if (!entries.some((each) => each && each.isDirectory)) return files.map((file) => ({ file, path: file.name }));
    const found = [];
    for (const each of entries) if (each) found.push(...await walk(each, ""));
    return found;
  }

  class Refused extends Error {}

  async function post(url, body, stop) {
    const answer = await fetch(url, { method: "POST", body, signal: stop && stop.signal, headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" } });
    if (answer.redirected || answer.status === 403) throw new Refused(words.signedout);
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
    if (answer.ok || json.offset !== undefined) return json;
    if (answer.status >= 500 && answer.status !== 507) throw new TypeError("the server is away");
    throw new Refused([json.message, json.what_to_do].filter(Boolean).join(" ") || words.failed);
  }

  function begin(one) {
    const body = new FormData();
    const values = { name: one.file.name, size: one.file.size, modified_ms: one.file.lastModified, as_of: one.day.value };
    Object.entries(values).forEach(([name, value]) => body.append(name, value));
    if (form.elements.at_once && form.elements.at_once.checked) body.append("at_once", "on");
    return post(box.dataset.start, body, one.stop);
  }

  async function sendPieces(one) {
    let { id, offset, piece_bytes: most } = await begin(one);
    one.id = id;
    const from = offset;
    const began = performance.now();
    while (offset < one.file.size) {
      const answer = await post(`${box.dataset.start}${id}/piece/?offset=${offset}`, one.file.slice(offset, offset + most), one.stop);
      offset = answer.offset;
      const perByte = (performance.now() - began) / 1000 / Math.max(1, offset - from);
      const percent = Math.floor((offset * 100) / one.file.size);
      show(one, say(words.sending, `${percent} %`, timeLeft((one.file.size - offset) * perByte)), "", percent);
    }
    show(one, words.storing, "", 100);
    return post(`${box.dataset.start}${id}/finish/`, new FormData(), one.stop);
  }

  async function send(one) {
    one.state = "sending";
    one.stop = new AbortController();
    one.day.disabled = true;
    one.item.querySelector("button").textContent = words.cancel;
    while (one.state === "sending") {
      try {
        const done = await sendPieces(one);
        const link = document.createElement("a");
        link.href = done.url;
        link.textContent = done.is_known ? words.known : words.done;
        show(one, "", "ok");
        one.item.querySelector(".upload-state").lastElementChild.append(link);
        one.isReceived = true;
        one.state = "over";
      } catch (error) {
        if (error.name === "AbortError") return;
        if (error instanceof Refused) {
          one.state = "over";
          show(one, error.message, "bad");
        } else {
          show(one, words.away, "warn"); // the loop begins again and asks how much is there
          await new Promise((wake) => setTimeout(wake, AGAIN_MS));
        }
      }
    }
    one.item.querySelector("button").remove();
  }

  function showList() {
    const table = document.getElementById("deliveries");
    if (table && window.htmx) window.htmx.ajax("GET", window.location.pathname + window.location.search, { target: table, swap: "outerHTML" });
  }

  async function sendAll() {
    isSending = true;
    document.body.dataset.busy = "yes"; // page.js clears no page that sends
    sendButton.setAttribute("aria-disabled", "true");
    for (;;) {
      const next = chosen.find((each) => each.state === "waiting");
      if (!next) break;
      tell();
      await send(next);
      showList();
    }
    isSending = false;
    delete document.body.dataset.busy;
    sendButton.removeAttribute("aria-disabled");
    const received = chosen.filter((each) => each.isReceived).length;
    sum.textContent = received ? say(words.finished, received) : "";
    if (received === chosen.length) clear(); // what was sent stands on top of the list now
  }

  function clear() {
    chosen.forEach((each) => each.item.remove());
    chosen.length = 0;
    list.hidden = true;
    box.open = unfinished.length > 0;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // page.js would take the second press for a double sending
    const waiting = chosen.filter((each) => each.state === "waiting");
    const without = waiting.find((each) => !each.day.value);
    if (waiting.length === 0) {
      input.focus();
    } else if (without) {
      show(without, words.noday, "bad");
      without.day.focus();
    } else if (!isSending) {
      sendAll();
    }
  }, true);

  day.addEventListener("input", () => {
    chosen.filter((each) => each.state === "waiting" && !each.isNamed).forEach((each) => { each.day.value = day.value; });
  });

  input.required = false;
  input.addEventListener("change", () => {
    addAll([...input.files].map((file) => ({ file, path: file.name })));
    input.value = "";
  });

  const folder = form.querySelector(".upload-folder");
  const folderInput = folder.querySelector("input");
  folder.hidden = false;
  folder.querySelector("button").addEventListener("click", () => folderInput.click());
  folderInput.addEventListener("change", () => {
    addAll([...folderInput.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    folderInput.value = "";
  });
  form.querySelector(".upload-call").hidden = false;
  form.querySelector(".upload-named").hidden = false;

  const zone = form.querySelector(".upload-drop");
  ["dragenter", "dragover"].forEach((kind) => document.addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault(); // a file dropped beside the zone must not open in the window
    zone.classList.add("over");
  }));
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("over"); });
  document.addEventListener("drop", async (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.remove("over");
    addAll(await take(event.dataTransfer));
  });

  window.addEventListener("beforeunload", (event) => { if (isSending) event.preventDefault(); });
})();
