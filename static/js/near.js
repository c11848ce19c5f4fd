// The city that one chose is the one that one sees next time; and where one is, when one asks for that. Both stay on this
// device: the page knows the cities, and of a place two decimals (a kilometre) go to the list of theatres alone.

const KEY = "movy-city";
const cities = document.getElementById("cities");
const button = document.getElementById("near-me");

if (cities) remember();
if (button && "geolocation" in navigator) offer();

function remember() {
  const chosen = localStorage.getItem(KEY);
  const link = cities.querySelector(`[data-name="${CSS.escape(chosen ?? "")}"]`);
  if (chosen && link && location.search === "") return location.replace(link.href);
  return cities.addEventListener("click", ({ target }) => {
    const picked = target.closest("[data-name]");
    if (picked) localStorage.setItem(KEY, picked.dataset.name);
  });
}

function offer() {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => location.assign(`/theatres?near=${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`),
      () => {
        button.disabled = false;
        document.getElementById("near-news").textContent = cities.dataset.away;
      },
      { timeout: 10000, maximumAge: 600000 },
    );
  });
}
