// A save of the register that cannot be sent (no network, a server that is away) waits in this browser, sealed, and is
// sent later. It is sealed before it is sent: a phone that dies loses nothing. The key is in this page only, and comes
// back with a page of the opened register. Without this script, the browser sends forms as it always does.
const bar = document.querySelector("[data-sending-bar]");
const PATIENCE = 20_000;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

// Sealing --------------------------------------------------------------------------------------------------------
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const keys = await Promise.all(
  (window.crypto?.subtle ? (bar.dataset.keys ?? "") : "")
    .split(" ")
    .filter(Boolean)
    .map((text) => crypto.subtle.importKey("raw", toBytes(text), "AES-GCM", false, ["encrypt", "decrypt"])),
);
delete bar.dataset.keys;
const { owner } = bar.dataset;
const place = (id, nonce) => ({ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(`${owner}|${id}`) });

const sealed = async (content) => {
  const id = crypto.randomUUID();
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const payload = new TextEncoder().encode(JSON.stringify(content));
  return { id, owner, at: Date.now(), nonce, payload: await crypto.subtle.encrypt(place(id, nonce), keys[0], payload) };
};
const opened = async ({ id, nonce, payload }) => {
  for (const key of keys) {
    try {
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(place(id, nonce), key, payload)));
    } catch {
      // sealed under another key of the register
    }
  }
  return null;
};

// Where it waits: the browser's own base, else this page alone ------------------------------------------------------
const base = (mode, act) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open("registre", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("envois", { keyPath: "id" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const task = opening.result.transaction("envois", mode);
      const request = act(task.objectStore("envois"));
      const end = (settle, value) => (opening.result.close(), settle(value()));
      task.oncomplete = () => end(resolve, () => request.result);
      task.onabort = () => end(reject, () => task.error);
    };
  });
let inPage = [];
const waiting = async () => {
  const rows = await base("readonly", (rows) => rows.getAll()).catch(() => []);
  return [...rows.filter((row) => row.owner === owner), ...inPage].sort((a, b) => a.at - b.at);
};
const keep = (row) => base("readwrite", (rows) => rows.put(row)).catch(() => inPage.push(row));
const forget = async (id) => {
  inPage = inPage.filter((row) => row.id !== id);
  await base("readwrite", (rows) => rows.delete(id)).catch(() => {});
};

// Sending --------------------------------------------------------------------------------------------------------
const forms = new Map(); // what this page itself sent, by identifier: its form rests until it is stored
const answers = new Map(); // what the server said of those that wait
let stopped = { state: "waiting" };
let pause = FIRST_PAUSE;
let timer;
let busy = false;
let leaving = false;
let asking = false; // whether to give up: nothing is sent meanwhile
let stored = "";

const post = async ({ path, fields }) => {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout?.(PATIENCE),
      headers: { Accept: "application/json, text/html", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
      body: new URLSearchParams(fields),
    });
    if (answer.status >= 500 || answer.status === 429) return { state: "waiting" };
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
    if (answer.ok) return { state: "see", path, page: await answer.text() };
  } catch {
    return { state: "waiting" }; // no network, no answer in time, or an answer cut in its middle: asked again
  }
  return { state: "reload", to: location.href };
};

// The page that the server answered takes the place of this one: what was typed is in it.
const show = async (id) => {
  const { path, page } = answers.get(id);
  const answer = new DOMParser().parseFromString(page, "text/html");
  const content = answer.getElementById("contenu");
  content.querySelector("[data-sending-bar]")?.replaceWith(bar);
  history.replaceState(null, "", path);
  document.title = answer.title;
  document.getElementById("contenu").replaceWith(content);
  answers.delete(id);
  forms.delete(id);
  await forget(id);
  content.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true }));
  content.querySelector("form [data-focus]")?.closest("form").elements[0].dispatchEvent(new Event("input", { bubbles: true }));
  await draw();
};

const sendAll = async () => {
  stopped = { state: "waiting" };
  for (const row of await waiting()) {
    if (["see", "gone", "unreadable"].includes(answers.get(row.id)?.state)) continue;
    const content = await opened(row);
    const answer = content ? await post(content) : { state: "unreadable" };
    if (answer.state === "done") {
      stored = answer.to;
      await forget(row.id);
      pause = FIRST_PAUSE;
    } else if (["see", "gone", "unreadable"].includes(answer.state)) {
      answers.set(row.id, answer);
      if (answer.page && forms.has(row.id)) await show(row.id);
    } else {
      stopped = answer;
      return;
    }
  }
};
const follow = async () => {
  const left = new Set((await waiting()).map((row) => row.id));
  const ours = [...forms.keys()];
  for (const id of ours) if (!left.has(id)) forms.delete(id);
  if (left.size || !ours.length || forms.size) return;
  leaving = true;
  const to = new URL(stored || location.href, location.href);
  if (to.pathname + to.search === location.pathname + location.search) {
    location.hash = to.hash;
    location.reload();
  } else location.assign(to);
};
const flush = async () => {
  if (busy || asking || !keys.length) return draw();
  busy = true;
  clearTimeout(timer);
  try {
    // One tab sends at a time.
    await navigator.locks.request("registre", { ifAvailable: true }, (lock) => lock && sendAll());
    await follow();
  } finally {
    busy = false;
  }
  await draw();
  if (stopped.state === "waiting" && (await waiting()).length) {
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
};

// The bar --------------------------------------------------------------------------------------------------------
const part = (name) => bar.querySelector(`[data-sending-${name}]`);
const WHY = {
  waiting: "il partira dès que la connexion revient",
  closed: "le registre est fermé, il partira dès que vous l’aurez ouvert",
  out: "votre session est finie, il partira une fois que vous serez reconnecté et le registre ouvert",
  reload: "rechargez la page pour qu’il parte",
  see: "à relire avant d’être enregistré",
  gone: "la fiche n’existe plus, ou ce registre n’est plus le vôtre. Recopiez ce que vous aviez écrit avant de l’abandonner",
  unreadable: "la clé du registre a changé depuis, il ne s’ouvre plus",
};
const WAYS = { closed: "Ouvrir le registre", out: "Se connecter", reload: "Recharger la page" };

const draw = async () => {
  const rows = await waiting();
  bar.hidden = !rows.length && !(stored && !leaving && !forms.size && keys.length);
  if (bar.hidden) return;
  const first = rows.map((row) => answers.get(row.id)).find(Boolean);
  const state = keys.length ? (first ?? stopped).state : "closed";
  const many = rows.length > 1 ? `${rows.length} envois en attente` : "1 envoi en attente";
  const here = inPage.length ? " Gardez cette page ouverte." : "";
  part("words").textContent = rows.length ? `${many} : ${WHY[state]}.${here}` : "Ce qui attendait est enregistré.";
  if (asking) part("words").textContent = "Effacer ce qui attend ? Ce qui serait déjà arrivé à Jalons y reste.";
  part("now").hidden = asking || state !== "waiting" || !rows.length;
  part("see").hidden = asking || state !== "see";
  part("way").hidden = asking || !(rows.length ? keys.length && WAYS[state] : stored);
  part("way").textContent = rows.length ? WAYS[state] : "Voir la fiche";
  const way = new URL(rows.length ? (stopped.to ?? "") : stored, location.href);
  if (state === "closed" || state === "out") way.searchParams.set("next", location.pathname + location.search);
  part("way").href = way.href;
  part("way").target = inPage.length ? "_blank" : "";
  part("drop").hidden = asking || !rows.length;
  part("sure").hidden = part("keep").hidden = !asking;
  const written = [];
  for (const row of rows) written.push(...((await opened(row))?.words ?? []));
  part("written").hidden = !written.length;
  part("written").querySelector("ul").replaceChildren(
    ...written.map((words) => Object.assign(document.createElement("li"), { textContent: words })),
  );
};
part("now").addEventListener("click", () => {
  pause = FIRST_PAUSE;
  flush();
});
part("see").addEventListener("click", async () => {
  for (const row of await waiting()) if (answers.get(row.id)?.page) return show(row.id);
});
part("way").addEventListener("click", () => (leaving = !inPage.length));
part("drop").addEventListener("click", () => {
  asking = true;
  draw();
});
part("keep").addEventListener("click", () => {
  asking = false;
  flush();
});
part("sure").addEventListener("click", async () => {
  for (const row of await waiting()) await forget(row.id);
  leaving = true;
  location.reload();
});

// Forms ----------------------------------------------------------------------------------------------------------
const wordsOf = (form) =>
  [...form.elements]
    .filter((field) => field.labels?.length && field.value && (!["radio", "checkbox"].includes(field.type) || field.checked))
    .map((field) => (field.type === "radio" || field.type === "checkbox" ? field.labels[0].textContent : (field.selectedOptions?.[0]?.textContent ?? field.value)).trim())
    .filter(Boolean);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("sealed" in form.dataset) || event.defaultPrevented || !keys.length || !navigator.locks) return;
  event.preventDefault();
  const address = new URL(form.getAttribute("action") || location.href, location.href);
  const fields = [...new FormData(form, event.submitter)]
    .filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string")
    .map(([name, value]) => [name, value.replace(/\r\n|\r|\n/g, "\r\n")]);
  const title = document.querySelector("h1").textContent.trim();
  const row = await sealed({ path: address.pathname + address.search, fields, words: [title, ...wordsOf(form)] });
  forms.set(row.id, form);
  form.inert = true;
  await keep(row);
  await flush();
  if (forms.has(row.id) && !inPage.length && ["closed", "out"].includes(stopped.state)) {
    leaving = true;
    location.assign(part("way").href);
  }
  form.querySelector("[data-sending]")?.replaceChildren(forms.has(row.id) && !leaving ? "En attente d’envoi." : "");
});
window.addEventListener("beforeunload", (event) => {
  if ((forms.size || inPage.length) && !leaving) event.preventDefault();
});
window.addEventListener("online", () => {
  pause = FIRST_PAUSE;
  flush();
});
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState === "visible" && (await waiting()).length) flush();
});
window.addEventListener("pageshow", (event) => event.persisted && flush());
if ((await waiting()).length) flush();
