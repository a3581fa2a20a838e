"use strict";
// Sort a table by the column clicked: once ascending, again descending; cells without a value come last.
function key(row, place, numeric) {
  const cell = row.cells[place];
  const text = cell.dataset.value;
  const number = Number(text);
  if (text === "" || (numeric && Number.isNaN(number))) return null;
  return numeric ? number : text;
}
function sort(head) {
  const table = head.closest("table");
  const body = table.tBodies[0];
  const place = head.cellIndex;
  const rows = [...body.rows];
  const numeric = rows.every((row) => {
    const text = row.cells[place].dataset.value;
    return text === "" || !Number.isNaN(Number(text));
  });
  const down = head.getAttribute("aria-sort") === "ascending";
  const sign = down ? -1 : 1;
  const keyed = rows.map((row) => [key(row, place, numeric), row]);
  keyed.sort(([one], [other]) => {
    if (one === null || other === null) return (one === null) - (other === null);
    return numeric ? sign * (one - other) : sign * one.localeCompare(other, "en", { numeric: true });
  });
  body.append(...keyed.map(([, row]) => row));
  for (const other of table.querySelectorAll("th")) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => sort(button.closest("th")));
}
// A link to what lies in a fold opens the fold, and the one around it.
function reveal() {
  let target = null;
  try {
    target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch { /* no address of ours */ }
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView({ behavior: "instant" });
}
addEventListener("hashchange", reveal);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) reveal(); // the address does not change
});
reveal();
// On paper everything is open; afterwards as it was.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
