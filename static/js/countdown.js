// How long a hold still lasts, by the server's clock; speaks at 5 and 1 minutes; shows the ended state at zero.

const box = document.getElementById("countdown");
if (box) start(box);

function start(box) {
  const clock = box.querySelector(".clock");
  const voice = box.querySelector("[aria-live]");
  const behind = Date.parse(box.dataset.now) - Date.now(); // this device's clock may be wrong
  const endsAt = Date.parse(box.dataset.expiresAt);
  const said = [[300, box.dataset.five], [60, box.dataset.one]]; // at how many seconds, what

  function tick() {
    const seconds = Math.max(0, Math.ceil((endsAt - Date.now() - behind) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${box.dataset.left}`;
    for (const [mark, text] of said) {
      if (seconds <= mark && seconds > mark - 5) voice.textContent = text; // the same text again is not spoken again
    }
    if (seconds === 0) {
      box.classList.add("over");
      clock.textContent = "";
      box.querySelector("p").textContent = box.dataset.over;
      voice.textContent = box.dataset.over;
      setTimeout(() => location.reload(), 3000);
      return;
    }
    setTimeout(tick, 1000);
  }
  tick();
}
