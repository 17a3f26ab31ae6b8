// The place of a site: an address that is chosen fills the commune and the point; a point fills the address.
// Everything can be typed without it. `data-place-form` is a form or a fieldset; its value, the prefix of its fields.
const place = document.querySelector("[data-place-form]");
const form = place.form ?? place;
const field = (name) => form.elements.namedItem(place.dataset.placeForm + name);
const notice = form.querySelector("[data-geocoder-notice]");
const changed = (input) => input.dispatchEvent(new Event("change", { bubbles: true }));
const french = (number) => String(number).replace(".", ",");

// Addresses of the commune already chosen come first: the question names it.
const askWithin = () => {
  const url = new URL(field("address").dataset.comboboxUrl, location.href);
  if (field("insee").value) url.searchParams.set("insee", field("insee").value);
  else url.searchParams.delete("insee");
  field("address").dataset.comboboxUrl = url.pathname + url.search;
};

const fill = (place, { keepPoint = false } = {}) => {
  field("commune").value = place.commune;
  field("insee").value = place.insee;
  if (place.latitude !== null && !keepPoint) {
    field("latitude").value = french(place.latitude);
    field("longitude").value = french(place.longitude);
    changed(field("longitude"));
  }
  askWithin();
};

form.addEventListener("jalons:choice", ({ target, detail }) => {
  if (target === field("address")) {
    // A commune proposed where an address is asked is no address.
    field("address").value = detail.address;
    fill(detail);
    changed(target);
  } else if (target === field("commune")) {
    askWithin();
    changed(target);
  }
});
form.addEventListener("jalons:results", ({ target, detail }) => {
  if (target === field("address")) notice.textContent = detail.notice || "";
});
field("commune").addEventListener("input", askWithin);

// A click on the map, before anything is written: what stands there.
const pointed = async () => {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => field(name).value.replace(",", ".").trim());
  if (!latitude || !longitude || field("commune").value.trim()) return;
  const url = new URL(field("address").dataset.comboboxUrl, location.href);
  url.search = new URLSearchParams({ lat: latitude, lon: longitude });
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { results, notice: told } = await answer.json();
    notice.textContent = told || "";
    if (!results.length || field("commune").value.trim()) return;
    if (!field("address").value.trim()) field("address").value = results[0].address;
    fill(results[0], { keepPoint: true });
    changed(field("commune"));
  } catch {
    // no network: the commune can be typed
  }
};
for (const name of ["latitude", "longitude"]) field(name).addEventListener("change", pointed);
askWithin();
