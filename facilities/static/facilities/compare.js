// Carries the facilities a person ticked from page to page of the search, on this device alone.
// Nothing is kept before somebody ticks; "clear" forgets. Without this file the boxes of one page
// still lead to the comparison.
"use strict";

const CHOSEN = "chosen";
const MOST_TO_COMPARE = 5;
const MOST_TO_CALL = 12;

// Where a browser refuses storage, the choice lasts as long as the page.
let refused = null;

function chosen() {
  if (refused) return refused;
  try {
    const found = JSON.parse(localStorage.getItem(CHOSEN)) ?? [];
    return found.filter((each) => typeof each?.uuid === "string" && typeof each.name === "string");
  } catch {
    return [];
  }
}

function choose(list) {
  try {
    if (list.length) localStorage.setItem(CHOSEN, JSON.stringify(list));
    else localStorage.removeItem(CHOSEN);
  } catch {
    refused = list;
  }
}

const boxes = () => [...document.querySelectorAll('input[name="facility"][form="compare"]')];

// The form sends the boxes of this page by itself; those ticked on other pages go along hidden.
function follow() {
  const tray = document.getElementById("tray");
  const form = document.getElementById("compare");
  if (!tray || !form) return;
  const list = chosen();
  const uuids = new Set(list.map((each) => each.uuid));
  const here = new Set(boxes().map((box) => box.value));
  for (const box of boxes()) box.checked = uuids.has(box.value);
  form.replaceChildren(
    ...list.filter((each) => !here.has(each.uuid)).map((each) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "facility";
      field.value = each.uuid;
      return field;
    }),
  );
  tray.classList.toggle("is-followed", list.length > 0);
  tray.querySelector("[data-count]").textContent = list.length ? tray.dataset.words.replace("0", list.length) : "";
  tray.querySelector("[data-none]").hidden = list.length > 0;
  tray.querySelector("[data-names]").replaceChildren(...list.map(named));
  tray.querySelector("[data-clear]").hidden = !list.length;
  tray.querySelector("[data-compare]").disabled = list.length < 2 || list.length > MOST_TO_COMPARE;
  for (const button of tray.querySelectorAll("[data-call]")) {
    button.disabled = list.length < 1 || list.length > MOST_TO_CALL;
  }
}

function named(each) {
  const line = document.createElement("li");
  line.textContent = each.name;
  return line;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches('input[name="facility"][form="compare"]')) return;
  const others = chosen().filter((each) => each.uuid !== target.value);
  choose(target.checked ? [...others, { uuid: target.value, name: target.dataset.name }] : others);
  follow();
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-clear]")) return;
  choose([]);
  follow();
});

document.addEventListener("htmx:afterSwap", follow);
addEventListener("pageshow", follow);
addEventListener("storage", follow);
