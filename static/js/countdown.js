// How long a hold still lasts, by the server's clock; speaks at 5 and 1 minutes; shows the ended state at zero.

const box = document.getElementById("countdown");
if (box) start(box);

function start(box) {
  const clock = box.querySelector(".clock");
  const voice = box.querySelector("[aria-live]");
  const behind = Date.parse(box.dataset.now) - Date.now(); // this device's clock may be wrong
  const endsAt = Date.parse(box.dataset.expiresAt);
  const left = () => Math.max(0, Math.ceil((endsAt - Date.now() - behind) / 1000));
  const begun = left();
  const marks = [[300, box.dataset.five], [60, box.dataset.one]].filter(([mark]) => mark < begun); // seconds, what is said

  function tick() {
    const seconds = left();
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${box.dataset.left}`;
    // Behind another tab a browser may skip the very second.
    while (marks.length && seconds <= marks[0][0]) voice.textContent = marks.shift()[1];
    if (seconds === 0) {
      box.classList.add("over");
      box.querySelector("div").textContent = box.dataset.over;
      voice.textContent = box.dataset.over;
      setTimeout(() => location.reload(), 3000); // the page then offers the same seats again
      return;
    }
    setTimeout(tick, 1000);
  }
  tick();
}
