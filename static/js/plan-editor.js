// The seating plan, drawn: by pointer or by key on SVG, with undo. It posts what it holds as JSON; the text beside it is
// the server's reading of the same (theatres/plan), and typing there comes back as a drawing. Without this file the text
// alone does all of it.

import { Plan, ROW_STEP, SEAT } from "./plan-model.js";

const WAIT_MS = 350; // after the last stroke or letter, before the server is asked
const MARGIN = 24;
const ZOOM_FIRST_MOST = 3.4; // pixels for a tenth of a seat
const ZOOM_MOST = 12;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = {
  " ": "toggle", Enter: "toggle", Delete: "remove", Backspace: "remove", d: "copyRow", n: "flip", r: "renumber",
  a: "aisle", A: "closeUp", s: "regular", w: "accessible", c: "companion", "[": "flatter", "]": "rounder",
  "<": "rowLeft", ">": "rowRight", "(": "rowForward", ")": "rowBack", "+": "zoomIn", "=": "zoomIn", "-": "zoomOut",
  Escape: "letGo",
};

const form = document.getElementById("plan-form");
const editor = document.getElementById("plan-editor");
const paper = document.getElementById("plan-drawing");
const board = paper.parentElement;
const text = document.getElementById("plan-text");
const problems = document.getElementById("plan-text-problems");
const rowName = document.getElementById("plan-row-name");
const words = editor.dataset;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const categories = read("plan-categories");

let plan = new Plan(rowsAtFirst());
let category = categories[0]?.code ?? "";
let cursor = { x: 0, y: 0 };
let selected = new Set();
let anchor = null;
let zoom = 0; // tenths of a seat to pixels; 0: as large as fits
let drag = null;
let undone = [];
let done = [JSON.stringify(plan.rows)];
let asking = null;
let timer = 0;
let isLeaving = false;

function rowsAtFirst() {
  try {
    return JSON.parse(form.elements.drawing.value);
  } catch {
    return read("plan-rows"); // nothing was drawn yet
  }
}

// ---- What is where

const lineOf = (point) => plan.lineOn(point.y) ?? { y: point.y };
const seatHere = () => plan.seatAt(lineOf(cursor), cursor.x + SEAT / 2);
const targets = () => (selected.size ? [...selected] : [seatHere()].filter(Boolean));

function rowsHere() {
  const rows = plan.rows.filter((row) => row.seats.some((seat) => selected.has(seat)));
  return rows.length ? rows : [lineOf(cursor).row].filter(Boolean);
}

function goTo(line, x) { cursor = { y: line.y, x: plan.placeAt(line, x) }; }

function selectBetween(from, to) {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x) + SEAT];
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
  selected = new Set(
    plan.seats()
      .filter(({ row, seat }) => row.y >= top && row.y <= bottom && seat.x + SEAT / 2 > left && seat.x + SEAT / 2 < right)
      .map(({ seat }) => seat),
  );
}

// ---- What can be done. Each says whether it changed the plan.

const acts = {
  draw: (from, to) => plan.draw(from, to, category).length > 0,
  toggle() {
    const seat = seatHere();
    if (seat) return acts.remove();
    const here = { line: lineOf(cursor), x: cursor.x };
    return acts.draw(here, here);
  },
  remove() {
    const gone = targets();
    plan.remove(gone);
    selected.clear();
    return gone.length > 0;
  },
  removeRow() {
    const rows = rowsHere();
    plan.remove(rows.flatMap((row) => row.seats));
    selected.clear();
    return rows.length > 0;
  },
  copyRow() {
    const row = rowsHere().at(-1);
    if (!row) return false;
    selected.clear();
    goTo(plan.rowCopy(row), cursor.x);
    return true;
  },
  flip: () => eachRow((row) => plan.flip(row)),
  renumber: () => eachRow((row) => plan.renumber(row, false)),
  aisle: () => eachRow((row) => plan.aisle(row, cursor.x, SEAT)),
  closeUp: () => eachRow((row) => plan.aisle(row, cursor.x, -SEAT)),
  flatter: () => eachRow((row) => plan.curve(row, -2)),
  rounder: () => eachRow((row) => plan.curve(row, 2)),
  rowLeft: () => eachRow((row) => plan.shift(row, -SEAT / 2)),
  rowRight: () => eachRow((row) => plan.shift(row, SEAT / 2)),
  rowForward: () => rowsHere().length > 0 && (plan.push(rowsHere()[0], -2), follow()),
  rowBack: () => rowsHere().length > 0 && (plan.push(rowsHere()[0], 2), follow()),
  regular: () => eachSeat((seat) => { seat.kind = "regular"; }),
  accessible: () => eachSeat((seat) => { seat.kind = "accessible"; }),
  companion: () => eachSeat((seat) => { seat.kind = "companion"; }),
  category: (code) => { category = code; return eachSeat((seat) => { seat.category = code; }); },
  letGo() { selected.clear(); return false; },
  zoomIn() { zoomBy(1.25); return false; },
  zoomOut() { zoomBy(0.8); return false; },
  undo: () => travel(done, undone),
  redo: () => travel(undone, done),
};

function eachRow(change) {
  const rows = rowsHere();
  return rows.filter((row) => change(row) !== false).length > 0;
}

function eachSeat(change) {
  targets().forEach(change);
  return targets().length > 0;
}

/** A row moved under the cursor: stay on it. */
function follow() {
  const row = plan.rows.reduce((best, one) => (Math.abs(one.y - cursor.y) < Math.abs(best.y - cursor.y) ? one : best));
  cursor.y = row.y;
  return true;
}

function travel(from, to) {
  if (from === done ? done.length < 2 : !undone.length) return false;
  to.push(from.pop());
  setRows(JSON.parse(done.at(-1)));
  changed();
  return false;
}

function setRows(rows) {
  const known = plan.known;
  plan = new Plan(rows);
  plan.known = known;
  selected.clear();
  anchor = null;
}

function act(name, ...given) {
  if (acts[name](...given)) {
    done.push(JSON.stringify(plan.rows));
    undone = [];
    changed();
  }
  show();
}

// ---- Keys

paper.addEventListener("keydown", (event) => {
  const step = ARROWS[event.key];
  if (step) {
    if (event.shiftKey) anchor ??= { ...cursor };
    else anchor = null;
    const line = step[1] ? plan.lineBeside(cursor.y, step[1]) : lineOf(cursor);
    goTo(line, cursor.x + SEAT / 2 + step[0] * SEAT);
    if (anchor) {
      selectBetween(anchor, cursor);
      show();
    } else {
      showCursor();
    }
    say();
  } else if (event.ctrlKey || event.metaKey) {
    const name = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (name) act(name);
    else if (event.key === "a") { selected = new Set(plan.seats().map(({ seat }) => seat)); show(); say(); }
    else return;
  } else if (event.key === "Delete" && event.shiftKey) {
    act("removeRow");
  } else if (/^[1-9]$/.test(event.key) && categories[event.key - 1]) {
    act("category", categories[event.key - 1].code);
    say();
  } else if (!event.altKey && KEYS[event.key]) {
    act(KEYS[event.key]);
    say();
  } else {
    return;
  }
  event.preventDefault();
});

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  act(button.dataset.do, button.dataset.category);
  say();
});

rowName.addEventListener("change", () => {
  const [row] = rowsHere();
  const name = rowName.value.trim().toUpperCase();
  if (row && /^[A-Z0-9]{1,3}$/.test(name) && !plan.rows.some((other) => other !== row && other.name === name)) {
    row.name = name;
    done.push(JSON.stringify(plan.rows));
    changed();
  }
  show();
});

// ---- Pointer

function pointOf(event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(paper.getScreenCTM().inverse());
  return { x: at.x, y: at.y };
}

function placeOf(point) {
  const line = plan.lineAt(point.x, point.y);
  return { line, x: plan.placeAt(line, point.x), y: line.y };
}

paper.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  paper.setPointerCapture(event.pointerId);
  drag = { from: placeOf(pointOf(event)), to: placeOf(pointOf(event)) };
  goTo(drag.from.line, drag.from.x);
  anchor = null;
  showCursor();
});

paper.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.to = placeOf(pointOf(event));
  showCursor();
});

paper.addEventListener("pointerup", () => {
  if (!drag) return;
  const { from, to } = drag;
  drag = null;
  goTo(to.line, to.x);
  const mode = form.elements["plan-mode"].value;
  const isClick = from.x === to.x && from.y === to.y;
  if (mode === "draw" && !(isClick && seatHere())) {
    selected.clear();
    act("draw", from, to);
  } else {
    selectBetween(from, to);
    if (mode === "erase") act("remove");
  }
  show();
  say();
});

paper.addEventListener("pointercancel", () => { drag = null; show(); });

// ---- Showing

const escape = (value) => String(value).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const rank = (code) => Math.max(categories.findIndex((one) => one.code === code), 0);

function show() {
  const [left, width] = plan.rows.length ? [plan.left, plan.width] : [0, 0];
  const top = Math.min(0, ...plan.rows.map((row) => row.y)) - 2 * ROW_STEP;
  const bottom = Math.max(5 * ROW_STEP, ...plan.rows.map((row) => row.y)) + 3 * ROW_STEP;
  const across = Math.max(width + SEAT, 15 * SEAT);
  const box = [left - MARGIN - (across - width - SEAT) / 2, top, across + 2 * MARGIN, bottom - top + SEAT];
  const scale = zoom || Math.min(ZOOM_FIRST_MOST, Math.max(board.clientWidth - 4, 300) / box[2]);
  paper.setAttribute("viewBox", box.join(" "));
  paper.setAttribute("width", Math.round(box[2] * scale));
  paper.setAttribute("height", Math.round(box[3] * scale));
  paper.innerHTML = [
    `<text class="paper-name" x="${left + width / 2 + SEAT / 2}" y="${top + 8}">${escape(words.screen)}</text>`,
    `<path class="paper-screen" d="M${left} ${top + 12}q${(width + SEAT) / 2} -4 ${width + SEAT} 0"/>`,
    ...plan.rows.map((row) => rowShown(row, left, width)),
    '<g id="plan-overlay"></g>',
  ].join("");
  showCount();
  showCursor();
}

/** What moves while the plan stays: hundreds of seats are not drawn again for it. */
function showCursor() {
  const [left, width] = plan.rows.length ? [plan.left, plan.width] : [0, 0];
  document.getElementById("plan-overlay").innerHTML = cursorShown(left, width) + dragShown();
  if (document.activeElement !== rowName) rowName.value = rowsHere()[0]?.name ?? "";
}

function rowShown(row, left, width) {
  const seats = row.seats.map((seat) => {
    const y = row.y - plan.bend(row, seat.x, left, width) - seat.forward;
    const marks = `k${rank(seat.category)} ${seat.kind}${selected.has(seat) ? " chosen" : ""}`;
    const icon = { accessible: "accessibility", companion: "users" }[seat.kind];
    const sign = icon
      ? `<use href="${words.icons}#${icon}" x="${seat.x + 2}" y="${y + 2}" width="6" height="6"/>`
      : `<text x="${seat.x + 5}" y="${y + 6.6}">${seat.number}</text>`;
    return `<g class="paper-seat ${marks}"><rect x="${seat.x + 0.6}" y="${y + 0.6}" width="8.8" height="8.8" rx="2"/>${sign}</g>`;
  });
  const y = row.y - plan.bend(row, row.seats[0].x, left, width);
  return `<text class="paper-row" x="${row.seats[0].x - 7}" y="${y + 6.8}">${escape(row.name)}</text>${seats.join("")}`;
}

function cursorShown(left, width) {
  const { row } = lineOf(cursor);
  const y = cursor.y - (row ? plan.bend(row, cursor.x, left, width) : 0) - (seatHere()?.forward ?? 0);
  return `<rect class="paper-cursor" x="${cursor.x}" y="${y}" width="10" height="10" rx="2.4"/>`;
}

function dragShown() {
  if (!drag) return "";
  const [x, y] = [Math.min(drag.from.x, drag.to.x), Math.min(drag.from.y, drag.to.y)];
  const [width, height] = [Math.abs(drag.from.x - drag.to.x) + SEAT, Math.abs(drag.from.y - drag.to.y) + SEAT];
  return `<rect class="paper-drag" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
}

function showCount() {
  const count = document.getElementById("plan-count");
  const total = plan.seats().length;
  count.textContent = total === 1 ? count.dataset.one : count.dataset.many.replace("{n}", total);
}

function zoomBy(factor) {
  const now = paper.clientWidth / Number(paper.getAttribute("viewBox").split(" ")[2]);
  zoom = Math.min(Math.max(now * factor, 1), ZOOM_MOST);
}

/** Tell what is under the cursor, to those who hear the page. */
function say() {
  const { row } = lineOf(cursor);
  const seat = seatHere();
  const name = row ? words.row.replace("{row}", row.name) : words.newRow.replace("{row}", plan.nameFree(cursor.y));
  const kind = seat && words[seat.kind];
  const what = seat
    ? [row.name + seat.number, categories[rank(seat.category)]?.name, kind, selected.has(seat) && words.selected]
    : [name, words.empty];
  document.getElementById("plan-place").textContent = what.filter(Boolean).join(", ");
}

// ---- The same as text, and as the buyer sees it

function changed() {
  form.elements.drawing.value = JSON.stringify(plan.rows);
  ask({ drawing: form.elements.drawing.value }, (answer) => { text.value = answer.text; });
}

text.addEventListener("input", () => {
  form.elements.drawing.value = "";
  ask({ text: text.value }, (answer) => {
    setRows(answer.rows);
    done.push(JSON.stringify(plan.rows));
    undone = [];
    show();
  });
});

/** Let the server read the plan; only the last answer counts. */
function ask(what, then) {
  clearTimeout(timer);
  asking?.abort();
  timer = setTimeout(async () => {
    asking = new AbortController();
    const body = new URLSearchParams({ ...what, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const response = await fetch(form.dataset.read, { method: "POST", body, signal: asking.signal });
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      problems.replaceChildren(...answer.problems.map(line));
      if (answer.problems.length) return;
      document.getElementById("plan-preview").innerHTML = answer.preview;
      then(answer);
    } catch (error) {
      if (error.name !== "AbortError") problems.replaceChildren(line(words.unread));
    }
  }, WAIT_MS);
}

function line(words) {
  const made = document.createElement("span");
  made.textContent = words;
  return made;
}

form.addEventListener("submit", () => { isLeaving = true; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && done.length > 1) event.preventDefault();
});
window.addEventListener("resize", show);

editor.hidden = false;
if (plan.rows.length) goTo({ y: plan.rows[0].y, row: plan.rows[0] }, plan.rows[0].seats[0].x);
show();
