// Layers of organisations under the sites of a map. A box of the page (`input[data-layer-source]`) says where the places
// of a layer come from and how they look; its drawings stand beside it. Every map that `core/map.js` opens is heard of
// by the event « jalons:map ». [data-layer-alone] is the map of one layer, which opens on it.
const PANE = "layers";
const MOST_MARKS = 400; // in sight; beyond, marks that touch are drawn as one
const CELL = 14; // pixels
const HAND = 24;
const places = new Map(); // address → promise of its collection

const fetchPlaces = (source) => {
  if (!places.has(source)) {
    places.set(source, fetch(source, { headers: { Accept: "application/geo+json" } }).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).catch((error) => { places.delete(source); throw error; }));
  }
  return places.get(source);
};

function popup(name, label, look) {
  const card = document.createElement("div");
  const line = (words, css) => {
    if (!words) return;
    const element = card.appendChild(document.createElement("p"));
    element.textContent = words;
    element.className = css;
  };
  line(name || look.title, "j-popup-name");
  line(label, "");
  line(name ? `${look.title}. ${look.about}` : look.about, "j-why");
  return card;
}

/** How a layer looks, from its box and the drawings beside it. */
function lookOf(box) {
  const { layerKey: key, layerTitle: title, layerAbout: about, layerColour: colour, layerDashes: dashes } = box.dataset;
  const mark = document.querySelector(`svg[data-layer-mark="${key}"]`);
  return { key, title, about, colour, dashes, mark: mark ? mark.outerHTML : "" };
}

/** Outlines and lines, once; marks, as many as can be told apart in what is in sight. */
function drawPlaces(L, map, collection, look) {
  const group = L.layerGroup();
  const shapes = collection.features.filter(({ geometry }) => geometry.type !== "MultiPoint");
  const columns = collection.features.find(({ geometry }) => geometry.type === "MultiPoint");
  if (!map.getPane(PANE)) {
    map.createPane(PANE);
    map.layersRenderer = L.svg({ pane: PANE, padding: 0.4 });
  }
  const bounds = L.latLngBounds([]);
  if (shapes.length) {
    const drawn = L.geoJSON({ type: "FeatureCollection", features: shapes }, {
      pane: PANE, renderer: map.layersRenderer,
      style: ({ geometry }) => ({
        color: look.colour, weight: 1.6, dashArray: look.dashes || null, fill: geometry.type.endsWith("Polygon"),
        fillColor: `url(#j-motif-${look.key})`, fillOpacity: 1,
      }),
    });
    drawn.eachLayer((shape) => shape.bindPopup(() => popup(shape.feature.properties.name, shape.feature.properties.label, look), { maxWidth: 280 }));
    bounds.extend(drawn.getBounds());
    group.addLayer(drawn);
  }
  if (columns) {
    const points = columns.geometry.coordinates.map(([lon, lat], rank) => ({ at: L.latLng(lat, lon), name: columns.properties.name[rank], label: columns.properties.label[rank] }));
    points.forEach(({ at }) => bounds.extend(at));
    const marks = L.layerGroup();
    const icon = L.divIcon({ html: look.mark, className: "j-layer-spot", iconSize: [HAND, HAND] });
    const draw = () => {
      marks.clearLayers();
      const seen = map.getBounds().pad(0.1);
      let inSight = points.filter(({ at }) => seen.contains(at));
      if (inSight.length > MOST_MARKS) {
        const cells = new Map();
        for (const point of inSight) {
          const { x, y } = map.latLngToLayerPoint(point.at);
          cells.set(`${Math.floor(x / CELL)},${Math.floor(y / CELL)}`, point);
        }
        inSight = [...cells.values()];
      }
      for (const point of inSight) {
        L.marker(point.at, { icon, pane: PANE, keyboard: false, alt: "" }).bindPopup(() => popup(point.name, point.label, look), { maxWidth: 280 }).addTo(marks);
      }
    };
    group.on("add", () => { map.on("moveend", draw); draw(); });
    group.on("remove", () => map.off("moveend", draw));
    group.addLayer(marks);
  }
  return { group, bounds };
}

const maps = []; // each with what is drawn on it, by address

/** Every map of the page follows a box. */
async function update(box) {
  const source = box.dataset.layerSource;
  for (const { map, drawn } of maps) {
    if (!box.checked) {
      drawn.get(source)?.remove();
      continue;
    }
    try {
      const collection = await fetchPlaces(source);
      if (!drawn.has(source)) drawn.set(source, drawPlaces(window.L, map, collection, lookOf(box)).group);
    } catch {
      say(box, "Cette couche n’a pas pu être chargée : rechargez la page.");
      return;
    }
    if (box.checked) drawn.get(source).addTo(map);
  }
}

const boxes = (root = document) => [...root.querySelectorAll("input[data-layer-source]")];
const followed = new WeakSet();
function follow(root) {
  for (const box of boxes(root)) {
    if (followed.has(box)) continue;
    followed.add(box);
    box.addEventListener("change", () => update(box));
    if (box.checked) update(box);
  }
}

function say(box, words) {
  const status = box.closest("form")?.querySelector("[data-layers-status]");
  if (status) status.textContent = words;
}

async function showAlone(box) {
  const { openMap } = await import(box.dataset.core);
  const map = openMap(box);
  if (!map) return;
  try {
    const { group, bounds } = drawPlaces(window.L, map, await fetchPlaces(box.dataset.layerAlone), lookOf(box));
    group.addTo(map);
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: box.dataset.tiles ? 15 : 11 });
  } catch {
    const note = box.querySelector("[data-map-note]");
    note.textContent = "Les objets n’ont pas pu être chargés : rechargez la page.";
    note.hidden = false;
  }
}

const heard = new WeakSet();
function hear(map) {
  if (!map || heard.has(map)) return;
  heard.add(map);
  maps.push({ map, drawn: new Map() });
  for (const box of boxes()) if (box.checked) update(box);
}
document.addEventListener("jalons:map", ({ detail, target }) => { if (!("layerAlone" in target.dataset)) hear(detail); });
document.addEventListener("htmx:load", () => follow(document));
document.querySelectorAll("[data-layer-alone]").forEach(showAlone);
for (const box of document.querySelectorAll(".j-map:not([data-layer-alone])")) hear(box.jalonsMap);
follow(document);
