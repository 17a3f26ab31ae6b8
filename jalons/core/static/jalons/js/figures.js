// Figures on a phone: a keypad of digits, and beside the box the words that it has no letters for.
// Without this script the box keeps its letters, and one types « ND », « / » or « ponctuel ».
const SPOKEN = { ND: "non disponible", "/": "sans objet" };

const dress = (box) => {
  if (box.dataset.dressed) return;
  box.dataset.dressed = "1";
  box.inputMode = box.dataset.figure;
  const words = (box.dataset.words ?? "").split(" ").filter(Boolean);
  if (!words.length) return;
  const focused = document.activeElement === box;
  const whole = document.createElement("span");
  whole.className = "j-figure";
  box.before(whole);
  whole.append(box);
  const name = box.getAttribute("aria-label") ?? box.labels[0]?.textContent.replace(/\s+/g, " ").trim() ?? "";
  for (const word of words) {
    const key = Object.assign(document.createElement("button"), { type: "button", className: SPOKEN[word] ? "j-figure-key" : "j-figure-key j-always", textContent: word });
    const context = Object.assign(document.createElement("span"), { className: "visually-hidden" });
    context.textContent = `${SPOKEN[word] ? `(${SPOKEN[word]}) ` : ""}: ${name}`;
    key.append(context);
    key.addEventListener("click", () => {
      box.value = word;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
    whole.append(key);
  }
  if (focused) box.focus();
};
const dressAll = (within) => within.querySelectorAll?.("input[data-figure]").forEach(dress);

dressAll(document);
document.addEventListener("htmx:load", (event) => dressAll(event.target));
document.addEventListener("htmx:afterSwap", (event) => dressAll(event.target));
