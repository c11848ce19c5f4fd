// The page of a payment that is not finished: ask again and again, quietly, and move on when the answer has changed.
// Without this file the page reloads itself (a refresh inside noscript).

const box = document.getElementById("waiting");
if (box) setTimeout(look, 1000 * Number(box.dataset.seconds));

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const text = await answer.text();
    if (answer.ok && (answer.redirected || !text.includes(`id="${box.id}"`))) {
      location.replace(answer.url);
      return;
    }
  } catch { /* the network is away: the next round tries again */ }
  setTimeout(look, 1000 * Number(box.dataset.seconds));
}
