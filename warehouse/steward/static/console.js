// Small helps for all pages; every page works without them.
"use strict";

// A form that is on its way is not sent a second time, as by a double click; back on the page, as by
// the browser's button, it can be.
let sent = new WeakSet();
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
addEventListener("pageshow", () => { sent = new WeakSet(); });

// Whoever signs out leaves nothing behind, such as a note that he was writing.
document.querySelector(".who")?.addEventListener("submit", () => sessionStorage.clear());
