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
  // A file is no page: what was typed goes, and another may be asked for.
  if ("download" in form.dataset) setTimeout(() => (form.reset(), restore(form)), 4000);
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

// A refusal that htmx would not show: said above the page, where what was typed stays.
const say = (words) => {
  const box = document.createElement("div");
  box.className = "j-alert late";
  box.setAttribute("role", "alert");
  box.dataset.refusal = "";
  box.append(Object.assign(document.createElement("div"), { textContent: words }));
  document.querySelectorAll("[data-refusal]").forEach((old) => old.remove());
  document.getElementById("contenu")?.prepend(box);
  box.scrollIntoView({ block: "nearest" });
};
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status < 500) return;
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const words = [page.querySelector("h1"), page.querySelector("[data-incident]")];
  say(`${words.map((part) => part?.textContent.trim()).filter(Boolean).join(". ")}. Ce que vous avez écrit est encore dans cette page : recommencez dans une minute.`);
});
document.addEventListener("htmx:sendError", () =>
  say("Jalons ne répond pas : vérifiez votre connexion. Ce que vous avez écrit est encore dans cette page, et n’est pas enregistré."));

// What is too long stays, and is counted: nothing that was pasted is cut.
const count = new Intl.NumberFormat("fr-FR");
const over = (field) => {
  const most = Number(field.dataset.most);
  // Line ends count for two when the form is sent.
  const length = field.value.replaceAll("\n", "\r\n").length;
  let words = field.parentElement.querySelector("[data-over]");
  if (length <= most) return words?.remove();
  if (!words) {
    words = document.createElement("p");
    words.className = "j-over";
    words.setAttribute("role", "status");
    words.dataset.over = "";
    field.after(words);
  }
  words.textContent = `${count.format(length)} caractères : ${count.format(length - most)} de trop. Raccourcissez ce texte avant de l’envoyer.`;
};
document.addEventListener("input", ({ target }) => target.dataset?.most && over(target));
for (const field of document.querySelectorAll("[data-most]")) over(field);

// Wide tables open on the newest column: what is older is at the left.
const openOnLatest = (within) => {
  for (const column of within.querySelectorAll(".j-scroll [data-latest]")) {
    const wrap = column.closest(".j-scroll");
    wrap.scrollLeft += column.getBoundingClientRect().right - wrap.getBoundingClientRect().right;
  }
};
openOnLatest(document);
document.addEventListener("htmx:afterSwap", (event) => openOnLatest(event.target));

// « Copier » the words of an element of the page.
const copied = async (text) => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without HTTPS the clipboard is closed: a selection is copied the old way.
  const box = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
};
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await copied(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copié";
    button.focus();
    setTimeout(() => (button.textContent = "Copier"), 3000);
  });
}

// Ctrl + Entrée saves, from any field of a form that writes: with its main button, the last that is not a side one.
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  if (!form || form.method !== "post" || form.dataset.sent) return;
  const buttons = [...form.elements].filter((each) => each.matches("button[type=submit]:not([disabled])"));
  const main = buttons.filter((each) => each.matches(".btn-j:not(.alt)")).at(-1) ?? buttons.at(-1);
  if (!main) return;
  event.preventDefault();
  form.requestSubmit(main);
});
