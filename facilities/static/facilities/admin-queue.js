// One key for what a button does, unless somebody is writing or has switched the keys off.
"use strict";

const writing = "input:not([type=checkbox]), textarea, select";
const off = "queue-keys-off";
const keys = document.getElementById("keys");

if (keys) {
  keys.checked = localStorage.getItem(off) === null;
  keys.addEventListener("change", () => {
    if (keys.checked) localStorage.removeItem(off);
    else localStorage.setItem(off, "");
  });
  keys.closest("[hidden]").hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.target.closest(writing) || (keys && !keys.checked)) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (button) button.click();
});
