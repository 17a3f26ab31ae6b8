// What every map shares, on Leaflet (global `L`); without it, or without JavaScript, pages keep their words.
// [data-map] shows one place, once it comes in sight and not before: Leaflet and the outlines are half of a page.
// [data-map-picker] fills two fields with a point; other modules call `openMap`.
let L = window.L;
const FRANCE = [[41.2, -5.3], [51.2, 9.7]];
const CLOSE = 15; // the zoom at which streets are read
const FAR = 8; // the zoom at which a département is seen whole
const PATIENCE = 6000; // how long tiles may stay silent, in milliseconds
const PAPER = 670; // width of an A4 page within its margins, in CSS pixels
const PRECISE = 12; // below this zoom a click is a kilometre wide: it comes closer instead of setting a point
const NAMES_FROM = 7; // the zoom from which départements are named on the outlines
const NO_TILES = "Le fond de carte ne répond pas : seuls les contours des départements sont dessinés.";
const NO_MAP = "La carte n’a pas pu être chargée.";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const part = (box, name) => box.querySelector(`[data-map-${name}]`);

function note(box, text) {
  const line = part(box, "note");
  line.textContent = text;
  line.hidden = !text;
}

/** A map in the canvas of `box`, with its background and French controls; null when Leaflet did not come. */
export function openMap(box, options = {}) {
  if (!L) return note(box, NO_MAP), null;
  const canvas = part(box, "canvas");
  const map = L.map(canvas, {
    zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 3, maxZoom: 18, keyboardPanDelta: 50,
    scrollWheelZoom: false, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
    ...options,
  });
  L.control.zoom({ zoomInTitle: "Zoom avant", zoomOutTitle: "Zoom arrière" }).addTo(map);
  L.control.attribution({ prefix: false }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (!canvas.role) canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", canvas.dataset.label || box.dataset.label);
  // The wheel scrolls the page until the map is used.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur mouseout", () => map.scrollWheelZoom.disable());
  map.fitBounds(FRANCE);
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(canvas);
  canvas.addEventListener("keydown", (event) => {
    const icon = event.target.closest(".leaflet-marker-icon, .leaflet-popup-close-button");
    if (event.key === " " && icon) event.preventDefault(), icon.click();
    if (event.key === "Escape") map.closePopup();
  });
  map.on("popupopen", ({ popup }) => {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", "Fermer");
    (popup.getElement().querySelector("a[href]:not(.leaflet-popup-close-button)") ?? close).focus({ preventScroll: true });
  });
  map.on("popupclose", ({ popup }) => {
    if (popup.getElement().contains(document.activeElement)) (popup._source?.getElement() ?? canvas).focus({ preventScroll: true });
  });
  window.addEventListener("beforeprint", () => toPaper(canvas));
  window.addEventListener("afterprint", () => Object.assign(canvas.style, { width: "", height: "", zoom: "" }));
  drawBackground(map, box);
  box.jalonsMap = map; // for a module that comes later
  box.dispatchEvent(new CustomEvent("jalons:map", { bubbles: true, detail: map }));
  return map;
}

/** On paper, what is on the screen and nothing less: the drawing is made smaller, never cut. */
function toPaper(canvas) {
  const { offsetWidth: width, offsetHeight: height } = canvas;
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, zoom: Math.min(1, PAPER / width) });
}

/** Tiles when there are some; outlines of the départements when there are none, or when they do not come. */
function drawBackground(map, box) {
  const { tiles, attribution } = box.dataset;
  const outlines = around(box.dataset);
  let drawn = false, came = false;
  const drawOutlines = async () => {
    if (drawn) return;
    drawn = true;
    try {
      const answer = await fetch(outlines, { headers: { Accept: "application/geo+json" } });
      if (answer.ok) addOutlines(map, await answer.json()), map.fire("outlines");
    } catch { /* marks alone, then */ }
  };
  if (!tiles) return drawOutlines();
  const layer = L.tileLayer(tiles, { attribution, maxNativeZoom: 18, maxZoom: 18 });
  const give = () => {
    if (came || !box.isConnected) return;
    note(box, NO_TILES);
    drawOutlines();
  };
  let failed = 0;
  layer.on("tileload", () => { if (!came) note(box, ""); came = true; });
  layer.on("tileerror", () => { if (++failed === 3) give(); });
  setTimeout(give, PATIENCE);
  layer.addTo(map);
}

/** Of one place, the départements around it are enough. */
const around = ({ outlines, lat, lon, near }) => (lat && !near ? `${outlines}?autour=${Number(lat).toFixed(1)},${Number(lon).toFixed(1)}` : outlines);

function addOutlines(map, collection) {
  const pane = map.createPane("outlines");
  pane.setAttribute("aria-hidden", "true");
  L.geoJSON(collection, { pane: "outlines", renderer: L.svg({ pane: "outlines", padding: 0.6 }), interactive: false, style: { className: "j-outline", weight: 1 } }).addTo(map);
  const names = L.layerGroup(collection.features.map((feature) => {
    const largest = feature.geometry.coordinates.map(([ring]) => L.latLngBounds(ring.map(([lon, lat]) => [lat, lon]))).sort((a, b) => extent(b) - extent(a))[0];
    const words = document.createElement("span");
    words.textContent = feature.properties.name;
    return L.marker(largest.getCenter(), { pane: "outlines", interactive: false, keyboard: false, icon: L.divIcon({ className: "j-outline-name", html: words, iconSize: null }) });
  }));
  const show = () => (map.getZoom() >= NAMES_FROM ? names.addTo(map) : names.remove());
  map.on("zoomend", show);
  show();
}

const extent = (bounds) => (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());

/** An icon drawn in HTML, named for screen readers; `size` is what a finger can hit, in pixels. */
export function namedIcon({ html, css, size, label }) {
  const icon = L.divIcon({ html, className: css, iconSize: [size, size], popupAnchor: [0, -size / 3] });
  const create = icon.createIcon.bind(icon);
  icon.createIcon = (old) => {
    const element = create(old);
    element.setAttribute("role", "img"); // Leaflet makes a button of a mark that can be pressed
    element.setAttribute("aria-label", label);
    element.title = label;
    return element;
  };
  return icon;
}

const pin = (label, css = "") => namedIcon({
  html: '<svg viewBox="0 0 24 32" aria-hidden="true" focusable="false"><path d="M12 31C10 25 1.5 18 1.5 11.5a10.5 10.5 0 0 1 21 0C22.5 18 14 25 12 31z"/><circle cx="12" cy="11.5" r="4"/></svg>',
  css: `j-pin ${css}`, size: 32, label,
});

// One place ------------------------------------------------------------------------------------------------

function showPlace(box) {
  const map = openMap(box);
  if (!map) return;
  const compared = "close" in box.dataset; // the places around are what one looks at
  const closest = box.dataset.tiles || compared ? CLOSE - 1 : FAR; // outlines say nothing from close by
  const place = box.dataset.lat ? [Number(box.dataset.lat), Number(box.dataset.lon)] : null;
  if (place) {
    map.setView(place, closest);
    L.marker(place, { icon: pin(box.dataset.label), interactive: false, keyboard: false }).addTo(map);
  }
  map.once("outlines", () => !compared && map.getZoom() > FAR && map.setZoom(FAR)); // tiles that did not come
  const others = document.getElementById(box.dataset.near);
  const points = others ? [...others.querySelectorAll("[data-point-lat][data-point-lon]")] : [];
  if (!points.length) return;
  showAround(L.layerGroup().addTo(map), others);
  const places = points.map((item) => [Number(item.dataset.pointLat), Number(item.dataset.pointLon)]);
  map.fitBounds(place ? [place, ...places] : places, { maxZoom: compared ? CLOSE + 1 : closest, padding: compared ? [48, 30] : [24, 24] });
}

// A point to fill in ---------------------------------------------------------------------------------------

const DEGREES = /^[-+−]?\d{1,3}([.,]\d+)?$/;
const readDegrees = (input) => {
  const text = input.value.replace(/\s/g, "");
  return DEGREES.test(text) ? Number(text.replace(",", ".").replace("−", "-")) : null;
};
// Fields that people read are in French; hidden ones are for machines.
const writeDegrees = (input, value) => {
  const text = value.toFixed(6);
  input.value = input.type === "text" ? text.replace(".", ",") : text;
};

function pickPlace(box) {
  const inputs = [box.dataset.latInput, box.dataset.lonInput].map((id) => document.getElementById(id));
  if (inputs.includes(null) || !L) return;
  box.hidden = false;
  const map = openMap(box);
  const around = L.layerGroup().addTo(map);
  const marker = L.marker([0, 0], { icon: pin("Le point choisi", "chosen"), draggable: true, autoPan: true, keyboard: false });
  let writing = false;

  const status = (text) => { part(box, "status").textContent = text; };
  const show = (place) => {
    marker.setLatLng(place).addTo(map);
    part(box, "clear").hidden = false;
    status(`Point posé : ${place.lat.toFixed(5)} ; ${place.lng.toFixed(5)}`.replaceAll(".", ","));
  };
  const forget = () => {
    marker.remove();
    part(box, "clear").hidden = true;
    status("Aucun point n’est posé.");
  };
  // Both fields are filled before anyone is told, and told once: a page may ask the server what stands there.
  const changed = () => {
    writing = true;
    for (const input of inputs) input.dispatchEvent(new Event("input", { bubbles: true }));
    inputs[1].dispatchEvent(new Event("change", { bubbles: true }));
    writing = false;
  };
  const set = (place) => {
    const point = place.wrap();
    writeDegrees(inputs[0], point.lat);
    writeDegrees(inputs[1], point.lng);
    show(point);
    changed();
  };
  const follow = () => {
    if (writing) return;
    const [lat, lon] = inputs.map(readDegrees);
    if (lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) return forget();
    show(L.latLng(lat, lon));
    map.setView([lat, lon], Math.max(map.getZoom(), CLOSE));
  };

  const aim = (place) => {
    if (map.getZoom() >= PRECISE) return set(place);
    map.setView(place, Math.min(PRECISE, map.getZoom() + 4));
    status("La carte s’est rapprochée : visez de plus près pour poser le point.");
  };

  map.on("click", (event) => aim(event.latlng));
  marker.on("dragend", () => set(marker.getLatLng()));
  part(box, "canvas").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== event.currentTarget) return;
    event.preventDefault(); // the form is not sent
    aim(map.getCenter());
  });
  part(box, "set").addEventListener("click", () => aim(map.getCenter()));
  part(box, "clear").addEventListener("click", () => {
    for (const input of inputs) input.value = "";
    forget();
    changed();
    part(box, "set").focus();
  });
  for (const input of inputs) input.addEventListener("change", follow);
  if (box.dataset.view) {
    const [lat, lon, zoom] = box.dataset.view.split(",").map(Number);
    map.setView([lat, lon], zoom);
  }
  follow();
  showAround(around, document.getElementById(box.dataset.near));
}

/** The letter of a place, as the list writes it; the list itself is what is read aloud. */
function signOf(letters) {
  const sign = document.createElement("b");
  sign.textContent = letters;
  sign.setAttribute("aria-hidden", "true");
  return sign;
}

/** Draws the places that `list` names, now and each time it changes. */
function showAround(layer, list) {
  if (!list) return;
  const draw = () => {
    layer.clearLayers();
    for (const item of list.querySelectorAll("[data-point-lat][data-point-lon]")) {
      const words = document.createElement("span");
      words.textContent = item.dataset.pointLabel || item.textContent.trim();
      const point = L.circleMarker([Number(item.dataset.pointLat), Number(item.dataset.pointLon)], { radius: 7, className: "j-near-point" }).bindTooltip(words, { direction: "top" }).addTo(layer);
      const sign = item.dataset.pointSign;
      if (sign) L.marker(point.getLatLng(), { interactive: false, keyboard: false, icon: L.divIcon({ className: "j-near-sign", html: signOf(sign), iconSize: [22, 22], iconAnchor: [-6, 11] }) }).addTo(layer);
    }
  };
  new MutationObserver(draw).observe(list, { childList: true, subtree: true });
  draw();
}

// ----------------------------------------------------------------------------------------------------------

/** Leaflet, from the addresses that the box bears; the page has it already when it also has a picker. */
let coming;
function leaflet({ leaflet: script, leafletStyle }) {
  if (L || !script) return Promise.resolve();
  coming ??= Promise.all([["link", { rel: "stylesheet", href: leafletStyle }], ["script", { src: script }]].map(([name, attributes]) => new Promise((done) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.addEventListener("load", done);
    element.addEventListener("error", done); // then the map says that it could not be loaded
    document.head.prepend(element);
  }))).then(() => { L = window.L; });
  return coming;
}

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) sight.unobserve(target), leaflet(target.dataset).then(() => showPlace(target));
});

const opened = new WeakSet();
function enhance(root) {
  for (const [selector, open] of [["[data-map]", (box) => sight.observe(box)], ["[data-map-picker]", pickPlace]]) {
    for (const box of root.querySelectorAll(selector)) if (!opened.has(box)) opened.add(box), open(box);
  }
}
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target.parentNode ?? event.target));
