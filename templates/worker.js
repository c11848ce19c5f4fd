{% load static %}// The service worker: what still shows when the network is gone. Tickets that were opened once (static/js/offline.js puts
// them by), and a page that says what is missing. Never a map, a form or anything else: what it said would be old.

const SHELL = "movy-shell-{{ release }}";
const TICKETS = "movy-tickets";
const PARTS = ["/offline", {% for part in parts %}"{% static part %}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const ANY = { ignoreVary: true };
const PATIENCE_MS = 4000; // a ticket is wanted at the door: what is put by comes sooner than a network that dawdles

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(PARTS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("movy-shell-") && name !== SHELL;
  const clean = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(clean.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (/^\/(bookings\/[A-Z0-9]+\/ticket|tickets\/\w+(\/qr\.svg)?)$/.test(pathname)) event.respondWith(ticket(request));
  else if (PARTS.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match("/offline")));
});

async function ticket(request) {
  const kept = await caches.open(TICKETS);
  const known = await kept.match(request.url, ANY);
  const asked = fetch(request);
  if (!known) return asked.catch(() => (request.mode === "navigate" ? caches.match("/offline") : Response.error()));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, known));
  const told = asked.then((answer) => {
    // Somebody signed out, or it is theirs no more. A server in trouble says nothing about that.
    if (answer.status < 500 && !answer.ok) kept.delete(request.url);
    return answer.status < 500 ? answer : known;
  });
  return Promise.race([told.catch(() => known), late]);
}
