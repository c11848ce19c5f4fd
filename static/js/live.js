// Following a map: by the stream of the live process and, where that cannot be reached, by asking again and again.
//
// addresses: `map` answers with all of it, `live` with events. page: `told(changes, isAll)` gets the states of seats by
// label, with isAll those not named are free; `reached(isReached)` hears whether the map may be old.

const PATIENCE_SECONDS = 3; // until the first event of a stream
const RESUME_SECONDS = 8; // until a stream that broke off is back: the browser is told to wait up to 5 s
const ASK_SECONDS = 4;
const ASK_SECONDS_SAVING = 15; // who saves data
const ASK_SECONDS_HIDDEN = 30;
const CHECK_SECONDS = 60; // a dead stream looks like one with nothing to tell
const ANSWER_SECONDS = 10;
const AGAIN_SECONDS = 2; // until the stream is tried again; twice as long each time
const AGAIN_SECONDS_MAX = 60;
const OLD_SECONDS = 20;
const REST_SECONDS = 120; // hidden

export function follow(addresses, page) {
  const timers = new Map();
  const listeners = new AbortController();
  let stream;
  let isFlowing = false;
  let isAsking = false;
  let isResting = false;
  let version; // of the map as the page knows it: also its ETag
  let events = 0;
  let tries = 0;

  const never = (act) => { clearTimeout(timers.get(act)); timers.delete(act); };
  const later = (act, seconds) => {
    never(act);
    timers.set(act, setTimeout(() => { timers.delete(act); act(); }, 1000 * seconds));
  };

  // ---- The stream

  function open() {
    stream?.close();
    if (!addresses.live) return ask();
    stream = new EventSource(addresses.live);
    let isKnown = false; // a new stream begins with an event; one that goes on may have nothing to tell
    stream.onopen = () => { if (isKnown) flow(); };
    stream.addEventListener("seats", ({ data }) => {
      const { version: newest, changes, complete } = JSON.parse(data);
      isKnown = true;
      version = newest;
      events += 1;
      flow();
      page.told(changes, complete);
    });
    stream.onerror = ({ target }) => {
      if (!isFlowing || target.readyState === EventSource.CLOSED) return lose();
      isFlowing = false; // the browser tries once by itself, telling how far it had come
      later(lose, RESUME_SECONDS);
      return askSoon();
    };
    return later(lose, PATIENCE_SECONDS);
  }

  function flow() {
    isFlowing = true;
    tries = 0;
    never(lose);
    later(ask, CHECK_SECONDS);
    hear();
  }

  function lose() {
    isFlowing = false;
    stream.close();
    never(lose);
    if (tries === 0) askSoon();
    later(open, Math.min(AGAIN_SECONDS * 2 ** tries, AGAIN_SECONDS_MAX) * (0.5 + Math.random()));
    tries += 1;
  }

  // ---- Asking

  function askSoon() { later(ask, Math.random()); } // those who lose a stream lose it together

  async function ask() {
    if (isAsking || isResting) return;
    isAsking = true;
    never(ask);
    const before = events;
    const answer = await answered();
    isAsking = false;
    if (isResting) return;
    if (answer?.seats && events === before) { // else the stream knew more by then
      version = answer.version;
      page.told(Object.fromEntries(answer.seats.map(({ label, status }) => [label, status])), true);
      if (isFlowing) later(lose, PATIENCE_SECONDS); // unless it tells the same
    }
    if (answer) hear();
    else if (!timers.has(age)) later(age, OLD_SECONDS);
    later(ask, pause());
  }

  // Return the map, {} for the one that is known, nothing without an answer.
  async function answered() {
    try {
      const answer = await fetch(addresses.map, {
        headers: version === undefined ? {} : { "If-None-Match": `"${version}"` },
        cache: "no-store",
        signal: AbortSignal.timeout?.(1000 * ANSWER_SECONDS),
      });
      if (answer.status === 304) return {};
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }

  function pause() {
    if (isFlowing) return CHECK_SECONDS;
    if (document.hidden) return ASK_SECONDS_HIDDEN;
    return navigator.connection?.saveData ? ASK_SECONDS_SAVING : ASK_SECONDS;
  }

  // ---- How old the map is

  function hear() { never(age); page.reached(true); }
  function age() { page.reached(false); }

  // ---- Whether anybody looks

  function rest() {
    isResting = true;
    isFlowing = false;
    stream?.close();
    for (const act of [...timers.keys()]) never(act);
  }

  function wake() {
    if (document.hidden) return;
    never(rest);
    if (isResting || !(isFlowing || timers.has(lose))) { // neither open nor about to be
      isResting = false;
      tries = 0;
      open();
    }
    ask(); // at once, whatever the stream was while nobody looked
  }

  function end() { rest(); listeners.abort(); }

  function seen() {
    if (document.hidden) later(rest, REST_SECONDS);
    else wake();
  }

  const on = (target, event, act) => target.addEventListener(event, act, { signal: listeners.signal });
  on(document, "visibilitychange", seen);
  on(window, "online", wake);
  on(window, "pagehide", rest); // a page with an open stream is not kept for the way back
  on(window, "pageshow", ({ persisted }) => { if (persisted) wake(); });
  if (document.hidden) later(rest, REST_SECONDS);
  open();
  return { rest, wake, end };
}
