// The city that one chose is the one that one sees next time; and where one is, when one asks for that. Both stay on this
// device: the page knows the cities, and of a place two decimals (a kilometre) go to the list of theatres alone.

const KEY = "movy-city";
const cities = document.getElementById("cities");
const button = document.getElementById("near-me");

if (cities) remember();
if (button && "geolocation" in navigator) offer();

function remember() {
  const chosen = stored();
  const link = chosen && cities.querySelector(`[data-name="${CSS.escape(chosen)}"]`);
  if (link && location.search === "") return location.replace(link.href);
  return cities.addEventListener("click", ({ target }) => {
    const picked = target.closest("[data-name]");
    if (picked) store(picked.dataset.name);
  });
}

// Some browsers forbid to keep anything: then the address alone knows the city.
function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // as above
  }
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
