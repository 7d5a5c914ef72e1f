// Quickens the search: results change in place, what was open stays open, the device's position can
// be used, and addresses stay short. Nothing is stored and nothing leaves for another origin.
// The pages work without this file, and without htmx.
"use strict";

const announcer = document.getElementById("announcer");
const siteName = document.title.split(" · ").pop();
const singles = ["within", "q"];
let before = null;

// htmx notes the tab's address, search and all, in the session's storage. Nobody chose that.
const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
forget();
document.addEventListener("htmx:pushedIntoHistory", forget);
addEventListener("popstate", () => setTimeout(forget));

const isBlank = (name, value, place) => value === "" || (place && (name === "lat" || name === "lon"));

// An empty field is no parameter, and a place that was typed outdoes the device's.
document.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.parameters;
  for (const [name, value] of Object.entries(parameters)) {
    if (isBlank(name, value, parameters.place)) delete parameters[name];
  }
});

document.addEventListener("submit", (event) => {
  for (const field of event.target.querySelectorAll("input[name], select[name]")) {
    const place = event.target.elements.place?.value;
    if (!event.defaultPrevented && isBlank(field.name, field.value, place)) field.disabled = true;
  }
});

// Pages kept by the browser come back with every field usable.
addEventListener("pageshow", () => {
  for (const name of [...singles, "sort", "lat", "lon"]) {
    const field = document.querySelector(`form [name="${name}"]`);
    if (field) field.disabled = false;
  }
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const focused = document.activeElement;
  before = {
    open: [...document.querySelectorAll("#search-body details")].map((each) => [each.id, each.open]),
    top: focused.id ? focused.getBoundingClientRect().top : null,
    id: focused.id,
    isLink: event.detail.requestConfig.elt.matches("a"),
    narrowed: document.getElementById("narrow")?.value ?? "",
    isSubmit: event.detail.requestConfig.triggeringEvent?.type === "submit",
  };
});

document.addEventListener("htmx:afterSwap", () => {
  const heading = document.getElementById("found");
  if (!before || !heading) return;
  for (const [id, wasOpen] of before.open) {
    const details = document.getElementById(id);
    if (details) details.open = wasOpen;
  }
  restoreNarrowed(before.narrowed);
  document.title = `${heading.textContent} · ${siteName}`;
  if (before.isSubmit) document.getElementById("filters").open = false;
  if (before.isLink || before.isSubmit) {
    heading.focus();
  } else {
    keepInPlace(before);
    announcer.textContent = heading.textContent;
  }
});

// A few letters leave the boxes that have them in their label, or in their group's heading.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let openBefore = null;

function narrow(words) {
  const filters = document.getElementById("filters");
  const sought = plain(words.trim());
  const folds = [...filters.querySelectorAll("details")];
  if (sought) openBefore ??= new Map(folds.map((fold) => [fold.id, fold.open]));
  let any = false;
  for (const group of filters.querySelectorAll(".group")) {
    const isMeant = plain(group.querySelector(".heading").textContent).includes(sought);
    for (const box of group.querySelectorAll(".box")) {
      box.hidden = !isMeant && !plain(box.querySelector(".label").textContent).includes(sought);
    }
    group.hidden = !group.querySelector(".box:not([hidden])");
    any ||= !group.hidden;
  }
  for (const fold of folds) {
    if (sought) fold.open = fold.querySelector(".box:not([hidden])") !== null;
    else fold.open = openBefore?.get(fold.id) ?? fold.open;
    if (fold.matches(".more")) fold.hidden = !fold.querySelector(".box:not([hidden])");
  }
  if (!sought) openBefore = null;
  const status = filters.querySelector(".narrow [role=status]");
  status.textContent = any ? "" : status.dataset.none;
}

function restoreNarrowed(words) {
  if (!words) return;
  document.getElementById("narrow").value = words;
  narrow(words);
}

document.addEventListener("input", ({ target }) => {
  if (target.id === "narrow") narrow(target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.id === "narrow") event.preventDefault();
});

// A chip more above the boxes must not move the box under the finger.
function keepInPlace({ id, top }) {
  const focused = id && document.getElementById(id);
  if (!focused) return;
  if (document.activeElement !== focused) focused.focus({ preventScroll: true });
  scrollBy({ top: focused.getBoundingClientRect().top - top, behavior: "instant" });
}

// A link that takes off the words asked for takes them out of their field too.
document.addEventListener("htmx:pushedIntoHistory", () => {
  if (!before?.isLink) return;
  const asked = new URLSearchParams(location.search);
  for (const name of singles) document.getElementById(name).value = asked.get(name) ?? "";
});

// Two decimals are about half a mile: near enough to search, too coarse to find a home.
const locate = document.getElementById("locate");
const located = document.getElementById("located");
if (locate && navigator.geolocation) {
  locate.hidden = false;
  locate.addEventListener("click", () => {
    located.textContent = locate.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => lookAround(coords.latitude.toFixed(2), coords.longitude.toFixed(2)),
      () => { located.textContent = locate.dataset.refused; },
      { maximumAge: 600000, timeout: 15000 },
    );
  });
}

function lookAround(lat, lon) {
  const fields = [...new FormData(locate.form)].filter(
    ([name, value]) => value !== "" && !["place", "lat", "lon"].includes(name),
  );
  const asked = new URLSearchParams([["lat", lat], ["lon", lon], ...fields]);
  location.assign(`${locate.form.getAttribute("action")}?${asked}`);
}

// Older browsers cannot show the closed rail of a wide window by style alone.
if (matchMedia("(min-width: 60rem)").matches && !CSS.supports("selector(::details-content)")) {
  for (const details of document.querySelectorAll("#narrower, #filters, #filters .first")) details.open = true;
}
