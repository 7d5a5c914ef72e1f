// Shows pages that somebody chose to keep, where the connection fails or hangs. It only reads:
// device.js writes, when a button is pressed, and nothing else is ever kept. It is not installed
// before that. An address with a question ("?...") is never answered from here.
"use strict";

const KEPT = "kept";
const PATIENCE = 4000; // ms, for a page that is kept
const LANGUAGES = []; // those that stand first in their paths; the server fills them in

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const home = (path) => LANGUAGES.map((code) => `/${code}/`).find((start) => path.startsWith(start)) ?? "/";
const isStaffs = (path) => path.slice(home(path).length).startsWith("admin/");

addEventListener("fetch", (event) => {
  const { request } = event;
  const asked = new URL(request.url);
  if (request.method !== "GET" || asked.origin !== location.origin || isStaffs(asked.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request, asked));
  else if (asked.pathname.startsWith("/static/")) event.respondWith(part(request, asked));
});

const kept = (path) => caches.match(path, { cacheName: KEPT });

async function page(request, asked) {
  const copy = asked.search ? undefined : await kept(asked.pathname);
  try {
    const answer = await (copy ? Promise.race([fetch(request), late()]) : fetch(request));
    return copy && answer.status >= 500 ? copy : answer;
  } catch {
    return copy ?? (await noConnection(asked.pathname));
  }
}

const late = () => new Promise((_, reject) => { setTimeout(reject, PATIENCE); });

async function noConnection(path) {
  for (const start of [home(path), "/", ...LANGUAGES.map((code) => `/${code}/`)]) {
    const page = await kept(`${start}offline/`);
    if (page) return page;
  }
  return Response.error();
}

async function part(request, asked) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(asked.pathname)) ?? Response.error();
  }
}
