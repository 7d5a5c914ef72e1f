// My list: the facilities a person puts on it, on this device alone, from page to page. Nothing is
// kept before somebody adds one; "Clear for the next patient" forgets everything. Nothing of it
// leaves the device but in the address of a comparison, call sheet or handout that somebody opens.
// Without this file the boxes of one search page still lead there. A module: its names are its own.

const LIST = "chosen"; // [{ uuid, name, code }]
const SEARCH = "search"; // the query string of the search that the last one was found in
const CALLS = "calls"; // what was marked and noted on call sheets, by call.js
const KEPT_PAGES = "kept"; // the cache that device.js writes
const OF_A_LIST = /\/(compare|call|handout)\//;
const BOX = '#results input[name="facility"]';

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const panel = document.getElementById("my-list");
const announcer = document.getElementById("announcer");

// Where a browser refuses storage, the list lasts as long as the page.
let refused = null;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function myList() {
  const list = refused ?? read(LIST) ?? [];
  return list.filter((entry) => typeof entry?.uuid === "string" && typeof entry.name === "string");
}

function keep(list) {
  try {
    if (list.length) localStorage.setItem(LIST, JSON.stringify(list));
    else for (const name of [LIST, SEARCH]) localStorage.removeItem(name);
  } catch {
    refused = list;
  }
  show();
}

function keepSearch() {
  const here = [location.href, document.referrer].find((address) => /^[^?]*\/(search|map)\/(\?|$)/.test(address));
  const parameters = new URL(here ?? location.href).searchParams;
  parameters.delete("page");
  try {
    if (here) localStorage.setItem(SEARCH, JSON.stringify(parameters.toString()));
  } catch {
    // No storage here: the pages of this list say nothing of the search.
  }
}

const has = (uuid) => myList().some((entry) => entry.uuid === uuid);
const remove = (uuid) => keep(myList().filter((entry) => entry.uuid !== uuid));

function add({ uuid, name, code }) {
  keepSearch();
  keep([...myList().filter((entry) => entry.uuid !== uuid), { uuid, name, code }]);
}

async function clear() {
  if (read(CALLS) && !confirm(panel.dataset.confirm)) return;
  try {
    localStorage.removeItem(CALLS);
  } catch {
    // Nothing was kept.
  }
  keep([]);
  document.dispatchEvent(new Event("listcleared"));
  announcer.textContent = panel.dataset.cleared;
  if ("caches" in window && (await caches.has(KEPT_PAGES))) {
    const pages = await caches.open(KEPT_PAGES);
    for (const request of await pages.keys()) if (OF_A_LIST.test(request.url)) await pages.delete(request);
  }
}

// What every page shows

function show() {
  const list = myList();
  for (const count of all("[data-list-count]")) count.textContent = list.length || "";
  for (const button of all("[data-add-to-list]")) {
    const { addToList, add: toAdd, remove: toRemove } = button.dataset;
    button.hidden = false;
    button.classList.toggle("is-on-list", has(addToList));
    button.querySelector("[data-words]").textContent = has(addToList) ? toRemove : toAdd;
  }
  if (panel) showPanel(list);
  showBoxes(list);
}

function showPanel(list) {
  panel.querySelector("[data-list-empty]").hidden = list.length > 0;
  panel.querySelector("[data-list-names]").replaceChildren(...list.map(lineOf));
  panel.querySelector("[data-list-full]").hidden = !list.length;
  const asked = new URLSearchParams(read(SEARCH) ?? "");
  for (const link of all("[data-list-link]", panel)) {
    const parameters = [...list.map(({ uuid }) => ["facility", uuid]), ...asked];
    link.href = `${link.pathname}?${new URLSearchParams(parameters)}`;
    link.hidden = list.length < link.dataset.fewest || list.length > link.dataset.most;
  }
  panel.querySelector("[data-list-limit]").hidden = list.length >= 2 && list.length <= 5;
}

function lineOf({ uuid, name, code }) {
  const line = panel.querySelector("template").content.firstElementChild.cloneNode(true);
  const link = line.querySelector("a");
  link.textContent = name;
  if (/^[a-z2-7]{8}$/.test(code ?? "")) link.href = `${link.getAttribute("href")}facility/${code}/`;
  else link.removeAttribute("href");
  const button = line.querySelector("button");
  button.dataset.removeFromList = uuid;
  button.querySelector("span").textContent = name;
  return line;
}

// The search page: its boxes are the list. Its form sends those of the page by itself; what was
// ticked on other pages goes along hidden.
function showBoxes(list) {
  const tray = document.getElementById("tray");
  const form = document.getElementById("compare");
  const boxes = all(BOX);
  if (!tray || !form) return;
  const uuids = new Set(list.map(({ uuid }) => uuid));
  const here = new Set(boxes.map((box) => box.value));
  for (const box of boxes) box.checked = uuids.has(box.value);
  form.replaceChildren(...list.filter(({ uuid }) => !here.has(uuid)).map(({ uuid }) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "facility", value: uuid });
    return field;
  }));
  tray.classList.toggle("is-followed", list.length > 0);
  tray.querySelector("[data-count]").textContent = list.length ? tray.dataset.words.replace("0", list.length) : "";
  tray.querySelector("[data-none]").hidden = list.length > 0;
  for (const button of all("[data-shows-list]", tray)) button.hidden = !list.length;
  for (const button of all("button[data-most]", tray)) {
    button.disabled = list.length < button.dataset.fewest || list.length > button.dataset.most;
  }
}

// What is pressed

document.addEventListener("change", ({ target }) => {
  if (!target.matches(BOX)) return;
  const { name, code } = target.dataset;
  if (target.checked) add({ uuid: target.value, name, code });
  else remove(target.value);
});

document.addEventListener("click", ({ target }) => {
  const toggle = target.closest("[data-add-to-list]");
  const off = target.closest("[data-remove-from-list]");
  if (toggle) {
    const { addToList: uuid, name, code } = toggle.dataset;
    if (has(uuid)) remove(uuid);
    else add({ uuid, name, code });
    announcer.textContent = `${name}: ${toggle.textContent.trim()}`;
  } else if (off) {
    remove(off.dataset.removeFromList);
    (panel.querySelector("[data-remove-from-list]") ?? panel).focus();
  } else if (target.closest("[data-clear-list]")) {
    clear();
  }
});

document.addEventListener("htmx:afterSwap", show);
addEventListener("pageshow", show);
addEventListener("storage", show);

for (const button of all("[data-list-button]")) button.hidden = false;
if (panel && "popover" in HTMLElement.prototype) panel.hidden = false;
else {
  // A browser without popovers shows and hides the panel in its place.
  for (const button of all("[popovertarget='my-list']")) button.addEventListener("click", () => { panel.hidden = !panel.hidden; });
}
show();
