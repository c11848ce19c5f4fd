// What helps in choosing: the best seats together, a hint against leaving a seat free by itself, and where the wheelchair
// places are. The page (seatmap.js) has `seats` by label, `rows`, `picked()`, `pick(labels)`, `say(text)` and `show(inputs)`.

// ---- The best seats together. Which they are the server says (bookings/seating.py): one request, nothing is held

export function best(form, page) {
  const said = form.querySelector("#best-said");
  const buttons = form.querySelector(".best-counts");
  let asked = 0;

  async function ask(tickets) {
    const asking = ++asked;
    const query = new URLSearchParams({ tickets, category: form.elements.category?.value ?? "" });
    const answer = await fetch(`${form.dataset.best}?${query}`).then((got) => got.json(), () => undefined).catch(() => undefined);
    if (asking !== asked) return; // another number was asked for meanwhile
    const labels = answer?.seats ?? [];
    page.pick(labels);
    said.textContent = answer ? answer.said : form.dataset.away;
    page.tell(said.textContent);
    press(labels.length && tickets);
    if (labels.length) page.show(labels.map((label) => page.seats.get(label)));
  }

  function press(tickets) {
    for (const button of buttons.children) button.setAttribute("aria-pressed", button.value === tickets);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.submitter.value);
  });
  form.elements.category?.addEventListener("change", () => {
    const pressed = buttons.querySelector('[aria-pressed="true"]');
    if (pressed) ask(pressed.value);
  });
  return { forget() { press(0); said.textContent = ""; } };
}

// ---- A seat left free by itself. Here alone: a hint, and never a refusal. Only picks that could move over by one seat, and
// would leave none alone then, are told

export function lone(box, words, page) {
  const runs = page.rows.flatMap((row) => row.reduce((runs, input) => {
    if (input.parentElement.classList.contains("edge")) runs.push([]); // nobody sits on its left
    runs[runs.length - 1].push(input);
    return runs;
  }, []));
  const isOpen = ({ classList }) => classList.contains("free") && !classList.contains("accessible") && !classList.contains("companion");
  const button = box.querySelector("button");
  let better;

  // Return where in a run seats would be left by themselves, with `picks` taken.
  function alone(run, picks) {
    const isLeft = (place) => run[place] && !picks.has(place) && isOpen(run[place].parentElement);
    return [...run.keys()].filter((place) => isLeft(place) && !isLeft(place - 1) && !isLeft(place + 1));
  }

  function advise() {
    better = undefined;
    for (const run of runs) better ??= betterIn(run);
    box.hidden = !better;
    if (better) box.querySelector("p").textContent = words.lone.replace("{seat}", better.left);
  }

  function betterIn(run) {
    const picks = new Set([...run.keys()].filter((place) => run[place].checked));
    if (!picks.size) return undefined;
    const before = alone(run, new Set()).length;
    const now = alone(run, picks);
    if (now.length <= before) return undefined;
    for (const left of now) {
      for (const way of [-1, 1]) { // the picks beside it come over: from its right, then from its left
        const group = [];
        for (let place = left - way; picks.has(place); place -= way) group.push(place);
        const moved = new Set([...picks].map((place) => (group.includes(place) ? place + way : place)));
        if (group.length && alone(run, moved).length < now.length) {
          return { left: run[left].value, off: run[group[group.length - 1]], on: run[left], to: group.map((place) => run[place + way].value) };
        }
      }
    }
    return undefined;
  }

  button.addEventListener("click", () => {
    const { off, on, to } = better;
    page.swap(off, on);
    page.say(words.moved.replace("{seats}", page.names(to)));
    on.focus();
  });
  return { advise };
}

// ---- Wheelchair places

export function wheelchairs(link, words, page) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const free = [...page.seats.values()].filter(({ parentElement: { classList } }) => classList.contains("free") && classList.contains("accessible"));
    page.tell(free.length ? words.wheelchairs.replace("{seats}", page.names(free.map((input) => input.value))) : words.noWheelchairs);
    page.hall.classList.toggle("seeking", free.length > 0);
    if (!free.length) return;
    page.show(free.slice(0, 1));
    free[0].focus({ preventScroll: true });
  });
}
