// The grid under the fingers: arrows, selection, copy, paste with a verdict, marks while one types, a draft.
// All of it works without: one form, one button.
const form = document.querySelector("form[data-grid]");
const rows = form ? [...form.querySelectorAll("tr[data-row]")].map((row) => [...row.querySelectorAll("td[data-code]")]) : [];
const save = form?.querySelector("[data-save]");
const status = form?.querySelector("[data-status]");
const undo = form?.querySelector("[data-undo]");
const boxOf = (cell) => cell?.querySelector(".g-in");
const boxes = rows.flat().map(boxOf).filter(Boolean);
const cellOf = (box) => box.closest("td");
const codeOf = (box) => cellOf(box).dataset.code;
const byCode = new Map(boxes.map((box) => [codeOf(box), box]));
const fold = (text) => text.replace(/\s+/g, " ").trim();
const stored = (box) => box.dataset.was ?? box.defaultValue;
const isChanged = (box) => fold(box.value) !== fold(stored(box));
const changed = () => boxes.filter(isChanged);
const phone = matchMedia("(max-width:40rem)");
const field = (name) => form.elements.namedItem(name);
const cells = (n) => `${n} case${n > 1 ? "s" : ""}`;

// Every box can be typed in here: a script sends them in one field, however many they are.
for (const box of boxes) {
  const line = cellOf(box).querySelector(".g-mark");
  box.dataset.mark = line.classList.contains("g-refused") ? "" : line.textContent.trim();
  box.readOnly = false;
  box.dataset.name = box.name || box.dataset.name;
}
for (const link of form?.querySelectorAll(".g-more") ?? []) if (boxOf(link.closest("td"))) link.tabIndex = -1;

// Marks ------------------------------------------------------------------------------------------------------

function paint(box) {
  cellOf(box).classList.toggle("g-changed", isChanged(box));
  if (!isChanged(box)) mark(box, box.dataset.mark, "");
}
function mark(box, words, kind) {
  const line = cellOf(box).querySelector(".g-mark");
  line.textContent = words;
  line.classList.toggle("g-refused", kind === "refused");
  line.classList.toggle("g-ok", kind === "kept" || kind === "same");
  cellOf(box).classList.toggle("g-wrong", kind === "refused");
}
function count() {
  const n = changed().length;
  save.textContent = n ? `Enregistrer ${cells(n)}` : "Enregistrer";
  undo.hidden = !n;
}
const settle = (box) => { paint(box); count(); keep(); };

let asking, wait;
async function ask(body, signal) {
  body.set("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
  const answer = await fetch(form.dataset.paste + location.search, {
    method: "POST", body, headers: { Accept: "application/json" }, signal, redirect: "manual",
  });
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("session");
  return answer.json();
}
const packed = () => JSON.stringify(Object.fromEntries(changed().map((box) => [codeOf(box), box.value])));
function judge() {
  clearTimeout(wait);
  wait = setTimeout(async () => {
    if (!changed().length) return;
    asking?.abort();
    asking = new AbortController();
    const body = new FormData();
    body.set("packed", packed());
    try {
      const { cells: told } = await ask(body, asking.signal);
      for (const [code, verdict] of Object.entries(told)) {
        const box = byCode.get(code);
        if (box && fold(box.value) === fold(verdict.text) && isChanged(box)) mark(box, verdict.words, verdict.state);
      }
    } catch { /* no network, or overtaken: the answer comes with « Enregistrer » */ }
  }, 350);
}

// The draft: in this tab only, until the server says that it was written ---------------------------------------

const place = form && `jalons:grille:${location.pathname}:${form.dataset.who}`;
function keep() {
  const seen = Object.fromEntries((field("seen").value || "").split(" ").map((word) => word.split(":")));
  const told = Object.fromEntries(changed().map((box) => [codeOf(box), [box.value, seen[codeOf(box)] ?? "0"]]));
  try {
    if (Object.keys(told).length) sessionStorage.setItem(place, JSON.stringify(told));
    else sessionStorage.removeItem(place);
  } catch { /* a browser that keeps nothing */ }
}
function restore() {
  const saved = location.hash.startsWith("#enregistre-");
  if (saved) history.replaceState(null, "", location.pathname + location.search);
  let told = {};
  try {
    if (saved) sessionStorage.removeItem(place);
    told = JSON.parse(sessionStorage.getItem(place) ?? "{}");
  } catch { /* nothing kept */ }
  if ("bound" in form.dataset) return keep();
  const seen = new Map(field("seen").value.split(" ").map((word) => word.split(":")));
  let found = 0;
  for (const [code, [text, version]] of Object.entries(told)) {
    const box = byCode.get(code);
    if (!box || fold(box.value) === fold(text)) continue;
    box.value = text;
    seen.set(code, version);
    found += 1;
  }
  field("seen").value = [...seen].map((pair) => pair.join(":")).join(" ");
  if (found) say(`${cells(found)} que vous aviez remplie${found > 1 ? "s" : ""} sans l’enregistrer : c’est revenu.`);
  if (found) judge();
}
const say = (words) => { status.textContent = words; };

// Where one is -------------------------------------------------------------------------------------------------

let editing = false, before = "", anchor = null, head = null;
const at = (cell) => {
  for (const [r, row] of rows.entries()) if (row.includes(cell)) return [r, row.indexOf(cell)];
  return [0, 0];
};
const isShown = (cell) => cell.offsetParent !== null;
function go(cell) {
  const box = boxOf(cell);
  if (!box) return false;
  box.focus();
  box.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}
function step(from, down, across) {
  let [r, c] = at(from);
  for (;;) {
    r += down; c += across;
    const next = rows[r]?.[c];
    if (!next) return false;
    if (boxOf(next) && isShown(next) && go(next)) return true;
  }
}
function edge(from, wholeTable, last) {
  const line = wholeTable ? rows.flat() : rows[at(from)[0]];
  const open = line.filter((cell) => boxOf(cell) && isShown(cell));
  go(last ? open.at(-1) : open[0]);
}
const picked = () => {
  if (!anchor || !head) return [];
  const [[r1, c1], [r2, c2]] = [at(anchor), at(head)];
  return rows.slice(Math.min(r1, r2), Math.max(r1, r2) + 1).map((row) => row.slice(Math.min(c1, c2), Math.max(c1, c2) + 1));
};
function pick(from, to) {
  anchor = from; head = to;
  const chosen = new Set(from === to ? [] : picked().flat());
  for (const cell of rows.flat()) cell.classList.toggle("g-picked", chosen.has(cell));
  if (chosen.size) say(`${cells(chosen.size)} choisie${chosen.size > 1 ? "s" : ""} : Ctrl+C les copie, Suppr les vide.`);
}
function extend(down, across) {
  const [r, c] = at(head ?? anchor);
  const next = rows[r + down]?.[c + across];
  if (next && isShown(next)) pick(anchor, next), next.scrollIntoView({ block: "nearest", inline: "nearest" });
}
const type = (box, text) => {
  if (box.value === text) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};

form?.addEventListener("focusin", ({ target }) => {
  if (!target.matches(".g-in")) return;
  editing = false; before = target.value;
  if (!phone.matches) target.select();
  pick(cellOf(target), cellOf(target));
});
form?.addEventListener("pointerdown", (event) => {
  const cell = event.target.closest?.("td[data-code]");
  if (event.shiftKey && cell && anchor) {
    event.preventDefault();
    pick(anchor, cell);
  } else if (event.target === document.activeElement) editing = true; // a second click places the caret
});
form?.addEventListener("dblclick", ({ target }) => { if (target.matches(".g-in")) editing = true; });
form?.addEventListener("input", ({ target }) => {
  if (!target.matches(".g-in")) return;
  settle(target);
  judge();
});

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
form?.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!box.matches(".g-in") || event.isComposing) return;
  const cell = cellOf(box), arrow = ARROWS[event.key], stop = () => event.preventDefault();
  if (arrow && event.shiftKey && !editing) return stop(), extend(...arrow);
  if (arrow && !editing && !event.ctrlKey && !event.altKey && !event.metaKey) return stop(), step(cell, ...arrow);
  if ((event.key === "Home" || event.key === "End") && !editing && !event.shiftKey) return stop(), edge(cell, event.ctrlKey, event.key === "End");
  if (event.key === "F2") {
    stop();
    editing = true;
    box.setSelectionRange(box.value.length, box.value.length);
  } else if (event.key === "Enter" && event.altKey && box.tagName === "TEXTAREA") {
    stop();
    box.setRangeText("\n", box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.key === "Enter" && !event.ctrlKey) {
    stop();
    step(cell, event.shiftKey ? -1 : 1, 0) || box.select();
    editing = false;
  } else if (event.key === "Enter") {
    stop();
    form.requestSubmit(save);
  } else if (event.key === "Escape") {
    stop();
    type(box, before);
    editing = false;
    box.select();
    pick(cell, cell);
  } else if ((event.key === "Delete" || event.key === "Backspace") && head !== anchor) {
    stop();
    for (const each of picked().flat()) if (boxOf(each)) type(boxOf(each), "");
  }
});

// Copy and paste -------------------------------------------------------------------------------------------------

const quote = (text) => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const textOf = (cell) => boxOf(cell)?.value ?? cell.querySelector(".g-said")?.textContent ?? "";
form?.addEventListener("copy", (event) => {
  if (!event.target.matches?.(".g-in") || head === anchor) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", picked().map((row) => row.map((cell) => quote(textOf(cell))).join("\t")).join("\n"));
});
form?.addEventListener("paste", (event) => {
  const box = event.target;
  if (!box.matches?.(".g-in")) return;
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  const several = /[\t\n\r]/.test(text);
  if (several && !(editing && box.tagName === "TEXTAREA" && !text.includes("\t"))) {
    event.preventDefault();
    lay(box, text);
  }
});
async function lay(box, text) {
  const [row, column] = codeOf(box).split("-");
  const body = new FormData();
  body.set("row", row); body.set("column", column); body.set("text", text);
  say("Lecture du bloc…");
  let told;
  try {
    told = await ask(body);
  } catch {
    return say("Le bloc n’a pas pu être lu : pas de réseau, ou session fermée. Enregistrez ce qui est écrit, puis collez de nouveau.");
  }
  if (told.problem) return say(told.problem);
  const verdicts = told.rows.flat(), written = [];
  for (const verdict of verdicts) {
    const target = verdict.code && byCode.get(verdict.code);
    if (!target || !["kept", "doubt"].includes(verdict.state)) continue;
    written.push([target, target.value]);
    target.value = verdict.text.trim();
    paint(target);
    mark(target, verdict.words, verdict.state);
  }
  count(); keep();
  written[0]?.[0].dispatchEvent(new Event("input", { bubbles: true }));
  showVerdicts(verdicts, written, box);
}
function showVerdicts(verdicts, written, box) {
  document.querySelector(".g-panel")?.remove();
  const panel = document.createElement("section"), title = document.createElement("h2"), list = document.createElement("ul");
  const others = verdicts.filter((each) => !["kept", "doubt"].includes(each.state));
  panel.className = "g-panel";
  panel.setAttribute("role", "status");
  title.textContent = `Bloc de ${cells(verdicts.length)} : ${written.length} à enregistrer.`;
  for (const each of others.slice(0, 60)) {
    const item = document.createElement("li");
    item.textContent = `« ${each.text || "vide"} » : ${each.state === "refused" ? each.words : each.title}`;
    list.append(item);
  }
  panel.append(title);
  if (others.length) panel.append(list);
  const back = document.createElement("button");
  back.type = "button"; back.className = "btn-j alt"; back.textContent = "Annuler ce collage";
  back.addEventListener("click", () => {
    for (const [target, text] of written) target.value = text, paint(target);
    count(); keep();
    panel.remove();
    say("Collage annulé.");
    box.focus();
  });
  if (written.length) panel.append(back);
  form.querySelector(".g-wrap").before(panel);
  say(title.textContent);
}

// One column at a time on a phone --------------------------------------------------------------------------------

function show(column) {
  for (const cell of form.querySelectorAll("[data-col]")) cell.classList.toggle("g-on", cell.dataset.col === column);
  for (const link of form.querySelectorAll("[data-show]")) link.toggleAttribute("aria-current", link.dataset.show === column);
  for (const link of form.querySelectorAll("[data-show][aria-current]")) link.setAttribute("aria-current", "true");
  inView();
}
const inView = () => form.querySelector("[data-show][aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
form?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-show]");
  if (!link) return;
  event.preventDefault();
  show(link.dataset.show);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go]");
  if (!link || !form) return;
  event.preventDefault();
  show(link.dataset.go);
  document.querySelector(link.getAttribute("href"))?.focus();
});

// Sending ----------------------------------------------------------------------------------------------------------

const name = (on) => { for (const box of boxes) if (on) box.name = box.dataset.name; else box.removeAttribute("name"); };
undo?.addEventListener("click", () => {
  for (const box of boxes) box.value = stored(box), paint(box);
  document.querySelector(".g-panel")?.remove();
  count(); keep();
  say("Vos changements sont annulés.");
});
form?.addEventListener("submit", () => {
  field("packed").value = packed();
  name(false);
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !form) return;
  field("packed").value = "";
  name(true);
});

if (form) {
  restore();
  boxes.forEach(paint);
  count();
  if (phone.matches) inView();
}
