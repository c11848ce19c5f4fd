// Looking around in a hall: larger and smaller by button, key and two fingers, inside its own frame, so that the page stays
// as it is. The size of a seat is the variable --seat of static/css/seats.css, and everything follows it.

const FINGER = 44; // pixels that a finger needs
const FAR = 24; // smaller seats have no numbers, and a tap comes nearer instead of picking one
const NEAREST = 66;
const STEPS = [12, 18, 27, FINGER, NEAREST];
const KEYS = { "+": 1, "=": 1, "-": -1, 0: 0 };

// Return `show(inputs)`, which brings seats into view, and `key(event)`, which is true for a key that was one of these.
export function lookAround(form) {
  const hall = form.querySelector(".hall");
  const inner = hall.querySelector(".hall-inner");
  const buttons = form.querySelector("#zoom");
  const columns = 1 + Math.max(...[...hall.querySelectorAll(".seat")].map((seat) => Number(/\bc(\d+)/.exec(seat.className)[1])));
  const size = () => hall.querySelector(".seat").getBoundingClientRect().width;

  // How large a seat can be so that the widest row fits.
  function whole() {
    const beside = inner.offsetWidth - (size() * columns) / 2; // the rows' names
    const { paddingLeft, paddingRight } = getComputedStyle(hall);
    const room = hall.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight) - beside;
    return Math.min(FINGER, Math.floor((20 * room) / columns) / 10);
  }

  // Give seats another size; what is at a point of the screen stays there, by default what is in the middle of the hall.
  function resize(pixels, point) {
    const before = inner.getBoundingClientRect();
    const frame = hall.getBoundingClientRect();
    const x = point?.x ?? frame.left + frame.width / 2;
    const y = point?.y ?? innerHeight / 2;
    const along = (x - before.left) / before.width;
    const down = Math.min(Math.max((y - before.top) / before.height, 0), 1);
    inner.style.setProperty("--seat", `${pixels}px`);
    inner.classList.toggle("far", pixels < FAR);
    const after = inner.getBoundingClientRect();
    hall.scrollLeft += after.left + along * after.width - x;
    if (down > 0 && down < 1) scrollBy(0, after.top + down * after.height - y);
    mark();
  }

  function mark() {
    const [now, least] = [size(), whole()];
    for (const button of buttons.querySelectorAll("[data-zoom]")) {
      const isEnd = button.dataset.zoom === "1" ? now > NEAREST - 1 : now < least + 1;
      button.setAttribute("aria-disabled", isEnd); // and not disabled, which would lose the focus
    }
  }

  function zoom(way) {
    const [now, least] = [size(), whole()];
    if (way === 0) return resize(least);
    const sizes = [least, ...STEPS.filter((step) => step > least + 1)];
    const next = way > 0 ? sizes.find((step) => step > now + 1) : sizes.filter((step) => step < now - 1).pop();
    return next && resize(next);
  }

  function show(inputs) {
    const seats = inputs.map((input) => input.parentElement);
    if (size() < FAR) resize(FINGER);
    seats[Math.floor(seats.length / 2)].scrollIntoView({ block: "center", inline: "center" });
  }

  function key(event) {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return false;
    zoom(KEYS[event.key]);
    document.activeElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // ---- Two fingers

  let pinch;
  const spread = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);

  hall.addEventListener("touchstart", ({ touches }) => {
    pinch = touches.length === 2 ? { spread: spread(touches), size: size() } : undefined;
  }, { passive: true });
  hall.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault(); // the page itself stays
    const [one, other] = event.touches;
    const pixels = (pinch.size * spread(event.touches)) / pinch.spread;
    const point = { x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
    resize(Math.min(Math.max(pixels, whole()), NEAREST), point);
  }, { passive: false });

  // ---- A tap on a hall that is far away

  hall.addEventListener("click", (event) => {
    if (event.detail === 0 || !inner.classList.contains("far") || isList()) return; // 0: by the keyboard
    event.preventDefault();
    resize(FINGER, { x: event.clientX, y: event.clientY });
  });

  const isList = () => form.querySelector("#look-list").checked;

  buttons.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-zoom]");
    if (button) zoom(Number(button.dataset.zoom));
  });
  buttons.hidden = false;
  mark();
  return { show, key };
}
