// One key for the outcome of a call: 1 to 7, unless somebody is writing.
"use strict";

const writing = "input:not([type=checkbox]), textarea, select";

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  if (event.target.closest(writing)) return;
  const button = document.querySelector(`.outcomes [data-key="${CSS.escape(event.key)}"]`);
  if (button) button.click();
});
