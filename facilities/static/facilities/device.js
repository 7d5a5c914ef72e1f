// Keeps pages on this device for reading without a connection, when somebody presses the button;
// shows what this site keeps here; clears it. Nothing is kept, and no worker installed, before
// that. A page with a question in its address ("?...") is never kept. A module: its names are its
// own.

const KEPT = "kept"; // the cache, and the name that worker.js knows it by
const WORKER = "/service-worker.js";
const ONE_OF_A_KIND = ["compare", "call"];
const HEADERS = ["Content-Type", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy"];
const canKeep = "caches" in window && "serviceWorker" in navigator;

const today = () => new Date().toISOString().slice(0, 10);
const inWords = (day) =>
  new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
const isPage = (path) => !path.startsWith("/static/");
// The languages of the site, as each page names them. All but one stand first in their paths.
const LANGUAGES = [...document.querySelectorAll("link[hreflang]")].map((link) => link.hreflang);
const bare = (path) => path.replace(new RegExp(`^/(${LANGUAGES.join("|")})(?=/)`), "");
const kind = (path) => bare(path).split("/")[1];

// The comparison and the call sheet are one each, in as many languages as they were kept in.
const takesPlaceOf = (path, old) =>
  ONE_OF_A_KIND.includes(kind(path)) && kind(old) === kind(path) && bare(old) !== bare(path);

// Without opening the cache, which would make one.
const kept = async (path) => (canKeep ? caches.match(path, { cacheName: KEPT }) : undefined);

async function keptPaths() {
  if (!canKeep || !(await caches.has(KEPT))) return [];
  const requests = await (await caches.open(KEPT)).keys();
  return requests.map((request) => new URL(request.url).pathname);
}

// As a visitor gets it, whoever is logged in; marked with the day, so that it can say it is a copy.
async function asked(path) {
  const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(path);
  return answer;
}

async function copyOfPage(path) {
  const answer = await asked(path);
  const text = await answer.text();
  const headers = HEADERS.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]);
  const marked = text.replace("<html ", `<html data-kept="${today()}" `);
  return { response: new Response(marked, { headers }), parts: partsOf(text) };
}

function partsOf(text) {
  const found = new DOMParser().parseFromString(text, "text/html");
  const links = found.querySelectorAll("link[rel~='stylesheet'], link[rel~='icon'], script[src], img[src]");
  return [...links].map((each) => each.getAttribute("href") ?? each.getAttribute("src")).filter((path) => !isPage(path));
}

async function fontsOf(cache, path) {
  const style = await (await cache.match(path)).text();
  const names = [...style.matchAll(/url\("?([^")]+\.woff2)"?\)/g)].map(([, name]) => name);
  return names.map((name) => new URL(name, new URL(path, location.href)).pathname);
}

async function keepAll(paths) {
  const copies = new Map();
  for (const path of paths) copies.set(path, await copyOfPage(path));
  const cache = await caches.open(KEPT);
  const parts = new Set([...copies.values()].flatMap((copy) => copy.parts));
  for (const [path, copy] of copies) await cache.put(path, copy.response);
  await cache.addAll([...parts]);
  for (const path of [...parts].filter((path) => path.endsWith(".css"))) {
    for (const font of await fontsOf(cache, path)) {
      if (!parts.has(font)) await cache.add(font);
      parts.add(font);
    }
  }
  const wanted = new Set([...paths, ...parts]);
  for (const path of await keptPaths()) if (!wanted.has(path)) await cache.delete(path);
}

async function keep(path, along) {
  const others = (await keptPaths()).filter((old) => isPage(old) && !takesPlaceOf(path, old));
  await keepAll([...new Set([path, ...along, ...others])]);
  await navigator.serviceWorker.register(WORKER);
}

async function forgetPages() {
  if (!canKeep) return;
  for (const name of await caches.keys()) await caches.delete(name);
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
}

// The button on a page that can be kept

const corner = document.querySelector("[data-keep]");
const copiedOn = document.documentElement.dataset.kept;

async function showState() {
  const copy = await kept(location.pathname);
  const day = copy && (await copy.text()).match(/<html data-kept="([\d-]+)"/)?.[1];
  const words = copiedOn ? corner.dataset.copy : corner.dataset.keptOn;
  corner.querySelector("[data-said]").textContent = day ? `${words} ${inWords(copiedOn ?? day)}.` : "";
  corner.querySelector("[data-keep-no-more]").hidden = !day;
  corner.querySelector("[data-keep-it]").hidden = Boolean(day);
  return day;
}

async function keepThis() {
  const said = corner.querySelector("[data-said]");
  try {
    await keep(location.pathname, corner.dataset.along.split(" "));
    await showState();
  } catch {
    said.textContent = corner.dataset.failed;
  }
}

async function dropAll() {
  await forgetPages();
  await showState();
  corner.querySelector("[data-said]").textContent = corner.dataset.gone;
  corner.querySelector("[data-keep-it]").focus();
}

async function attend() {
  corner.hidden = false;
  corner.querySelector("[data-keep-it]").addEventListener("click", keepThis);
  corner.querySelector("[data-keep-no-more]").addEventListener("click", dropAll);
  const day = await showState();
  // Once a day what is kept is renewed, when a kept page is opened with a connection.
  if (day && !copiedOn && day < today()) await keepThis();
}

// What is kept, in words

const stored = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

function line(words, link) {
  const item = document.createElement("li");
  const within = link ? item.appendChild(document.createElement("a")) : item;
  if (link) within.href = link;
  within.textContent = words;
  return item;
}

async function keptPages() {
  const pages = (await keptPaths()).filter((path) => isPage(path) && kind(path) !== "offline");
  return Promise.all(pages.map(async (path) => {
    const text = await (await kept(path)).text();
    const title = new DOMParser().parseFromString(text, "text/html").title;
    return { path, title: title.split(" · ")[0] };
  }));
}

async function showHeld(place) {
  const { chosen, calls, pages: pagesWords, shortcuts, nothing } = place.dataset;
  const ticked = stored("chosen") ?? [];
  const noted = Object.keys(stored("calls") ?? {});
  const pages = await keptPages();
  const lines = [];
  if (ticked.length) lines.push(line(`${chosen} ${ticked.map((each) => each.name).join("; ")}`));
  if (noted.length) lines.push(line(`${calls} ${noted.length}`));
  if (stored("shortcuts-off")) lines.push(line(shortcuts));
  if (pages.length) lines.push(line(`${pagesWords} ${pages.map((each) => each.title).join("; ")}`));
  place.querySelector("[data-list]").replaceChildren(...(lines.length ? lines : [line(nothing)]));
}

async function showReadable(place) {
  const pages = await keptPages();
  const lines = pages.map(({ path, title }) => line(title, path));
  place.replaceChildren(...(lines.length ? lines : [line(place.dataset.nothing)]));
}

async function clearDevice(event) {
  event.preventDefault();
  const form = event.target;
  try {
    localStorage.clear();
    sessionStorage.clear();
    await forgetPages();
  } finally {
    form.submit(); // the server's answer makes the browser clear what scripts cannot reach
  }
}

if (corner && canKeep) attend();
for (const place of document.querySelectorAll("[data-held]")) showHeld(place);
for (const place of document.querySelectorAll("[data-readable]")) showReadable(place);
document.querySelector("[data-clear-device]")?.addEventListener("submit", clearDevice);
