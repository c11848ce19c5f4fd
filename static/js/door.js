// The door, quickened: every code goes to the server without leaving the page, the answer fills the screen, sounds and
// shakes, and the next ticket can come. Nothing here ever says "in": only the server's answer does. Without this file
// the form works all the same.

import { Camera } from "./camera.js";
import { sounded, switchSound } from "./signals.js";

const SLOW_SECONDS = 2;
const GIVE_UP_SECONDS = 8; // on one try; the next follows
const AGAIN_SECONDS = 2;
const SHOWN_SECONDS = { in: 2.5, again: 4, stop: 6 };
const SAME_CODE_SECONDS = 4; // a camera sees a ticket many times a second

const door = document.getElementById("door");
const form = document.getElementById("scan");
const field = document.getElementById("code");
const showing = document.getElementById("showtime");
const place = document.getElementById("verdict");
const words = door.dataset;

let waiting = ""; // the code that has no answer yet: one at a time, as people come
let lastCode = "";
let lastAt = 0;
let isTyping = matchMedia("(pointer: fine)").matches; // on a phone the focus would bring up its keys over the camera
let ends; // the timer that takes an answer away

// ---- One code, from its reading to its answer

async function check(code) {
  if (waiting || !code.trim()) return;
  waiting = code.trim();
  field.value = "";
  notice(words.checking);
  const answer = await answered(waiting);
  [lastCode, lastAt, waiting] = [waiting, Date.now(), ""];
  if (answer) show(answer);
}

// Ask until the server has spoken. A repeated question is safe: a ticket that this door let in a moment ago says so.
async function answered(code) {
  const body = new FormData(form);
  body.set("code", code);
  for (;;) {
    const slow = setTimeout(notice, 1000 * SLOW_SECONDS, words.slow);
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body,
        headers: { "HX-Request": "true" },
        signal: AbortSignal.timeout(1000 * GIVE_UP_SECONDS),
      });
      const text = await response.text();
      if (response.redirected || response.status === 403) return notice(words.signedOut, "stop");
      if (response.status < 500 && text.includes("data-look=")) return text;
      notice(words.offline, "again"); // 503 and the like: it says itself that it comes back
    } catch {
      notice(words.offline, "again");
    } finally {
      clearTimeout(slow);
    }
    await new Promise((resolve) => { setTimeout(resolve, 1000 * AGAIN_SECONDS); });
  }
}

function show(html) {
  place.innerHTML = html; // our own page's fragment, escaped by its template
  const look = place.firstElementChild.dataset.look;
  document.body.dataset.verdict = look;
  sounded(look);
  clearTimeout(ends);
  ends = setTimeout(ready, 1000 * SHOWN_SECONDS[look]);
  if (isTyping) field.focus({ preventScroll: true });
  htmx.trigger("#counts", "scanned");
}

function notice(text, look = "wait") {
  clearTimeout(ends);
  const box = document.createElement("p");
  box.className = `verdict ${look}`;
  box.setAttribute("role", "status");
  box.textContent = text;
  place.replaceChildren(box);
  document.body.dataset.verdict = "notice";
}

function ready() {
  delete document.body.dataset.verdict;
  place.replaceChildren();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  isTyping = true;
  check(field.value);
});
place.addEventListener("click", () => { if (!waiting) ready(); });
// A hand scanner types wherever the focus is: have it in the field, but leave whoever works with other controls alone.
document.addEventListener("keydown", (event) => {
  const isElsewhere = event.target.closest("input, select, button, a, textarea");
  if (!isElsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
  if (event.key === "Escape" && !waiting) ready();
});
// Another showing is another page, so that a reload and the counts keep to it.
showing.addEventListener("change", () => {
  const query = showing.value ? `?showtime=${showing.value}` : "";
  location.assign(location.pathname + query);
});

// ---- Sound

const soundButton = document.getElementById("sound");
soundButton.addEventListener("click", () => {
  soundButton.setAttribute("aria-pressed", String(switchSound()));
  if (isTyping) field.focus({ preventScroll: true });
});
soundButton.setAttribute("aria-pressed", String(switchSound(null)));

// ---- Camera

document.getElementById("camera").hidden = false;
new Camera({
  words,
  onCode(code) {
    isTyping = false;
    const isSeenStill = code === lastCode && Date.now() - lastAt < 1000 * SAME_CODE_SECONDS;
    if (isSeenStill) lastAt = Date.now(); // as long as it lies before the camera
    else check(code);
  },
});
if (place.firstElementChild?.dataset.look) { // answered to a form: a page that was loaded may not sound
  document.body.dataset.verdict = place.firstElementChild.dataset.look;
  ends = setTimeout(ready, 1000 * SHOWN_SECONDS[document.body.dataset.verdict]);
}
