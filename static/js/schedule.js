// The week by screen: shows are dragged or moved by arrow keys, an empty place is clicked to add one. Whatever is moved
// is posted as the form of its own page would be, so the server decides, and says which show is in the way.

const STEP = 5; // minutes
const HOUR = 60;
const DAY_BEGINS = 5 * HOUR;
const THRESHOLD = 5; // pixels that a press may wander before it is a drag

const table = document.getElementById("schedule");

if (table) {
  document.documentElement.classList.add("scripted");
  const perMinute = Number(table.dataset.pixels);
  const form = document.getElementById("schedule-move");
  const told = document.getElementById("schedule-told");
  let moving = null; // {show, place, home: {lane, y, time}, grabbedAt}

  const clock = (minutes) => {
    const ofDay = (minutes + DAY_BEGINS) % (24 * HOUR);
    return `${String(Math.floor(ofDay / HOUR)).padStart(2, "0")}:${String(ofDay % HOUR).padStart(2, "0")}`;
  };
  const laneOf = (place) => place.closest("svg.lane");
  const minutesAt = (lane, y) => {
    const minutes = Number(lane.dataset.first) + Math.round(y / perMinute / STEP) * STEP;
    return Math.min(Math.max(minutes, 0), 24 * HOUR - STEP);
  };
  const minutesOf = (place) => minutesAt(laneOf(place), Number(place.getAttribute("y")));

  const put = (lane, minutes) => {
    const { show, place } = moving;
    if (laneOf(place) !== lane) lane.append(place);
    place.setAttribute("y", String((minutes - Number(lane.dataset.first)) * perMinute));
    show.querySelector(".time").textContent = clock(minutes);
  };
  const tell = () => {
    const lane = laneOf(moving.place);
    told.textContent = table.dataset.told
      .replace("{day}", lane.dataset.told)
      .replace("{time}", clock(minutesOf(moving.place)));
  };
  const begin = (show) => {
    const place = show.closest("foreignObject");
    const time = show.querySelector(".time").textContent;
    moving = { show, place, home: { lane: laneOf(place), y: place.getAttribute("y"), time } };
    show.classList.add("moving");
  };
  const giveUp = () => {
    const { show, place, home } = moving;
    home.lane.append(place);
    place.setAttribute("y", home.y);
    show.querySelector(".time").textContent = home.time;
    show.classList.remove("moving");
    moving = null;
    told.textContent = "";
  };
  const save = () => {
    const lane = laneOf(moving.place);
    const at = clock(minutesOf(moving.place));
    if (lane === moving.home.lane && at === moving.home.time) {
      giveUp();
      return;
    }
    form.action = moving.show.getAttribute("href");
    form.elements.screen.value = lane.dataset.screen;
    form.elements.day.value = lane.dataset.day;
    form.elements.at.value = at;
    form.submit();
  };
  const beside = (lane, step) => {
    const cell = lane.closest("td");
    const next = step < 0 ? cell.previousElementSibling : cell.nextElementSibling;
    return next?.querySelector("svg.lane") ?? lane;
  };

  // ---- Keys

  table.addEventListener("keydown", (event) => {
    const show = event.target.closest(".show[data-moves]");
    if (!show) return;
    if (moving && event.key === "Escape") {
      giveUp();
      show.focus();
    } else if (moving && event.key === "Enter") {
      event.preventDefault();
      save();
    } else if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      if (moving && moving.show !== show) giveUp();
      if (!moving) begin(show);
      const lane = laneOf(moving.place);
      const minutes = minutesOf(moving.place);
      const step = event.shiftKey ? HOUR : STEP;
      if (event.key === "ArrowUp") put(lane, Math.max(minutes - step, 0));
      if (event.key === "ArrowDown") put(lane, Math.min(minutes + step, 24 * HOUR - STEP));
      if (event.key === "ArrowLeft") put(beside(lane, -1), minutes);
      if (event.key === "ArrowRight") put(beside(lane, 1), minutes);
      show.focus(); // moving it to another lane took the focus away
      tell();
    }
  });

  // ---- Dragging

  let pressed = null;
  table.addEventListener("pointerdown", (event) => {
    const show = event.target.closest(".show[data-moves]");
    if (!show || event.button !== 0) return;
    pressed = { show, x: event.clientX, y: event.clientY, inside: event.clientY - show.getBoundingClientRect().top };
  });
  document.addEventListener("pointermove", (event) => {
    if (!pressed) return;
    if (!pressed.dragging) {
      if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < THRESHOLD) return;
      if (moving) giveUp();
      begin(pressed.show);
      pressed.dragging = true;
    }
    event.preventDefault();
    const under = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest("td"));
    const lane = under.find((cell) => cell)?.querySelector("svg.lane");
    if (!lane) return;
    put(lane, minutesAt(lane, event.clientY - pressed.inside - lane.getBoundingClientRect().top));
  });
  document.addEventListener("pointerup", () => {
    if (pressed?.dragging) {
      table.addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
      save();
    }
    pressed = null;
  });
  document.addEventListener("pointercancel", () => {
    if (pressed?.dragging) giveUp();
    pressed = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && pressed?.dragging) {
      giveUp();
      pressed = null;
    }
  });
  table.addEventListener("dragstart", (event) => event.preventDefault()); // the browser's own dragging of links

  // ---- An empty place

  table.addEventListener("click", (event) => {
    const lane = event.target.closest("svg.lane");
    if (!lane || event.target.closest(".show")) return;
    const minutes = minutesAt(lane, event.clientY - lane.getBoundingClientRect().top);
    const asked = new URLSearchParams({ screen: lane.dataset.screen, day: lane.dataset.day, at: clock(minutes) });
    window.location.assign(`${table.dataset.new}?${asked}`);
  });
}
