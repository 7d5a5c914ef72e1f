// Quickens the search page: results change in place, boxes left open stay open, and the device's
// position can be used. Nothing is stored and nothing leaves for another origin.
"use strict";

const announcer = document.getElementById("announcer");
let open = [];

// Keep addresses short: an empty field is no parameter.
document.body.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.parameters;
  for (const [name, value] of Object.entries(parameters)) {
    if (value === "") delete parameters[name];
  }
});

document.body.addEventListener("htmx:beforeSwap", () => {
  open = [...document.querySelectorAll("#search-body details")].map((each) => [each.id, each.open]);
});

document.body.addEventListener("htmx:afterSwap", () => {
  for (const [id, wasOpen] of open) {
    const details = document.getElementById(id);
    if (details) details.open = wasOpen;
  }
  const heading = document.getElementById("found");
  if (heading) {
    announcer.textContent = heading.textContent;
    document.title = heading.textContent;
  }
  if (document.activeElement === document.body && heading) heading.focus();
});

// Two decimals are about half a mile: near enough to search, too coarse to find a home.
const locate = document.getElementById("locate");
if (locate && navigator.geolocation) {
  locate.hidden = false;
  locate.addEventListener("click", () => {
    announcer.textContent = locate.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = document.getElementById("search");
        document.getElementById("place").value = "";
        for (const [name, value] of [["lat", coords.latitude], ["lon", coords.longitude]]) {
          const field = form.elements[name] || document.createElement("input");
          field.type = "hidden";
          field.name = name;
          field.value = value.toFixed(2);
          form.append(field);
        }
        form.submit();
      },
      () => { announcer.textContent = locate.dataset.refused; announcer.classList.remove("unseen"); },
      { maximumAge: 600000, timeout: 15000 },
    );
  });
}
