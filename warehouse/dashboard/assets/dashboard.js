// The language switch, and tables that are sorted by a click on a column's head.
"use strict";

const page = document.documentElement;
const remembered = {
  get() { try { return localStorage.getItem("guiyi-language"); } catch { return null; } },
  set(language) { try { localStorage.setItem("guiyi-language", language); } catch { /* a private window */ } },
};

function speak(language) {
  page.lang = page.dataset.language = language;
}

const toggle = document.getElementById("language");
toggle.hidden = false;
toggle.addEventListener("click", () => {
  const language = page.dataset.language === "zh" ? "en" : "zh";
  speak(language);
  remembered.set(language);
});
if (remembered.get() === "en") speak("en");

// What is not told comes last, whichever way.
function sort(table, column, descending) {
  const body = table.tBodies[0];
  const order = (row) => row.cells[column].dataset.order;
  const numbers = [...body.rows].every((row) => order(row) === undefined || !isNaN(order(row)));
  const compare = (a, b) => (numbers ? a - b : a.localeCompare(b));
  const told = [...body.rows].filter((row) => order(row) !== undefined);
  const untold = [...body.rows].filter((row) => order(row) === undefined);
  told.sort((a, b) => (descending ? -1 : 1) * compare(order(a), order(b)));
  body.append(...told, ...untold);
}

for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.addEventListener("click", () => {
    const descending = head.ariaSort ? head.ariaSort === "ascending" : column > 0;
    heads.forEach((other) => { other.ariaSort = null; });
    head.ariaSort = descending ? "descending" : "ascending";
    sort(table, column, descending);
  }));
}

// On paper there is nothing to unfold.
addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((details) => { details.open = true; });
});
