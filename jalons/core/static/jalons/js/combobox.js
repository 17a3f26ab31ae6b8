// Suggestions under a plain input (ARIA 1.2 combobox).
// <input data-combobox-url="/chemin" data-combobox-value="id-of-hidden-input">: GET ?q=… answers
// {"results": [{"value": "59350", "label": "Lille", "detail": "Nord"}]}. Choosing one fires « jalons:choice ».
const DELAY = 180;
let made = 0;

function enhance(input) {
  const list = document.createElement("ul");
  const live = document.createElement("span");
  const hidden = document.getElementById(input.dataset.comboboxValue);
  let options = [], active = -1, timer, asked;

  list.id = `${input.id || "combobox"}-liste-${++made}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Propositions");
  list.hidden = true;
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  const box = document.createElement("div");
  box.className = "j-combo";
  const focused = document.activeElement === input; // moving an element takes the focus away from it
  input.replaceWith(box);
  box.append(input, list, live);
  if (focused) input.focus();
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  input.autocomplete = "off";

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (index) => {
    active = (index + options.length) % options.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    input.value = option.label;
    if (hidden) hidden.value = option.value;
    close();
    live.textContent = `${option.label} choisi`;
    input.dispatchEvent(new CustomEvent("jalons:choice", { bubbles: true, detail: option }));
  };
  const show = (results) => {
    options = results;
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...results.map((option, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = option.label;
      if (option.detail) {
        const detail = document.createElement("span");
        detail.className = "j-why";
        detail.textContent = option.detail;
        item.append(" ", detail);
      }
      // mousedown would take the focus away before the click arrives
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => choose(option));
      return item;
    }));
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(results.length > 0));
    live.textContent = results.length ? `${results.length} proposition${results.length > 1 ? "s" : ""}` : "Aucune proposition";
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(input.dataset.comboboxUrl, location.href);
    url.searchParams.set("q", input.value);
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const told = await answer.json();
      show(told.results);
      // The answer may say more than its results (« notice »): the page that asked knows what to do with it.
      input.dispatchEvent(new CustomEvent("jalons:results", { bubbles: true, detail: told }));
    } catch {
      close(); // no network, or overtaken by a later question: what was typed is enough
    }
  };

  input.addEventListener("input", () => {
    if (hidden) hidden.value = "";
    clearTimeout(timer);
    if (input.value.trim().length < 2) return asked?.abort(), close();
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { if (input.value.trim().length > 1) ask(); return; }
      if (event.key === "ArrowDown") point(active + 1);
      else point(active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      choose(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", close);
  // Somebody quick typed before the script arrived.
  if (focused && input.value !== input.defaultValue && input.value.trim().length > 1) ask();
}

const enhanceAll = (root) => root.querySelectorAll("input[data-combobox-url]:not([role])").forEach(enhance);
enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
// htmx says « load » 20 ms after a swap that may already have given the focus: letters typed meanwhile would ask nothing.
document.addEventListener("htmx:afterSwap", () => enhanceAll(document));
