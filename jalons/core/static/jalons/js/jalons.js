// What makes pages smoother; every page works without it.

// The summary of errors is read first.
document.querySelector("[data-focus]")?.focus();

// Menus close with Escape and with a click elsewhere.
const menus = () => document.querySelectorAll("details.j-menu[open], details.j-account[open], details.j-drop[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

// A form that was typed in asks before it is left; one that came back with errors was typed in.
const dirty = new Set();
const watched = (form) => form?.method === "post" && !form.closest("header");
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (watched(form)) dirty.add(form);
});
for (const summary of document.querySelectorAll("form [data-focus]")) dirty.add(summary.closest("form"));
window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// Sent once: the button rests while the answer comes. It is disabled after the browser has read its name.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  dirty.delete(form);
  const live = form.querySelector("[data-sending]");
  if (live) live.textContent = "Envoi…";
  setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = true)));
});
const restore = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = false));
  const live = form.querySelector("[data-sending]");
  if (live) live.textContent = "";
};
// Back from the browser's memory, or after an htmx answer, the form can be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(restore);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) restore(form);
});
document.addEventListener("htmx:afterSwap", (event) => event.target.querySelector?.("[data-focus]")?.focus());
