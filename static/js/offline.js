// What stays on the device: tickets that were looked at, until somebody signs out. The service worker (/worker.js) shows
// them when the network is gone.

const TICKETS = "movy-tickets";
const FORGETTING = ["/auth/user/logout", "/auth/user/close"];

if ("serviceWorker" in navigator && "caches" in window) {
  addEventListener("load", start);
  document.addEventListener("submit", ({ target }) => {
    if (FORGETTING.includes(new URL(target.action, location.href).pathname)) caches.delete(TICKETS);
  });
}

async function start() {
  await navigator.serviceWorker.register("/worker.js").catch(() => undefined); // private windows have none
  const tickets = document.querySelector("[data-keep]");
  if (tickets) await keep([tickets.dataset.keep, ...[...tickets.querySelectorAll("img.qr")].map((image) => image.src)]);
  const list = document.getElementById("kept-tickets");
  if (list) await show(list);
}

async function keep(addresses) {
  const kept = await caches.open(TICKETS);
  await kept.addAll(addresses).catch(() => undefined); // all of them, or none
}

async function show(list) {
  const kept = await caches.open(TICKETS);
  for (const request of await kept.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith(".svg")) continue;
    const page = new DOMParser().parseFromString(await (await kept.match(request)).text(), "text/html");
    const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("a").href = pathname;
    row.querySelector("a").textContent = page.querySelector("[data-keep]")?.dataset.title ?? pathname;
    list.append(row);
  }
  list.hidden = !list.querySelector("li");
}
