// Small helps for all pages; every page works without them.
"use strict";

// A form that is on its way is not sent a second time, as by a double click.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  else setTimeout(() => { if (!event.defaultPrevented) form.dataset.sent = "yes"; });
});

// Back on the page, as by the browser's button, forms can be sent again.
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

// Whoever signs out leaves nothing behind, such as a note that he was writing.
document.querySelector(".who")?.addEventListener("submit", () => sessionStorage.clear());
