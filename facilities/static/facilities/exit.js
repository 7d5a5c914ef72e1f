// Leaves at once, by the button or by Esc pressed three times within two seconds: the page goes
// blank and another site takes its place in this tab's history. The browser's own list of visited
// pages is beyond any site's reach, and the privacy page says so.
// Without this file the button is a plain link. A module: its names are its own.

const way = document.querySelector("[data-exit]");
const TIMES = 3;
const WITHIN = 2000; // ms
let presses = [];

function leave() {
  document.title = "\u200b";
  document.body.hidden = true;
  location.replace(way.href);
}

// An Esc that closes something, or is part of writing, is no wish to leave.
const isTaken = (event) =>
  event.defaultPrevented || event.isComposing || event.repeat ||
  event.altKey || event.ctrlKey || event.metaKey || event.shiftKey ||
  document.querySelector("dialog[open], :popover-open, [aria-modal='true']");

if (way) {
  way.addEventListener("click", (event) => {
    if (event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave();
  });
  // A page that the browser kept aside must not come back blank.
  addEventListener("pageshow", () => { document.body.hidden = false; });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { presses = []; return; }
    if (isTaken(event)) return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (presses.length >= TIMES) leave();
    else if (presses.length === TIMES - 1) say(way.dataset.more);
  });
}

function say(words) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = words;
}
