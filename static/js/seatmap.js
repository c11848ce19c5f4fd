// The seat map, quickened: a running total, ticket types beside the picks, arrow keys in the hall, and seats that come and
// go while one looks. Without this file the form works all the same.

const REFRESH_SECONDS = 4;
const REFRESH_SECONDS_HIDDEN = 30;
const STATES = ["free", "held", "sold", "blocked"];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const here = document.getElementById("pick-form");
if (here) start(here);
// A refused hold comes back as a new map in the old one's place (htmx), with the picks that are still free.
document.body.addEventListener("htmx:afterSettle", () => {
  const form = document.getElementById("pick-form");
  if (form && !form.dataset.started) start(form);
});

function start(form) {
  form.dataset.started = "yes";
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
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

  const money = (minor) => words.symbol + number.format(minor / 100);
  const picked = () => [...seats.values()].filter((input) => input.checked);
  const say = (text) => { form.querySelector("#map-news").textContent = text; };
  const warn = (text) => { say(text); hint.textContent = text; hint.classList.add("warned"); };

  // ---- What is picked

  function show() {
    const chosen = picked();
    for (const row of [...list.children]) {
      if (!chosen.some((input) => input.value === row.dataset.label)) row.remove();
    }
    const sum = chosen.reduce((sum, input) => sum + showPick(input), 0);
    hint.textContent = chosen.length ? "" : words.none;
    hint.classList.remove("warned");
    total.textContent = chosen.length ? money(sum) : "";
    say(chosen.length ? `${chosen.map((input) => input.value).join(", ")}: ${total.textContent}` : "");
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
    list.append(row);
    return row;
  }

  form.addEventListener("change", ({ target }) => {
    if (!target.matches(".seat input") || !target.checked) return show();
    if (!target.parentElement.classList.contains("free")) { // went while the focus was on it
      target.checked = false;
      return warn(`${words.taken} ${target.value}`);
    }
    if (picked().length > Number(words.seatsMax)) {
      target.checked = false;
      return warn(words.most);
    }
    return show();
  });

  // ---- Keys: one stop for Tab; left and right along the row, up and down to the nearest seat of the next one

  function stopAt(input) {
    hall.querySelector('input[tabindex="0"]')?.setAttribute("tabindex", "-1");
    input?.setAttribute("tabindex", "0");
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

  hall.addEventListener("keydown", (event) => {
    if (!(event.key in STEPS) || !event.target.matches(".seat input")) return;
    event.preventDefault();
    neighbour(event.target, STEPS[event.key])?.focus();
  });
  hall.addEventListener("focusin", ({ target }) => { if (target.matches(".seat input")) stopAt(target); });

  // ---- Seats that others take or give back. Picks stay; one that is gone is said; the focus is left where it is

  let etag = "";
  async function refresh() {
    if (!form.isConnected) return; // another map stands in its place
    try {
      const answer = await fetch(words.map, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag") ?? "";
        follow((await answer.json()).seats);
      }
    } catch { /* the network is away: the next round tries again */ }
    setTimeout(refresh, 1000 * (document.hidden ? REFRESH_SECONDS_HIDDEN : REFRESH_SECONDS));
  }

  function follow(fresh) {
    const lost = fresh.filter(({ label, status }) => mark(seats.get(label), status)).map(({ label }) => label);
    if (!lost.length) return;
    show();
    warn(`${words.taken} ${lost.join(", ")}`);
  }

  // Give a seat its new state; true if that takes a pick away.
  function mark(input, status) {
    const seat = input?.parentElement;
    if (!seat || seat.classList.contains(status) || seat.classList.contains("mine")) return false;
    if (status === "blocked" && seat.classList.contains("kept")) return false; // for the public, not for the desk
    const before = STATES.find((state) => seat.classList.contains(state));
    const isLost = input.checked;
    seat.classList.remove(before, "just-taken");
    seat.classList.add(status);
    seat.classList.toggle("just-taken", isLost);
    input.setAttribute("aria-label", renamed(input.getAttribute("aria-label"), words[before], words[status]));
    input.checked = false;
    if (input === document.activeElement) {
      input.addEventListener("blur", () => { input.disabled = !seat.classList.contains("free"); }, { once: true });
    } else {
      input.disabled = status !== "free";
    }
    return isLost;
  }

  function renamed(name, before, after) {
    const bare = before && name.endsWith(`, ${before}`) ? name.slice(0, -before.length - 2) : name;
    return after ? `${bare}, ${after}` : bare;
  }

  form.querySelector("#choose-types")?.remove(); // here the types stand beside the picks at once
  for (const input of seats.values()) input.setAttribute("tabindex", "-1");
  stopAt(picked()[0] ?? [...seats.values()].find((input) => !input.disabled));
  hall.scrollLeft = (hall.scrollWidth - hall.clientWidth) / 2;
  show();
  setTimeout(refresh, 1000 * REFRESH_SECONDS);
}
