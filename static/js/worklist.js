// The work list beyond j, k and Enter: x selects the row, t takes and a assigns it or what is selected, one box
// for the page.
(function () {
  "use strict";

  const form = document.getElementById("take-many");
  if (!form) return;
  const boxes = () => [...form.querySelectorAll("input[name=subject]")];
  const here = () => form.querySelector("tr[aria-selected=true] input[name=subject]");

  const all = document.getElementById("all-rows");
  if (all) all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const box = here();
    if (event.key === "x" && box) {
      box.checked = !box.checked;
    } else if ((event.key === "t" || event.key === "a") && all) {
      if (box && !boxes().some((each) => each.checked)) box.checked = true;
      const act = form.querySelector(`button[data-act=${event.key === "t" ? "take" : "assign"}]`);
      if (boxes().some((each) => each.checked)) form.requestSubmit(act);
    }
  });
})();
