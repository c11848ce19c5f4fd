// The desk, quickened: seats by typing, the change while the money is counted, and a whole sale without the mouse. What a
// line of words means is told in payments/desk_forms.py, which reads the same without this file. Before seatmap.js, whose
// "picked" says what a sale costs.

import { moneyWriter } from "./money.js";

const WORD = /^(-?)([^\s/-]*?)(\d{1,4})(?:-(\d{1,4}))?(?:\/(\w{1,20}))?$/;
const RANGE_MAX = 50;
const AMOUNT = /^(\d{1,9}|\d{1,3}([ ,]\d{3}){1,2})(\.\d{1,2})?$/;

const form = document.getElementById("pick-form");
document.getElementById("date").addEventListener("change", ({ target }) => { if (target.value) target.form.submit(); });
document.querySelector("#showings [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
if (form) start();

function start() {
  const words = form.dataset;
  const typed = form.querySelector("#typed");
  const given = form.querySelector("#given");
  const change = form.querySelector("#change");
  const sell = form.querySelector("#hold");
  const money = moneyWriter(words.money);
  let picked = { sum: 0, count: 0 };

  // ---- Seats by typing

  const seat = (label) => form.querySelector(`.seat input[value="${CSS.escape(label)}"]`);

  // Return the labels that a word names; a word that names none stands for itself.
  function labels([whole, , row, first, last]) {
    if (first === undefined) return [whole];
    const [from, to] = [first, last ?? first].map(Number).sort((one, other) => one - other);
    const count = Math.min(to - from + 1, RANGE_MAX);
    return Array.from({ length: count }, (_, step) => `${row}${from + step}`);
  }

  function take(line) {
    const unknown = [];
    for (const word of line.toUpperCase().replaceAll(",", " ").split(/\s+/).filter(Boolean)) {
      const match = WORD.exec(word) ?? [word];
      for (const label of labels(match)) {
        const input = seat(label);
        if (!input || input.disabled) unknown.push(label);
        else pick(input, match[1] !== "-", match[5]);
      }
    }
    if (unknown.length) warn(`${words.unknown} ${unknown.join(", ")}`);
  }

  function pick(input, isPicked, kind) {
    if (input.checked !== isPicked) {
      input.checked = isPicked;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const select = kind && form.querySelector(`[name="ticket_type.${CSS.escape(input.value)}"]`);
    const option = select && [...select.options].find((row) => row.value.toUpperCase().startsWith(kind));
    if (option && !option.disabled) {
      select.value = option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function warn(text) {
    const hint = form.querySelector("#picked");
    hint.textContent = text;
    hint.classList.add("warned");
    form.querySelector("#map-news").textContent = text;
  }

  // ---- Change

  function show() {
    const isCash = form.elements.paid_by.value === "cash";
    form.querySelector("#given-line").hidden = !isCash;
    sell.textContent = picked.count ? `${words.sell} ${money(picked.sum)}` : words.sell;
    const text = given.value.trim();
    const minor = AMOUNT.test(text) ? Math.round(Number(text.replaceAll(/[ ,]/g, "")) * 100) : null;
    const due = minor === null ? 0 : minor - picked.sum;
    change.classList.toggle("short", due < 0);
    change.textContent = minor === null || !picked.count ? "" : `${due < 0 ? words.missing : words.change} ${money(Math.abs(due))}`;
  }

  form.addEventListener("picked", ({ detail }) => { picked = detail; show(); });
  form.addEventListener("input", show);

  // ---- Keys

  function goTo(place) {
    const link = document.querySelectorAll("#showings a")[place - 1];
    if (link) link.click();
    else warn(`${words.unknown} ${place}`);
  }

  function enterSeats() {
    const line = typed.value.trim();
    typed.value = "";
    if (/^\d{1,2}$/.test(line) && !seat(line)) goTo(Number(line));
    else if (line) take(line);
    else if (picked.count && form.elements.paid_by.value === "cash") given.focus();
    else if (picked.count) sell.focus();
  }

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.querySelector('[name="paid_by"][value="card_terminal"]').checked = true;
      show();
      if (picked.count) form.requestSubmit(sell);
    } else if (event.target === typed) {
      event.preventDefault();
      enterSeats();
    } else if (event.target.matches(".seat input")) { // as Space does: Enter would sell
      event.preventDefault();
      event.target.click();
    } else if (event.target.matches("select")) {
      event.preventDefault();
      typed.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const input of form.querySelectorAll(".seat input:checked")) pick(input, false);
      given.value = "";
      typed.value = "";
      show();
      typed.focus();
    } else if (event.key === "/" && !event.target.matches("input, textarea, select")) {
      event.preventDefault();
      typed.focus();
    }
  });

  // With a mouse or a keyboard the line waits for the first word; on a touch screen that would bring up the keys.
  if (matchMedia("(pointer: fine)").matches) typed.focus({ preventScroll: true });

  // A second press while the first is on its way. The server would find the first sale anyway; the clerk need not wonder.
  form.addEventListener("submit", () => { sell.disabled = true; });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
}
