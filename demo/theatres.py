"""The demo's four theatres, with invented names and addresses, and their eleven screens."""

from dataclasses import dataclass
from functools import cache

from demo import plans
from demo.plans import Drawing, PlanSeat

CLEANING_MINUTES = 15  # between the end of a show and the start of the next one on the same screen

MINIMUM_MINOR = {"NGN": 5000, "GHS": 10, "KES": 300}  # the least Paystack charges, in kobo, pesewas and cents
FORMAT_NAMES = ("2D", "3D", "Giant")  # "Giant" is the demo's own large format


@dataclass(frozen=True)
class DemoScreen:
    """A hall. `seat_count` is stated apart from the drawing, and a test holds the two together."""

    key: str
    theatre: str
    name: str
    seat_count: int
    formats: tuple[str, ...]
    drawing: Drawing


@dataclass(frozen=True)
class DemoTheatre:
    """A cinema. `prices`: category code → ticket type code → minor units, for 2D; `format_extras` is what another
    format adds a seat."""

    slug: str
    name: str
    city: str
    country: str
    address: str
    timezone: str
    currency: str
    latitude: float
    longitude: float
    categories: dict[str, str]
    ticket_types: dict[str, str]
    prices: dict[str, dict[str, int]]
    format_extras: dict[str, int]
    screens: tuple[DemoScreen, ...]

    def prices_for(self, format_name: str) -> dict[str, dict[str, int]]:
        """The price table of one showtime: category code → ticket type code → minor units."""
        extra = self.format_extras.get(format_name, 0)
        return {category: {kind: price + extra for kind, price in row.items()} for category, row in self.prices.items()}


LANTERN = DemoTheatre(
    slug="eko-lantern",
    name="Eko Lantern",
    city="Lagos",
    country="NG",
    address="18 Harbour Lights Street, Victoria Island, Lagos",
    timezone="Africa/Lagos",
    currency="NGN",
    latitude=6.4281,
    longitude=3.4219,
    categories={"standard": "Stalls", "premium": "Premium stalls", "balcony": "Balcony", "recliner": "Recliner"},
    ticket_types={"adult": "Adult", "child": "Child under 12", "student": "Student", "senior": "Senior 60+"},
    prices={
        "standard": {"adult": 450_000, "child": 270_000, "student": 350_000, "senior": 320_000},
        "premium": {"adult": 650_000, "child": 400_000, "student": 520_000, "senior": 460_000},
        "balcony": {"adult": 550_000, "child": 330_000, "student": 440_000, "senior": 390_000},
        "recliner": {"adult": 950_000, "child": 700_000, "student": 850_000, "senior": 800_000},
    },
    format_extras={"3D": 80_000, "Giant": 150_000},
    screens=(
        DemoScreen("grand-hall", "eko-lantern", "Grand Hall", 420, ("Giant", "2D", "3D"), plans.GRAND_HALL),
        DemoScreen("lagoon-room", "eko-lantern", "Lagoon Room", 186, ("2D", "3D"), plans.LAGOON_ROOM),
        DemoScreen("studio", "eko-lantern", "Studio", 96, ("2D",), plans.STUDIO),
        DemoScreen("lantern-room", "eko-lantern", "Lantern Room", 48, ("2D",), plans.LANTERN_ROOM),
    ),
)

ORISUN = DemoTheatre(
    slug="orisun-picture-house",
    name="Orisun Picture House",
    city="Lagos",
    country="NG",
    address="7 Almond Tree Close, Yaba, Lagos",
    timezone="Africa/Lagos",
    currency="NGN",
    latitude=6.5095,
    longitude=3.3711,
    categories={"standard": "Standard", "premium": "Premium"},
    ticket_types={"adult": "Adult", "child": "Child under 12", "student": "Student"},
    prices={
        "standard": {"adult": 300_000, "child": 180_000, "student": 200_000},
        "premium": {"adult": 420_000, "child": 260_000, "student": 320_000},
    },
    format_extras={"3D": 60_000},
    screens=(
        DemoScreen("big-room", "orisun-picture-house", "Big Room", 240, ("2D", "3D"), plans.BIG_ROOM),
        DemoScreen("upstairs", "orisun-picture-house", "Upstairs", 112, ("2D",), plans.UPSTAIRS),
    ),
)

HARMATTAN = DemoTheatre(
    slug="harmattan-cinema",
    name="Harmattan Cinema",
    city="Accra",
    country="GH",
    address="42 Kapok Lane, Osu, Accra",
    timezone="Africa/Accra",
    currency="GHS",
    latitude=5.5560,
    longitude=-0.1820,
    categories={"standard": "Standard", "premium": "Premium", "recliner": "Sofa row"},
    ticket_types={"adult": "Adult", "child": "Child under 12", "student": "Student", "senior": "Senior 60+"},
    prices={
        "standard": {"adult": 6000, "child": 3500, "student": 4500, "senior": 4000},
        "premium": {"adult": 8500, "child": 5000, "student": 6500, "senior": 6000},
        "recliner": {"adult": 12_000, "child": 8000, "student": 10_000, "senior": 9500},
    },
    format_extras={"3D": 1500, "Giant": 2500},
    screens=(
        DemoScreen("screen-one", "harmattan-cinema", "Screen One", 210, ("Giant", "2D", "3D"), plans.SCREEN_ONE),
        DemoScreen("screen-two", "harmattan-cinema", "Screen Two", 132, ("2D", "3D"), plans.SCREEN_TWO),
        DemoScreen("terrace", "harmattan-cinema", "Terrace", 64, ("2D",), plans.TERRACE),
    ),
)

JACARANDA = DemoTheatre(
    slug="jacaranda-pictures",
    name="Jacaranda Pictures",
    city="Nairobi",
    country="KE",
    address="3 Weaverbird Avenue, Westlands, Nairobi",
    timezone="Africa/Nairobi",
    currency="KES",
    latitude=-1.2676,
    longitude=36.8108,
    categories={"standard": "Standard", "recliner": "Recliner"},
    ticket_types={"adult": "Adult", "child": "Child under 12", "student": "Student"},
    prices={
        "standard": {"adult": 80_000, "child": 50_000, "student": 60_000},
        "recliner": {"adult": 130_000, "child": 90_000, "student": 110_000},
    },
    format_extras={"3D": 20_000},
    screens=(
        DemoScreen("hall-one", "jacaranda-pictures", "Hall One", 168, ("2D", "3D"), plans.HALL_ONE),
        DemoScreen("hall-two", "jacaranda-pictures", "Hall Two", 80, ("2D",), plans.HALL_TWO),
    ),
)

THEATRES = (LANTERN, ORISUN, HARMATTAN, JACARANDA)
THEATRE_BY_SLUG = {theatre.slug: theatre for theatre in THEATRES}
SCREENS = tuple(screen for theatre in THEATRES for screen in theatre.screens)


@cache
def plan(screen: DemoScreen) -> tuple[PlanSeat, ...]:
    """The screen's seats, front row first, left to right."""
    return tuple(plans.seats(screen.drawing))
