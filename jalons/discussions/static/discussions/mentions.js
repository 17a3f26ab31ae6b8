// « @Prénom Nom » in a comment: the people who may be named come under the text while one types; a button writes the
// name. Without this script the name is typed in full.
const AFTER_SIGN = /(?:^|[\s(«"])@([\p{L}][\p{L}\p{M}’'\- ]{0,60})$/u;
const DELAY = 200;
let timer;

const box = (text) => text.closest("form").querySelector("[data-mentions]");

document.addEventListener("input", (event) => {
  const text = event.target.closest?.("textarea[data-mentions-url]");
  if (!text) return;
  clearTimeout(timer);
  const written = text.value.slice(0, text.selectionStart).match(AFTER_SIGN);
  if (!written) return box(text).replaceChildren();
  timer = setTimeout(() => htmx.ajax("GET", text.dataset.mentionsUrl, {
    target: box(text), swap: "innerHTML", values: { q: written[1] },
  }), DELAY);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mention]");
  if (!button) return;
  const form = button.closest("form");
  const text = form.querySelector("textarea[data-mentions-url]");
  const before = text.value.slice(0, text.selectionStart);
  const start = before.lastIndexOf("@");
  const named = `${before.slice(0, start)}@${button.dataset.mention} `;
  text.value = named + text.value.slice(text.selectionStart);
  text.focus();
  text.setSelectionRange(named.length, named.length);
  box(text).replaceChildren();
});
