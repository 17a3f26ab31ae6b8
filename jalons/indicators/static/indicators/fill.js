// Filling in a follow-up faster: what was touched, « rien n’a changé », Enter. All of it works without.
const form = document.querySelector("[data-follow-up]");
const boxes = (within) => [...within.querySelectorAll("[data-line] input:not([type=radio]), [data-line] textarea")];
const touched = form.elements.namedItem("touched");
const all = form.elements.namedItem("same_all");
const same = (block) => block.querySelector("input[name^=same_]");
const blocks = [...form.querySelectorAll("[data-block]")];

// The zeros that the server will write in the empty boxes of a period: shown, not typed.
// The details of a movement that did happen stay unknown.
const moved = (line) => {
  const fold = line.closest("[data-fold]");
  const parent = fold?.previousElementSibling.querySelector("input");
  return parent && parent !== line.querySelector("input") && parent.value.trim() !== "" && parent.value.trim() !== "0";
};
// After a gap longer than the rhythm, only once the person has said that nobody moved.
const still = form.elements.namedItem("no_movement");
const moment = () => {
  const typed = /^(\d{1,2})\D(\d{1,2})\D(\d{4})$/.exec(form.elements.namedItem("on").value.trim());
  return typed ? [typed[3], typed[2].padStart(2, "0"), typed[1].padStart(2, "0")].join("-") : "9999";
};
const show = (block) => {
  const unsure = still && !still.checked && moment() > form.dataset.gapAfter;
  const checked = same(block)?.checked && !unsure;
  for (const line of block.querySelectorAll("[data-flow]")) {
    const input = line.querySelector("input:not([type=radio])");
    if (input) input.placeholder = checked && !moved(line) ? "0" : "";
  }
};
const rename = (block) => {
  const words = block.querySelector("[data-same-words]");
  if (words) words.firstChild.textContent = "Rien d’autre n’a changé";
};

form.addEventListener("input", ({ target }) => {
  const block = target.closest("[data-block]");
  if (target === all) blocks.forEach((each) => same(each) && (same(each).checked = all.checked));
  else if (target.name.startsWith("same_") && all) all.checked = blocks.every((each) => !same(each) || same(each).checked);
  const line = target.closest("[data-line]");
  if (line) {
    const names = new Set(touched.value.split(" ").filter(Boolean)).add(target.name);
    touched.value = [...names].join(" ");
    line.classList.remove("f-carried");
    line.querySelector("[data-carried]")?.remove();
    rename(block);
    // Three came in: who they are is asked at once.
    const fold = line.nextElementSibling;
    if (fold?.matches("[data-fold]") && Number(target.value) > 0) fold.open = true;
  }
  blocks.forEach(show);
});
blocks.forEach(show);

// A figure that was taken from the last time is replaced by typing over it.
form.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-line] input:not([type=radio])")) target.select();
});

// Enter goes to the next box: one does not send by accident.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("input:not([type=checkbox]):not([type=radio])")) return;
  event.preventDefault();
  const reachable = [...form.querySelectorAll("input:not([type=hidden]), textarea, select, button[type=submit]")].filter(
    (each) => each.offsetParent !== null && !each.matches("[tabindex='-1'], .j-figure-key"),
  );
  reachable[reachable.indexOf(event.target) + 1]?.focus();
});

// Once it is sent, nothing is kept aside any more.
form.addEventListener("htmx:beforeRequest", (event) => {
  if (form.dataset.sent) event.preventDefault();
});

// What a button would send and bring back, done at once: an offered number, « 1 à 4 ».
const fill = (button) => {
  const box = document.getElementById(button.dataset.fill);
  if (!box) return;
  box.value = button.dataset.value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const offer = button.closest(".f-offer");
  if (offer) button.remove();
  box.focus();
};
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill], [data-fill-all]");
  if (!button) return;
  event.preventDefault();
  if (button.matches("[data-fill]")) fill(button);
  else form.querySelectorAll(".f-offer [data-fill]").forEach(fill);
});
