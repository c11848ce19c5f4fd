// The seat map, quickened: a running total, ticket types beside the picks, arrow keys in the hall, and seats that go while
// one looks. Without this file the form works all the same.

const REFRESH_SECONDS = 4;
const REFRESH_SECONDS_HIDDEN = 30;

const form = document.getElementById("pick-form");
if (form) start(form);

function start(form) {
  const seats = new Map([...form.querySelectorAll(".seat input")].map((input) => [input.value, input]));
  const list = form.querySelector("#picks");
  const template = form.querySelector("#pick-template");
  const news = form.querySelector("#map-news");
  const most = Number(form.dataset.seatsMax);
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const prices = new Map(
    [...form.querySelectorAll("[data-prices]")].map((row) => [row.dataset.category, JSON.parse(row.dataset.prices)]),
  );
  form.querySelector("#choose-types")?.remove();

  const money = (minor) => form.dataset.symbol + number.format(minor / 100);
  const say = (text) => { news.textContent = text; };
  const picked = () => [...seats.values()].filter((input) => input.checked);

  function show() {
    const chosen = picked();
    for (const row of [...list.children]) {
      if (!chosen.some((input) => input.value === row.dataset.label)) row.remove();
    }
    let total = 0;
    for (const input of chosen) {
      const row = list.querySelector(`[data-label="${CSS.escape(input.value)}"]`) ?? add(input.value);
      const table = prices.get(input.dataset.category) ?? {};
      const select = row.querySelector("select");
      for (const option of select.options) option.disabled = !(option.value in table);
      const price = table[select.value] ?? 0;
      row.querySelector("span").textContent = money(price);
      total += price;
    }
    form.querySelector("#picked").textContent = chosen.length ? "" : form.dataset.none;
    form.querySelector("#total").textContent = chosen.length ? money(total) : "";
  }

  function add(label) {
    const row = template.content.firstElementChild.cloneNode(true);
    row.dataset.label = label;
    row.querySelector("strong").textContent = label;
    row.querySelector("select").name = `ticket_type.${label}`;
    list.append(row);
    return row;
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches(".seat input") && picked().length > most) {
      event.target.checked = false;
      say(form.dataset.most);
      form.querySelector("#picked").textContent = form.dataset.most;
      return;
    }
    show();
  });

  // Arrow keys: left and right along the row, up and down to the nearest seat of the next one.
  form.querySelector(".hall").addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!step || !event.target.matches(".seat input")) return;
    event.preventDefault();
    const rows = [...form.querySelectorAll(".seat-row")].map((row) => [...row.querySelectorAll("input:enabled")]);
    const y = rows.findIndex((row) => row.includes(event.target));
    if (step[0]) {
      rows[y][rows[y].indexOf(event.target) + step[0]]?.focus();
      return;
    }
    const middle = (input) => input.getBoundingClientRect().left;
    for (let next = y + step[1]; rows[next]; next += step[1]) {
      const nearest = rows[next].toSorted?.((a, b) => Math.abs(middle(a) - middle(event.target)) - Math.abs(middle(b) - middle(event.target)))[0] ?? rows[next][0];
      if (nearest) { nearest.focus(); return; }
    }
  });

  // Seats that others take or give back meanwhile. Picks stay; one that is gone is said, and never steals the focus.
  let etag = "";
  async function refresh() {
    try {
      const answer = await fetch(form.dataset.map, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag") ?? "";
        mark((await answer.json()).seats);
      }
    } catch { /* the network is away: the next round tries again */ }
    setTimeout(refresh, 1000 * (document.hidden ? REFRESH_SECONDS_HIDDEN : REFRESH_SECONDS));
  }

  function mark(fresh) {
    const lost = [];
    for (const { label, status } of fresh) {
      const input = seats.get(label);
      const seat = input?.parentElement;
      if (!seat || seat.classList.contains(status) || seat.classList.contains("mine")) continue;
      seat.classList.remove("free", "held", "sold", "blocked");
      seat.classList.add(status);
      if (status !== "free" && input.checked) {
        lost.push(label);
        input.checked = false;
        seat.classList.add("just-taken");
      }
      input.disabled = status !== "free";
      if (status === "free") seat.classList.remove("just-taken");
    }
    if (lost.length) {
      show();
      say(`${form.dataset.taken} ${lost.join(", ")}`);
      form.querySelector("#picked").textContent = `${form.dataset.taken} ${lost.join(", ")}`;
    }
  }

  show();
  setTimeout(refresh, 1000 * REFRESH_SECONDS);
}
