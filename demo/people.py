"""Who can sign in to the demo. The names are invented, the addresses are those that docs and tests promise."""

from dataclasses import dataclass

PASSWORD = "movy-demo"  # noqa: S105 - public, printed at every start


@dataclass(frozen=True)
class DemoPerson:
    """A demo account. `role` in `theatre` (a slug) is "manager", "box_office" or "door"; a moviegoer has neither."""

    email: str
    first_name: str
    last_name: str
    what: str
    theatre: str | None = None
    role: str | None = None
    is_owner: bool = False


PEOPLE = (
    DemoPerson("ada@movy.test", "Ada", "Nwosu-Bright", "moviegoer"),
    DemoPerson("kofi@movy.test", "Kofi", "Ansah-Tetteh", "moviegoer"),
    DemoPerson("manager@movy.test", "Temilade", "Okoro", "manager, Eko Lantern", "eko-lantern", "manager"),
    DemoPerson("desk@movy.test", "Ifeanyi", "Balogun", "box office, Eko Lantern", "eko-lantern", "box_office"),
    DemoPerson("door@movy.test", "Halima", "Danjuma", "door, Eko Lantern", "eko-lantern", "door"),
    DemoPerson("rival@movy.test", "Esi", "Quartey", "manager, Harmattan Cinema", "harmattan-cinema", "manager"),
    DemoPerson("admin@movy.test", "Wanjiru", "Kamau", "platform owner", is_owner=True),
)
