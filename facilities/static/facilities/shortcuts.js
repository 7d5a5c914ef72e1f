// Keys for people who search all day: / to the box, j and k from result to result, x chooses,
// c copies, ? explains. They rest while somebody writes, and can be switched off: that choice is
// all that is kept, on this device. Also the button that copies a whole table.
// A module: its names are its own.

const OFF = "shortcuts-off";
const dialog = document.getElementById("shortcuts");
const announcer = document.getElementById("announcer");
const toggle = dialog.querySelector("[data-shortcuts-on]");
const writing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

let isOff = false;
try {
  isOff = localStorage.getItem(OFF) !== null;
} catch { /* no storage: the keys work until the page is left */ }
toggle.checked = !isOff;
toggle.addEventListener("change", () => {
  isOff = !toggle.checked;
  try {
    if (isOff) localStorage.setItem(OFF, "1");
    else localStorage.removeItem(OFF);
  } catch { /* as above */ }
});

const results = () => [...document.querySelectorAll("#results [data-facility]")];
const linkOf = (result) => result.querySelector("h2 a, th a");
let current = null;

function focusOn(result) {
  current = result;
  linkOf(result).focus({ preventScroll: true });
  result.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
}

// The result that holds the focus, else the one last gone to.
function here() {
  const focused = document.activeElement.closest("#results [data-facility]");
  if (focused) current = focused;
  return current?.isConnected ? current : null;
}

function move(step) {
  const all = results();
  const next = here() ? all[all.indexOf(here()) + step] : all[0];
  if (next) focusOn(next);
}

function hereOrFirst() {
  const result = here() ?? results()[0];
  if (result) focusOn(result);
  return result;
}

// A spreadsheet runs what begins so, unless a quote stands before it: as the server writes it.
const RISKY = /^[\s'\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u;
const cell = (text) => {
  const words = text.replace(/\s+/g, " ").trim();
  return RISKY.test(words) ? `'${words}` : words;
};

function line(result) {
  const link = linkOf(result);
  const parts = result.matches("tr")
    ? [...result.querySelectorAll("th, td:not(.pick)")]
    : result.querySelectorAll("h2, .program, .kind, .distance, .address, .tel b, .tel span");
  const texts = [...parts].map((part) => part.textContent);
  if (result.dataset.address) texts.push(result.dataset.address);
  return [...texts, link.href].map(cell).join("\t");
}

async function copy(lines, words) {
  const place = document.querySelector("[data-copied]") ?? announcer;
  try {
    await navigator.clipboard.writeText(`${lines.join("\r\n")}\r\n`);
    place.textContent = words;
  } catch {
    place.textContent = dialog.dataset.refused;
  }
}

// What was copied on this page stays together: three times c is three lines to paste.
let copied = [];

function copyHere() {
  const result = hereOrFirst();
  if (!result) return;
  const text = line(result);
  if (!copied.includes(text)) copied.push(text);
  copy(copied, copied.length === 1 ? dialog.dataset.one : dialog.dataset.many.replace("0", copied.length));
}

function copyAll() {
  const table = document.querySelector(".result-table");
  const head = table.dataset.headings.split("|").join("\t");
  const lines = results().map(line);
  copy([head, ...lines], dialog.dataset.many.replace("0", lines.length));
}

const keys = {
  "/": () => document.getElementById("q")?.select(),
  j: () => move(1),
  k: () => move(-1),
  x: () => hereOrFirst()?.querySelector('input[name="facility"]')?.click(),
  c: copyHere,
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (isOff || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(writing)) return;
  if (document.querySelector("dialog[open]") || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-shortcuts]")) dialog.showModal();
  if (target.closest("[data-copy-all]")) copyAll();
});

// The button works with scripts alone; a search in place brings a new one.
const show = () => {
  for (const button of document.querySelectorAll("[data-shortcuts]")) button.hidden = false;
};
show();
document.addEventListener("htmx:afterSwap", () => {
  copied = [];
  show();
});
