// Puts a map that can be moved, in step with the list, in place of the drawn one, once somebody asks
// for it: most never do, and it weighs more than the page. All lines and dots come from this site;
// tiles of another host only after somebody asks for them, too.
"use strict";

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const ROUGH = 12; // nearer than this the outlines of counties would mislead
const NEAR = 18; // with tiles
const RINGS_ALONE = 9; // from this zoom on the coarse shapes would misplace shores: rings alone
const MILE = 1609.344; // meters
const frame = document.getElementById("map");
const drawing = document.querySelector(".mapped-map > .locator");
const asking = document.getElementById("move-map");
const problem = document.getElementById("map-problem");
const words = frame.dataset;
const cards = new Map(
  [...document.querySelectorAll(".map-result")].map((card) => [Number(card.dataset.number), card]),
);
const dots = new Map();
let opener = null;

asking.addEventListener("click", ask);
drawing.addEventListener("click", ask);

// The drawn map stays until this one has its dots.
function ask() {
  if (asking.disabled) return;
  asking.disabled = true;
  problem.textContent = "";
  const loaded = [loadPoints(), loadStyle(words.style), load(words.library).then(() => load(words.clusters))];
  Promise.all(loaded).then(([found]) => begin(found), () => {
    asking.disabled = false;
    problem.textContent = words.unloaded;
  });
}

async function loadPoints() {
  const answer = await fetch(words.points);
  return answer.ok ? answer.json() : Promise.reject(answer.status);
}

function begin({ points, towns }) {
  drawing.hidden = true;
  asking.hidden = true;
  frame.hidden = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame, {
    attributionControl: false, zoomControl: false, maxZoom: ROUGH, minZoom: 3, zoomSnap: 0.5,
    fadeAnimation: !still, zoomAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  const credit = L.control.attribution({ prefix: false }).addTo(map).addAttribution(words.credit);
  const group = grouped(points);
  const shown = [...cards.keys()].map((number) => dots.get(number)?.getLatLng()).filter(Boolean);
  const origin = words.origin?.split(" ").map(Number);
  const all = L.latLngBounds([...dots.values()].map((dot) => dot.getLatLng()));
  if (origin) all.extend(origin);
  // Around a point the results of this page, in an area all of them.
  const bounds = origin ? L.latLngBounds([...shown, origin]) : all;
  map.fitBounds(bounds, { padding: [28, 28], maxZoom: ROUGH - 0.5, animate: false });
  map.setMaxBounds(map.getBounds().extend(all).pad(0.6));
  const middle = map.getCenter().lng;
  for (const address of words.shapes.split(" ")) drawShapes(map, address, middle);
  if (origin) markOrigin(map, origin);
  const hideShapes = () => frame.classList.toggle("near", Boolean(origin) && map.getZoom() >= RINGS_ALONE);
  map.on("zoomend", hideShapes);
  hideShapes();
  map.addLayer(group);
  nameTowns(map, towns);
  keepInStep(map, group);
  offerTiles(map, credit);
  frame.focus({ preventScroll: true });
}

// Dots

function grouped(points) {
  const group = L.markerClusterGroup({
    animate: false, maxClusterRadius: 30, showCoverageOnHover: false, spiderLegPolylineOptions: { className: "lead" },
    iconCreateFunction: (cluster) => clusterIcon(cluster),
  });
  const first = Number(words.first);
  points.forEach((point, index) => {
    if (!point) return;
    const dot = dotOf(point, index + 1, cards.has(index + 1));
    dots.set(index + 1, dot);
  });
  // Those of this page come first for the keyboard, too.
  const inTurn = [...dots].sort(([a], [b]) => (a < first) - (b < first) || a - b);
  group.addLayers(inTurn.map(([, dot]) => dot));
  return group;
}

function dotOf([latitude, longitude, isApproximate, name, code], number, isOnPage) {
  const classes = `pin${isOnPage ? "" : " further"}${isApproximate ? " unsure" : ""}`;
  const label = words.result.replace("{number}", number).replace("{name}", name);
  const said = isApproximate ? `${label} (${words.approximate})` : label;
  const size = isOnPage ? 26 : 16;
  const icon = L.divIcon({ className: classes, iconSize: [size, size], html: element("span", isOnPage ? number : "") });
  const dot = L.marker([latitude, longitude], { icon, riseOnHover: true, zIndexOffset: isOnPage ? 1000 : 0 });
  dot.number = number;
  dot.on("add", () => {
    const pin = dot.getElement();
    pin.setAttribute("aria-label", said);
    pin.addEventListener("mouseenter", () => light(number, true));
    pin.addEventListener("mouseleave", () => light(number, false));
    pin.addEventListener("focus", () => light(number, true));
    pin.addEventListener("blur", () => light(number, false));
  });
  dot.bindPopup(() => popup(name, code, said), { autoPanPadding: [12, 12], minWidth: 160 });
  return dot;
}

function popup(name, code, said) {
  const link = element("a", name);
  link.href = words.link.replace("-/", `${code}/`);
  const box = element("div");
  box.append(link, element("p", said.replace(`: ${name}`, "")));
  return box;
}

function clusterIcon(cluster) {
  const count = cluster.getChildCount();
  const onPage = cluster.getAllChildMarkers().filter((dot) => cards.has(dot.number));
  const html = element("span", `+${count}`); // a rank is a bare number in a circle
  html.title = words.cluster.replace("{count}", count);
  html.append(element("span", ` ${html.title}`, "visually-hidden"));
  const size = count < 10 ? 30 : count < 100 ? 36 : 42;
  return L.divIcon({ className: `pin cluster${onPage.length ? "" : " further"}`, iconSize: [size, size], html });
}

function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function markOrigin(map, origin) {
  const icon = L.divIcon({ className: "origin-mark", iconSize: [22, 22], html: element("span", words.originWords, "visually-hidden") });
  L.marker(origin, { icon, interactive: false, keyboard: false }).addTo(map);
  for (const miles of words.rings.split(" ").map(Number)) {
    L.circle(origin, { radius: miles * MILE, className: "ring", interactive: false }).addTo(map);
    const label = element("span", (miles === 1 ? words.mile : words.miles).replace("{miles}", miles));
    const top = [origin[0] + miles / 69.09, origin[1]]; // miles of one degree of latitude
    L.marker(top, { icon: L.divIcon({ className: "miles", iconSize: null, html: label }), interactive: false, keyboard: false }).addTo(map);
  }
}

// As many names of towns as find room beside the dots, the largest first; tiles bring their own.
function nameTowns(map, towns) {
  map.createPane("towns").style.zIndex = 450; // over the shapes, under the dots
  const layer = L.layerGroup().addTo(map);
  const draw = () => {
    layer.clearLayers();
    if (frame.classList.contains("tiled")) return;
    const { left, top } = frame.getBoundingClientRect();
    const taken = [...frame.querySelectorAll(".pin, .origin-mark, .miles span, .leaflet-control")].map((pin) => {
      const box = pin.getBoundingClientRect();
      return { left: box.left - left, top: box.top - top, right: box.right - left, bottom: box.bottom - top };
    });
    let named = 0;
    for (const [latitude, longitude, name] of towns) {
      const at = map.latLngToContainerPoint([latitude, longitude]);
      const place = placeOf(at, name.length * 7.2, taken, map.getSize());
      if (!place) continue;
      taken.push(place);
      const html = element("span", name);
      const icon = L.divIcon({ className: "town", iconSize: null, iconAnchor: [at.x - place.left, at.y - place.top], html });
      L.marker([latitude, longitude], { icon, pane: "towns", interactive: false, keyboard: false }).addTo(layer);
      if ((named += 1) === 30) break;
    }
  };
  map.on("zoomend moveend", draw);
  draw();
}

// Right of its place, left, above or below, then the same farther off; nothing where all is full.
function placeOf({ x, y }, width, taken, size) {
  for (const gap of [5, 13, 21, 30]) {
    for (const [left, top] of [[x + gap, y - 8], [x - gap - width, y - 8], [x - width / 2, y - gap - 15], [x - width / 2, y + gap]]) {
      const box = { left, top, right: left + width, bottom: top + 16 };
      const isInside = left > 2 && top > 2 && box.right < size.x - 2 && box.bottom < size.y - 2;
      if (isInside && !taken.some((each) => left < each.right && each.left < box.right && top < each.bottom && each.top < box.bottom)) return box;
    }
  }
  return null;
}

// List and map in step

function light(number, isOn) {
  cards.get(number)?.classList.toggle("lit", isOn);
  dots.get(number)?.getElement()?.classList.toggle("lit", isOn);
}

function keepInStep(map, group) {
  for (const [number, card] of cards) {
    const dot = dots.get(number);
    if (!dot) continue;
    // A dot may be hidden in a cluster: then the cluster lights up.
    let lit = null;
    const on = () => {
      light(number, true);
      lit = group.getVisibleParent(dot)?.getElement?.();
      lit?.classList.add("lit");
    };
    const off = () => {
      light(number, false);
      lit?.classList.remove("lit");
    };
    for (const event of ["mouseenter", "focusin"]) card.addEventListener(event, on);
    for (const event of ["mouseleave", "focusout"]) card.addEventListener(event, off);
    const button = element("button", number, "rank");
    button.type = "button";
    button.setAttribute("aria-label", `${number}: ${words.show.replace("{name}", card.querySelector("h2 a").textContent)}`);
    card.querySelector(".rank").replaceWith(button);
    const show = () => {
      opener = button;
      frame.scrollIntoView({ block: "nearest" });
      group.zoomToShowLayer(dot, () => dot.openPopup());
    };
    button.addEventListener("click", show);
    card.addEventListener("click", (event) => event.target.closest("a, button, label") || getSelection().toString() || show());
  }
  map.on("popupopen", ({ popup: opened }) => {
    const number = opened._source.number;
    opened.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
    cards.get(number)?.classList.add("open");
    if (!opener) cards.get(number)?.scrollIntoView({ block: "nearest" });
    opened.getElement().querySelector("a").focus({ preventScroll: true });
  });
  map.on("popupclose", ({ popup: closed }) => {
    cards.get(closed._source.number)?.classList.remove("open");
    const isLost = document.activeElement === document.body || closed.getElement()?.contains(document.activeElement);
    if (isLost) (opener ?? closed._source.getElement() ?? frame).focus({ preventScroll: true });
    opener = null;
  });
  // Leaflet hears Escape only while the map itself has the focus.
  frame.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
  // A cluster that was opened is gone, and the focus with it.
  group.on("clusterkeypress", () => map.once("moveend", () => frame.focus({ preventScroll: true })));
}

// Shapes

function drawShapes(map, address, middle) {
  fetch(address)
    .then((answer) => answer.json())
    .then((state) => {
      const lines = state.lines.map((text) => decoded(text, state, middle));
      const rings = state.rings.map((ring) => [joined(ring, lines)]);
      const shared = { interactive: false, renderer: renderer(map) };
      L.polygon(rings, { ...shared, className: "land" }).addTo(map).bringToBack();
      L.polyline(state.between.map((line) => lines[line]), { ...shared, className: "borders" }).addTo(map);
    }, () => {});
}

function renderer(map) {
  map.shapeRenderer ??= L.svg({ padding: 0.6 });
  return map.shapeRenderer;
}

// Numbers in base 32, last digit first, the sign in the lowest bit: see facilities/maps/build_shapes.py.
function decoded(text, { scale, shift }, middle) {
  const numbers = [];
  for (let at = 0, value = 0, power = 1; at < text.length; at += 1) {
    const digit = DIGITS.indexOf(text[at]);
    value += (digit & 31) * power;
    power *= 32;
    if (digit < 32) {
      numbers.push(value % 2 ? -(value - 1) / 2 : value / 2);
      value = 0;
      power = 1;
    }
  }
  const points = [];
  for (let at = 0, x = 0, y = 0; at < numbers.length; at += 2) {
    x += numbers[at];
    y += numbers[at + 1];
    const longitude = x * scale[0] + shift[0];
    // Beyond the date line, seen from Alaska.
    points.push([y * scale[1] + shift[1], middle < 0 && longitude > 0 ? longitude - 360 : longitude]);
  }
  return points;
}

const joined = (ring, lines) => ring.flatMap((line) => (line < 0 ? [...lines[~line]].reverse() : lines[line]));

// Tiles of the operator's choice

function offerTiles(map, credit) {
  if (!words.tiles) return;
  const button = document.getElementById("streets");
  if (button) button.parentElement.hidden = false;
  const add = () => {
    if (button) frame.focus({ preventScroll: true });
    button?.remove();
    addTiles(map, credit).catch(() => { problem.textContent = words.failed; });
  };
  if (button) button.addEventListener("click", add);
  else add();
}

async function addTiles(map, credit) {
  map.setMaxZoom(NEAR);
  if (words.attribution) credit.addAttribution(element("span", words.attribution).innerHTML);
  frame.classList.add("tiled");
  map.fire("moveend");
  if (words.kind === "raster") {
    L.tileLayer(words.tiles, { maxZoom: NEAR, referrerPolicy: "no-referrer" }).addTo(map);
    return;
  }
  await load(words.archive);
  const archive = new pmtiles.PMTiles(new URL(words.tiles, location.href).href);
  const { tileType, maxZoom } = await archive.getHeader();
  if (tileType === 1) {
    await load(words.vector);
    const flavor = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const lang = document.documentElement.lang;
    protomapsL.leafletLayer({ url: archive, flavor, lang, attribution: "", maxDataZoom: maxZoom }).addTo(map);
  } else {
    pmtiles.leafletRasterLayer(archive, { maxNativeZoom: maxZoom, maxZoom: NEAR }).addTo(map);
  }
}

const load = (address) => added(Object.assign(document.createElement("script"), { src: address }));

// Before this site's own, which then has the last word.
const loadStyle = (address) => added(Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }), "prepend");

function added(element, how = "append") {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head[how](element);
  });
}
