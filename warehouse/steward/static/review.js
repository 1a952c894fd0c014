// Keys, notes that outlive their page, and dragging; every page works without.
"use strict";
const typing = (target) => target.closest("input, select, textarea, dialog[open]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target)) return;
  if (event.key === "?") return document.querySelector("dialog.keys")?.showModal();
  const meant = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!meant) return;
  event.preventDefault();
  meant.matches("input, textarea") ? meant.focus() : meant.click();
});

// what was noted outlives a session that runs out, until it is sent
const note = document.querySelector("input[name=why][data-keep]");
if (note) {
  note.value ||= sessionStorage.getItem(note.dataset.keep) ?? "";
  note.addEventListener("input", () => sessionStorage.setItem(note.dataset.keep, note.value));
}

const marked = (row) => row.classList.toggle("off", row.querySelector("input").checked);
for (const row of document.querySelectorAll("tr[data-record]")) {
  row.draggable = true;
  row.addEventListener("change", () => marked(row));
  row.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", row.dataset.record));
  marked(row);
}
const check = (record) => {
  const row = document.querySelector(`tr[data-record="${CSS.escape(record)}"]`);
  if (!row) return;
  row.querySelector("input").checked = true;
  marked(row);
};
const drop = document.querySelector(".drop");
if (drop) {
  drop.hidden = false;
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    check(event.dataTransfer.getData("text/plain"));
  });
}
for (const button of document.querySelectorAll("button[data-check]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.dataset.check.split("\n").forEach(check));
}
for (const button of document.querySelectorAll("button[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.querySelector("dialog.keys").showModal());
}
