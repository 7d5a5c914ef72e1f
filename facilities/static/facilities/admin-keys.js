// One key for what a button or link does, unless somebody is writing or has switched the keys off.
// "/" goes to the search box of the page.
"use strict";

const writing = "input:not([type=checkbox]), textarea, select";
const off = "queue-keys-off";
const keys = document.getElementById("keys");
const isOff = () => localStorage.getItem(off) !== null;

if (keys) {
  keys.checked = !isOff();
  keys.addEventListener("change", () => {
    if (keys.checked) localStorage.removeItem(off);
    else localStorage.setItem(off, "");
  });
  keys.closest("[hidden]").hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.target.closest(writing) || isOff()) return;
  const key = CSS.escape(event.key.toLowerCase());
  const target = event.key === "/"
    ? document.querySelector("#content input[type=search]")
    : document.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  event.preventDefault();
  if (event.key === "/") target.select();
  else target.click();
});
