// Looks again every two seconds while background work runs.
"use strict";

const EVERY = 2000;

async function look() {
  const shown = document.querySelector("#job[data-unfinished]");
  if (!shown) return;
  try {
    const answer = await fetch(location.href);
    if (answer.redirected) {
      location.assign(answer.url);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("job");
    if (answer.ok && fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
  } catch {
    // The network may come back.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
