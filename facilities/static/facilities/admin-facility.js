// Narrows the services while somebody types, and Enter goes to the first; without this script the
// button does the same.
"use strict";

const box = document.querySelector("[data-narrows]");
const groups = document.getElementById(box.dataset.narrows).querySelectorAll("details");

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9 ]/g, " ");
}

function goToFirst() {
  for (const group of groups) {
    const row = group.hidden ? null : group.querySelector("tr.service:not([hidden])");
    if (!row) continue;
    group.open = true;
    row.scrollIntoView({ block: "center" });
    row.querySelector("select")?.focus({ preventScroll: true });
    return;
  }
}

box.form.addEventListener("submit", (event) => {
  event.preventDefault();
  goToFirst();
});
box.addEventListener("input", () => {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  for (const group of groups) {
    let found = 0;
    for (const row of group.querySelectorAll("tr.service")) {
      row.hidden = !words.every((word) => row.dataset.names.includes(word));
      found += row.hidden ? 0 : 1;
    }
    group.hidden = found === 0;
    group.open = words.length > 0 && found > 0;
  }
});
