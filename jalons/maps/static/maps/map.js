// The sites of a filtered list as marks, and the insertion sites around, on a layer that can be switched off. [data-map-sites] says where the points come from (GeoJSON of
// `maps.selectors.sites_collection`) and the address of a sheet; the key of the page holds the drawings.
const SIZES = [[100, "s3"], [10, "s2"], [0, "s1"]];
const BELOW = -10000; // an insertion site stands under the sites: it never hides how many they are
const HAND = 30; // pixels that a finger can hit
const MANY = 2000; // beyond, marks are placed in several goes so that the page stays alive
const number = new Intl.NumberFormat("fr-FR");
const plural = (count, one, many) => `${number.format(count)} ${count < 2 ? one : many}`;
const day = (iso) => iso.split("-").reverse().join("/");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const STATES = ["late", "due", "good", "closed"];

const drawings = Object.fromEntries([...document.querySelectorAll("svg[data-mark]")].map((svg) => [svg.dataset.mark, svg.outerHTML]));

/** A feature of columns → one plain object for each of its points. */
function places({ geometry, properties }, sources) {
  const { kind, status, freshness, ...columns } = properties;
  return geometry.coordinates.map(([lon, lat], rank) => {
    const place = { kind, status, freshness, lat, lon };
    for (const [name, column] of Object.entries(columns)) place[name] = column[rank];
    return { ...place, source: sources[place.source] ?? "" };
  });
}

/** Which drawing stands for a place; an insertion site has its own in the key. */
function drawingOf({ kind, status, freshness, people }) {
  if (kind !== "site") return kind;
  if (status === "closed") return "closed";
  return people === null ? "never" : freshness;
}

const sizeOf = (people) => (people === null ? "s2" : SIZES.find(([least]) => people >= least)[1]);
const peopleWords = (people) => (people === null ? "non recensé" : plural(people, "personne", "personnes"));

function line(parent, words, css = "") {
  const element = parent.appendChild(document.createElement("p"));
  element.textContent = words;
  element.className = css;
}

function popupOf(place, sheet) {
  const card = document.createElement("div");
  const name = card.appendChild(document.createElement("p"));
  const link = name.appendChild(document.createElement("a"));
  name.className = "j-popup-name";
  link.href = sheet.replace("__id__", place.id);
  link.textContent = place.name;
  line(card, place.ended ? `${place.commune}, fermé le ${day(place.ended)}` : place.commune);
  const minors = place.minors === null ? "" : `, dont ${plural(place.minors, "mineur", "mineurs")}`;
  line(card, peopleWords(place.people) + minors, place.people === null ? "j-nd" : "j-popup-people");
  if (place.on) line(card, `le ${day(place.on)}, ${place.source}`, "j-why");
  return card;
}

function groundPopup(place, sheet) {
  const card = document.createElement("div");
  line(card, place.name, "j-popup-name");
  line(card, `Terrain d’insertion, ${place.commune}`);
  const told = card.appendChild(document.createElement("p"));
  const link = told.appendChild(document.createElement("a"));
  link.href = sheet.replace("__id__", place.action_id);
  link.textContent = place.action;
  told.prepend("Dispositif : ");
  return card;
}

function groundMarker(L, namedIcon, place, sheet) {
  const label = `Terrain d’insertion ${place.name}, ${place.commune}, dispositif ${place.action}`;
  const icon = namedIcon({ html: drawings[drawingOf(place)], css: "j-spot s2", size: HAND, label });
  return L.marker([place.lat, place.lon], { icon, zIndexOffset: BELOW }).bindPopup(() => groundPopup(place, sheet), { maxWidth: 280, autoPanPadding: [20, 20] });
}

/** The layer follows its box in the key; a browser may have kept the box unticked. */
function switchable(map, layer, box) {
  if (!box) return layer.addTo(map);
  const follow = () => (box.checked ? layer.addTo(map) : layer.remove());
  box.addEventListener("change", follow);
  follow();
}

function markerOf(L, namedIcon, place, sheet) {
  const drawing = drawingOf(place);
  const label = `${place.name}, ${place.commune}, ${peopleWords(place.people)}`;
  const icon = namedIcon({ html: drawings[drawing], css: `j-spot ${sizeOf(place.people)}`, size: HAND, label });
  const marker = L.marker([place.lat, place.lon], { icon, id: place.id, state: place.status === "closed" ? "closed" : place.freshness });
  return marker.bindPopup(() => popupOf(place, sheet), { maxWidth: 280, autoPanPadding: [20, 20] });
}

/** How many sites, in a ring that shows the share of each state. */
function clusterIcon(namedIcon, cluster) {
  const markers = cluster.getAllChildMarkers();
  const count = markers.length;
  let start = 0;
  const arcs = STATES.map((state) => {
    const share = markers.reduce((sum, marker) => sum + (marker.options.state === state), 0) / count * 100;
    const arc = share ? `<circle class="${state}" cx="20" cy="20" r="17" pathLength="100" stroke-dasharray="${share} ${100 - share}" stroke-dashoffset="${-start}"/>` : "";
    start += share;
    return arc;
  }).join("");
  const size = count < 10 ? 36 : count < 100 ? 44 : 54;
  return namedIcon({
    html: `<svg viewBox="0 0 40 40" aria-hidden="true" focusable="false"><circle class="paper" cx="20" cy="20" r="19.5"/>${arcs}</svg><b>${number.format(count)}</b>`,
    css: "j-cluster", size, label: `${plural(count, "site", "sites")}, cliquez ou appuyez sur Entrée pour les séparer`,
  });
}

async function showSites(box) {
  const { openMap, namedIcon } = await import(box.dataset.core);
  const status = box.querySelector("[data-map-status]");
  const note = box.querySelector("[data-map-note]");
  const map = openMap(box);
  if (!map) return;
  const L = window.L;
  status.textContent = "Chargement des sites…";
  let collection;
  try {
    const answer = await fetch(box.dataset.source, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(answer.status);
    collection = await answer.json();
  } catch {
    status.textContent = "";
    note.textContent = "Les sites n’ont pas pu être chargés. Ils sont dans le tableau ci-dessous ; rechargez la page pour les voir sur la carte.";
    note.hidden = false;
    return;
  }
  const found = collection.features.flatMap((feature) => places(feature, collection.sources));
  const markers = found.filter((place) => place.kind === "site").map((place) => markerOf(L, namedIcon, place, box.dataset.sheet));
  const grounds = found.filter((place) => place.kind === "insertion").map((place) => groundMarker(L, namedIcon, place, box.dataset.actionSheet));
  const clusters = L.markerClusterGroup({
    iconCreateFunction: (cluster) => clusterIcon(namedIcon, cluster), maxClusterRadius: 38, showCoverageOnHover: false,
    chunkedLoading: found.length > MANY, animate: !calm, spiderLegPolylineOptions: { className: "j-leg", weight: 1.5 },
  });
  clusters.addLayers(markers);
  map.addLayer(clusters);
  switchable(map, L.layerGroup(grounds), document.querySelector('[data-map-layer="insertion"]'));
  const all = L.latLngBounds([...markers, ...grounds].map((marker) => marker.getLatLng()));
  const seeAll = () => all.isValid() && map.fitBounds(all, { padding: [30, 30], maxZoom: box.dataset.tiles ? 14 : 10 });
  seeAll();
  addReset(L, map, seeAll);
  const count = () => {
    const seen = map.getBounds();
    const shown = markers.reduce((sum, marker) => sum + seen.contains(marker.getLatLng()), 0);
    const words = plural(shown, "site affiché", "sites affichés");
    status.textContent = shown === markers.length ? words : `${words} sur ${number.format(markers.length)}`;
  };
  map.on("moveend", count);
  count();
  const wanted = markers.find((marker) => marker.options.id === box.dataset.focus);
  if (wanted) clusters.zoomToShowLayer(wanted, () => wanted.openPopup());
}

function addReset(L, map, action) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const bar = L.DomUtil.create("div", "leaflet-bar");
    const button = bar.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "j-map-reset";
    button.title = "Revoir tous les sites";
    button.setAttribute("aria-label", button.title);
    button.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>';
    button.addEventListener("click", action);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  control.addTo(map);
}

document.querySelectorAll("[data-map-sites]").forEach(showSites);
