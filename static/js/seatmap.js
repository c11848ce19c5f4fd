// The seat map, quickened: a running total, ticket types beside the picks, keys in the hall, and seats that come and go
// while one looks. Without this file the form works all the same.

import { best, lone, wheelchairs } from "./advice.js";
import { lookAround } from "./hall.js";
import { follow } from "./live.js";
import { moneyWriter } from "./money.js";

const STATES = ["free", "held", "sold", "blocked", "mine"];
const GATHER_SECONDS = 0.7; // what is lost within it is said in one sentence
const TYPING_SECONDS = 1; // between two letters of a seat's label
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const here = document.getElementById("pick-form");
if (here) start(here);

// Quicken a map.
function start(form) {
  const words = form.dataset;
  const hall = form.querySelector(".hall");
  const rows = [...hall.querySelectorAll(".seat-row")].map((row) => [...row.querySelectorAll("input")]);
  const seats = new Map(rows.flat().map((input) => [input.value, input]));
  const list = form.querySelector("#picks");
  const template = form.querySelector("#pick-template");
  const hint = form.querySelector("#picked");
  const total = form.querySelector("#total");
  const prices = new Map(
    [...form.querySelectorAll("[data-prices]")].map((row) => [row.dataset.category, JSON.parse(row.dataset.prices)]),
  );
  const lost = new Set(); // picks that somebody took, until the picks are changed
  const names = new Intl.ListFormat(document.documentElement.lang);

  const money = moneyWriter(words.money);
  const picked = () => [...seats.values()].filter((input) => input.checked);
  const taken = (labels) => (labels.length > 1 ? words.takenTogether : words.taken).replace("{seats}", names.format(labels));
  const classes = (input) => input.parentElement.classList;
  const say = (text) => { form.querySelector("#map-news").textContent = text; };
  const warn = (text) => { say(text); hint.textContent = text; hint.classList.add("warned"); };

  // ---- What is picked

  function changed() {
    lost.clear();
    show();
    adviser?.advise();
    const chosen = picked();
    say(chosen.length ? `${chosen.map((input) => input.value).join(", ")}: ${total.textContent}` : "");
  }

  function show() {
    const chosen = picked();
    for (const row of [...list.children]) {
      if (chosen.some((input) => input.value === row.dataset.label)) continue;
      if (row.contains(document.activeElement)) row.addEventListener("focusout", show, { once: true });
      else row.remove();
    }
    const sum = chosen.reduce((sum, input) => sum + showPick(input), 0);
    hint.textContent = lost.size ? taken([...lost]) : chosen.length ? "" : words.none;
    hint.classList.toggle("warned", lost.size > 0);
    total.textContent = chosen.length ? money(sum) : "";
    form.dispatchEvent(new CustomEvent("picked", { detail: { sum, count: chosen.length } })); // the desk counts change
  }

  function showPick(input) {
    const row = list.querySelector(`[data-label="${CSS.escape(input.value)}"]`) ?? addPick(input.value);
    const table = prices.get(input.dataset.category) ?? {};
    const select = row.querySelector("select");
    for (const option of select.options) option.disabled = !(option.value in table);
    select.hidden = select.options.length < 2;
    const price = table[select.value] ?? 0;
    row.querySelector("span").textContent = money(price);
    return price;
  }

  function addPick(label) {
    const row = template.content.firstElementChild.cloneNode(true);
    const select = row.querySelector("select");
    row.dataset.label = label;
    row.querySelector("strong").textContent = label;
    select.name = `ticket_type.${label}`;
    select.setAttribute("aria-label", `${select.getAttribute("aria-label")}, ${label}`);
    for (const note of row.querySelectorAll("[data-kind]")) {
      if (!classes(seats.get(label)).contains(note.dataset.kind)) note.remove();
    }
    list.append(row);
    return row;
  }

  // Pick these seats, which the server has just called free, and no others.
  function pick(labels) {
    for (const label of labels) mark(seats.get(label), "free");
    for (const [label, input] of seats) input.checked = labels.includes(label);
    changed();
  }

  // Pick one seat instead of another, for the same person.
  function swap(off, on) {
    const kind = list.querySelector(`[data-label="${CSS.escape(off.value)}"] select`).value;
    off.checked = false;
    on.checked = true;
    showPick(on);
    list.querySelector(`[data-label="${CSS.escape(on.value)}"] select`).value = kind;
    changed();
  }

  form.addEventListener("change", ({ target }) => {
    if (target.name === "look") return;
    proposer?.forget();
    hall.classList.remove("seeking");
    if (!target.matches(".seat input") || !target.checked) return changed();
    if (!classes(target).contains("free")) { // went while the focus was on it
      target.checked = false;
      return warn(taken([target.value]));
    }
    if (picked().length > Number(words.seatsMax)) {
      target.checked = false;
      return warn(words.most);
    }
    changed();
    const note = list.querySelector(`[data-label="${CSS.escape(target.value)}"] [data-kind]`);
    if (note) say(`${target.value}: ${note.textContent}`);
  });

  // ---- Keys: one stop for Tab; left and right along the row, up and down to the nearest seat of the next one, Home and
  // End to the row's ends; a seat's label, typed

  const stop = () => hall.querySelector('input[tabindex="0"]');

  function stopAt(input) {
    stop()?.setAttribute("tabindex", "-1");
    input?.setAttribute("tabindex", "0");
  }

  function stopSomewhere() {
    if (!stop() || stop().disabled) stopAt(picked()[0] ?? [...seats.values()].find((input) => !input.disabled));
  }

  function neighbour(input, [along, across]) {
    const y = rows.findIndex((row) => row.includes(input));
    if (along) {
      const row = rows[y].filter((other) => other === input || !other.disabled);
      return row[row.indexOf(input) + along];
    }
    const left = (other) => other.getBoundingClientRect().left;
    const distance = (other) => Math.abs(left(other) - left(input));
    for (let next = y + across; rows[next]; next += across) {
      const free = rows[next].filter((other) => !other.disabled);
      if (free.length) return free.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    }
    return undefined;
  }

  let typed = "";
  let typing;

  function named(key) {
    typed += key.toUpperCase();
    clearTimeout(typing);
    typing = setTimeout(() => { typed = ""; }, 1000 * TYPING_SECONDS);
    const open = [...seats.values()].filter((input) => !input.disabled);
    return open.find((input) => input.value === typed) ?? open.find((input) => input.value.startsWith(typed));
  }

  function wanted(event) {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key in STEPS) return neighbour(event.target, STEPS[event.key]);
    const row = rows.find((inputs) => inputs.includes(event.target)).filter((input) => !input.disabled);
    if (event.key === "Home") return row[0];
    if (event.key === "End") return row[row.length - 1];
    return isPlain && /^[\p{L}\p{N}]$/u.test(event.key) ? named(event.key) : undefined;
  }

  hall.addEventListener("keydown", (event) => {
    if (!event.target.matches(".seat input")) return;
    if (!typed && around?.key(event)) return event.preventDefault();
    const next = wanted(event);
    if (event.key in STEPS || next) event.preventDefault();
    return next?.focus();
  });
  hall.addEventListener("focusin", ({ target }) => { if (target.matches(".seat input")) stopAt(target); });

  // ---- Seats that others take or give back. Picks stay, those that are gone are said, the focus is left where it is

  let saying;

  function told(changes, isAll) {
    const before = [...lost].join();
    for (const [label, input] of seats) {
      const state = changes[label] ?? (isAll ? "free" : undefined);
      if (state && mark(input, state)) lost.add(label);
      else if (state === "free") lost.delete(label);
    }
    stopSomewhere();
    adviser?.advise();
    const gone = [...lost];
    if (gone.join() === before) return;
    show();
    clearTimeout(saying);
    if (gone.length) saying = setTimeout(() => say(taken(gone)), 1000 * GATHER_SECONDS);
  }

  // Give a seat the state that all are told; true if that takes a pick away.
  function mark(input, state) {
    const seat = input.parentElement;
    const before = STATES.find((name) => seat.classList.contains(name));
    const now = state === "blocked" && seat.classList.contains("kept") ? "free" : state; // to the desk it is free
    if (now === before || (before === "mine" && now !== "free")) return false; // whose it is, nobody is told
    const isPick = input.checked;
    seat.classList.replace(before, now);
    if (now === "free" || now === "mine") seat.classList.remove("just-taken");
    else if (isPick) seat.classList.add("just-taken");
    input.setAttribute("aria-label", renamed(input.getAttribute("aria-label"), words[before], words[now]));
    input.checked = false;
    if (input === document.activeElement) input.addEventListener("blur", () => close(input), { once: true });
    else close(input);
    return isPick;
  }

  function close(input) {
    input.disabled = !input.parentElement.classList.contains("free");
    stopSomewhere();
  }

  function renamed(name, before, after) {
    const bare = before && name.endsWith(`, ${before}`) ? name.slice(0, -before.length - 2) : name;
    return after ? `${bare}, ${after}` : bare;
  }

  function reached(isReached) {
    const age = form.querySelector("#map-age");
    const text = isReached ? "" : words.old;
    if (age.textContent !== text) age.textContent = text;
  }

  // ---- Seats that we take ourselves, here or in another tab: they come as "held" too, and are no loss. The way back from
  // the booking may lead to the page as it was before

  const tabs = new BroadcastChannel(`movy${words.map}`);

  function own(labels) {
    for (const [label, input] of seats) {
      if (labels.includes(label)) mark(input, "mine");
    }
    lost.clear();
    clearTimeout(saying);
    show();
  }

  tabs.onmessage = ({ data }) => own(data);

  // ---- Holding. A refusal comes as a new map, with the picks that are still free, and takes this one's place

  let isSending = false;

  async function send() {
    if (isSending) return;
    isSending = true;
    form.setAttribute("aria-busy", "true");
    const answer = await sent().catch(() => undefined);
    isSending = false;
    form.removeAttribute("aria-busy");
    if (answer?.next) leave(answer.next);
    else if (answer?.map) replace(answer.map);
    else if (!answer) {
      following.wake();
      warn(words.old);
    }
  }

  // Return where the server leads (`next`), or the map that it answers. Anything else is left to the browser.
  async function sent() {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    const next = answer.headers.get("HX-Redirect");
    if (next) return { next };
    const map = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("seat-map");
    if (map) return { map };
    form.submit();
    return {};
  }

  function leave(next) {
    const labels = picked().map((input) => input.value);
    if (next.startsWith("/bookings/")) {
      tabs.postMessage(labels);
      history.replaceState({ own: labels }, "");
      own(labels);
    }
    location.assign(next);
  }

  function replace(map) {
    following.end();
    tabs.close();
    document.getElementById("seat-map").replaceWith(map);
    start(map.querySelector("#pick-form"));
    map.scrollIntoView();
    map.querySelector("#hold").focus({ preventScroll: true });
  }

  function ownedBefore() {
    const [arrival] = performance.getEntriesByType("navigation");
    const labels = (arrival?.type === "back_forward" && history.state?.own) || [];
    return labels.filter((label) => seats.has(label) && classes(seats.get(label)).contains("free"));
  }

  // ---- Help in choosing, where the page has it: the desk's has not

  const tell = (text) => { hint.textContent = text; say(`${text} ${total.textContent}`); };
  const page = { hall, seats, rows, pick, swap, say, tell, names: (labels) => names.format(labels), show: (inputs) => around.show(inputs) };
  const has = (id, quicken) => { const part = document.getElementById(id); return part ? quicken(part) : undefined; };
  const around = seats.size ? has("zoom", () => lookAround(form)) : undefined;
  const adviser = has("advice", (box) => lone(box, words, page));
  const proposer = has("best-form", (wish) => best(wish, page));
  has("find-wheelchair", (link) => wheelchairs(link, words, page));
  form.addEventListener("submit", (event) => {
    following.rest();
    if (!proposer) return; // the desk's leads to the sale
    event.preventDefault();
    send();
  });
  has("bar", (bar) => { // never over the seat that has the focus
    new ResizeObserver(() => hall.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  });

  form.querySelector("#choose-types")?.remove(); // here the types stand beside the picks at once
  for (const input of seats.values()) input.setAttribute("tabindex", "-1");
  stopSomewhere();
  hall.scrollLeft = (hall.scrollWidth - hall.clientWidth) / 2;
  changed();
  own(ownedBefore());
  const live = words.live.replace("{host}", location.hostname);
  const isAllowed = !live.includes("//["); // a content security policy cannot name an IPv6 address
  const following = follow({ map: words.map, live: isAllowed ? live : "" }, { told, reached });
}
