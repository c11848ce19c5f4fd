// The page of a payment that is not finished: ask again and again, quietly, less often as time passes, and draw the page
// anew when it has another thing to say. Without this file the page reloads itself (a refresh inside noscript).

const box = document.getElementById("waiting");
if (box) later();

// Behind another tab it rests, and looks as soon as it is seen again.
function later() {
  setTimeout(() => {
    if (document.hidden) document.addEventListener("visibilitychange", look, { once: true });
    else look();
  }, 1000 * Number(box.dataset.seconds));
}

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("waiting");
    if (answer.ok && (answer.redirected || fresh?.dataset.stage !== box.dataset.stage)) {
      location.replace(answer.url);
      return;
    }
    if (fresh) follow(fresh);
  } catch { /* the network is away: the next round tries again */ }
  later();
}

// Nothing new but when Paystack was asked: whoever reads or has the focus somewhere is not disturbed.
function follow(fresh) {
  box.dataset.seconds = fresh.dataset.seconds;
  const [before, now] = [box, fresh].map((page) => page.querySelector("[data-asked]"));
  if (before && now) before.textContent = now.textContent;
}
