// Keeps a call sheet's marks and notes on this device alone, until the list is cleared; prints.
// The sheets work without this file: boxes and lines are there to be filled in by hand.
"use strict";

const CALLS = "calls";

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(CALLS)) ?? {};
  } catch {
    return {};
  }
};

function keep(calls) {
  try {
    if (Object.keys(calls).length) localStorage.setItem(CALLS, JSON.stringify(calls));
    else localStorage.removeItem(CALLS);
  } catch {
    // No storage here: what is written stays on the page until it is closed.
  }
}

const entries = [...document.querySelectorAll("[data-entry]")];

function show() {
  const calls = kept();
  for (const entry of entries) {
    const { marks = [], notes = {} } = calls[entry.dataset.entry] ?? {};
    for (const box of entry.querySelectorAll("[data-mark]")) box.checked = marks.includes(box.dataset.mark);
    for (const field of entry.querySelectorAll("[data-note]")) field.value = notes[field.dataset.note] ?? "";
  }
}

function take(entry) {
  const marks = [...entry.querySelectorAll("[data-mark]:checked")].map((box) => box.dataset.mark);
  const notes = Object.fromEntries(
    [...entry.querySelectorAll("[data-note]")]
      .filter((field) => field.value.trim())
      .map((field) => [field.dataset.note, field.value]),
  );
  const calls = kept();
  if (marks.length || Object.keys(notes).length) calls[entry.dataset.entry] = { marks, notes };
  else delete calls[entry.dataset.entry];
  keep(calls);
}

for (const entry of entries) entry.addEventListener("input", () => take(entry));

if (entries.length) {
  show();
  addEventListener("storage", (event) => {
    if (event.key === CALLS || event.key === null) show();
  });
}

document.addEventListener("listcleared", show);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
