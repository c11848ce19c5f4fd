"""The seating plans of the demo's eleven screens, drawn as text, and the generator that turns a drawing into seats.

A line of a drawing is one row, front row first: `s` standard, `p` premium, `b` balcony, `r` recliner, `a` an
accessible place and `c` its companion seat, a space a gap one seat wide. An empty line is a cross aisle, or the
drop to the balcony's edge.
"""

from typing import NamedTuple

SEAT = 10  # tenths of a seat pitch: one seat is 10 x 10
ROW_GAP = 12  # from one row to the next: legs need room too
AISLE = 14  # what an empty line adds

CATEGORY_OF_MARK = {"s": "standard", "p": "premium", "b": "balcony", "r": "recliner"}
KIND_OF_MARK = {"a": "accessible", "c": "companion"}


class PlanSeat(NamedTuple):
    """A seat of a plan; x and y are its top left corner in tenths of a seat pitch, the silver screen lies above y =
    0."""

    row: str
    number: int
    x: int
    y: int
    category: str
    kind: str

    @property
    def label(self) -> str:
        return f"{self.row}{self.number}"


class Drawing(NamedTuple):
    """A plan as text. `curve`: how far (in tenths) the ends of the widest row bend towards the silver screen.
    `centred`: each row is put in the middle, which gives half-seat offsets where widths differ by one; otherwise
    its columns stand as they are drawn."""

    text: str
    curve: int = 0
    centred: bool = True


GRAND_HALL = Drawing(
    curve=26,
    text="""
acss  ssssssssss  ssca
sssss  ssssssssss  sssss
ssssss  ssssssssss  ssssss
ssssss  ssssssssssss  ssssss
ssssss  ssssssssssss  ssssss
acssss  ssssssssssss  ssssca

sssssss  pppppppppppp  sssssss
sssssss  pppppppppppp  sssssss
sssssss  pppppppppppppp  sssssss
sssssss  pppppppppppppp  sssssss
sssssss  pppppppppppppp  sssssss
sssssss  pppppppppppppp  sssssss


bbbbbbbb  bbbbbbbbbbbbbb  bbbbbbbb
bbbbbbbb  bbbbbbbbbbbbbb  bbbbbbbb
bbbbbbbbb  bbbbbbbbbbbbbb  bbbbbbbbb
bbbbbbbbb  bbbbbbbbbbbbbb  bbbbbbbbb
""",
)

LAGOON_ROOM = Drawing(  # a fan on both sides of one aisle
    curve=18,
    text="""
acssss  ssssca
sssssss  sssssss
sssssss  sssssss
ssssssss  ssssssss
ssssssss  ssssssss
sssssssss  sssssssss
sssssssss  sssssssss
pppppppppp  pppppppppp
pppppppppp  pppppppppp
pppppppppp  pppppppppp
ppppppppp  ppppppppp
""",
)

STUDIO = Drawing(  # straight, with the aisle off the middle
    text="""
acss  ssssssca
ssss  ssssssss
ssss  ssssssss
ssss  ssssssss
ssss  ssssssss
pppp  pppppppp
pppp  pppppppp
pppp  pppppppp
""",
)

LANTERN_ROOM = Drawing(  # pairs
    text="""
rr rr rr ca
rr rr rr rr
rr rr rr rr
rr rr rr rr
rr rr rr rr
rr rr rr rr
""",
)

BIG_ROOM = Drawing(  # a balcony with the projection booth in its middle
    curve=14,
    text="""
acssss  ssss  ssssca
ssssss  ssssss  ssssss
ssssss  ssssssss  ssssss
ssssss  ssssssss  ssssss
ssssss  ssssssss  ssssss

sssssss  ssssssss  sssssss
sssssss  ssssssss  sssssss
sssssss  ssssssss  sssssss
acssss  ssssssss  ssssca


pppppp  pppppppp  pppppp
pppppp  pppppppp  pppppp
pppppppppp      pppppppppp
""",
)

UPSTAIRS = Drawing(  # a stairwell cuts the front left corner away
    centred=False,
    text="""
    ssssss  ssca
    ssssss  ssss
    ssssss  ssss
    ssssss  ssss

  ssssssss  ssca
  ssssssss  ssss
  ssssssss  ssss
  pppppppp  pppp
  pppppppp  pppp
  pppppppp  pppp
""",
)

SCREEN_ONE = Drawing(  # a vase: narrow, wide, and widest at the back
    curve=20,
    text="""
acss  ssssss  ssca
ssss  ssssssss  ssss
sssss  ssssssss  sssss
sssss  ssssssssss  sssss
sssss  ssssssssss  sssss
sssss  ssssssssss  sssss

acsss  pppppppppp  sssca
sssss  pppppppppp  sssss
sssss  pppppppppp  sssss
sssss  pppppppppp  sssss
rrrrrr  rrrrrrrrrr  rrrrrr
""",
)

SCREEN_TWO = Drawing(  # rows of ten to thirteen, so that heads fall between heads
    text="""
acssssssca
sssssssssss
ssssssssssss
ssssssssssss
ssssssssssss
ssssssssssss
ssssssssssss
ssssssssssss
ppppppppppppp
ppppppppppppp
ppppppppppppp
""",
)

TERRACE = Drawing(  # a horseshoe round the orchestra pit
    text="""
ssss        ssss
ssss        ssss
ssss        ssss
acss        ssca

rrrrrrrrrrrrrrrr
rrrrrrrrrrrrrrrr
""",
)

HALL_ONE = Drawing(  # wide and shallow
    curve=30,
    text="""
acsss  ssssssss  sssca
sssss  ssssssssss  sssss
sssss  ssssssssss  sssss
ssssss  ssssssssss  ssssss
ssssss  ssssssssss  ssssss

ssssss  ssssssssss  ssssss
rrrrrr  rrrrrrrrrr  rrrrrr
rrrrrr  rrrrrrrrrr  rrrrrr
""",
)

HALL_TWO = Drawing(  # a stair of three steps against a slanting wall
    centred=False,
    text="""
acssssss
ssssssss
ssssssss
ssssssssss
acssssssss
ssssssssssss
rrrrrrrrrrrr
rrrrrrrrrrrr
""",
)


def seats(drawing: Drawing) -> list[PlanSeat]:
    """Return the drawing's seats, front row first, left to right."""
    lines = [line.rstrip() for line in drawing.text.strip("\n").split("\n")]
    columns = max(map(len, lines))
    middle = (columns - 1) * SEAT / 2
    placed: list[PlanSeat] = []
    y, rows = 0, 0
    for line in lines:
        if not line:
            y += AISLE
            continue
        row, number = chr(ord("A") + rows), 0
        indent = (columns - len(line)) * SEAT // 2 if drawing.centred else 0
        for column, mark in enumerate(line):
            if mark == " ":
                continue
            number += 1
            x = indent + column * SEAT
            bend = round(drawing.curve * ((x - middle) / middle) ** 2)
            placed.append(
                PlanSeat(row, number, x, y - bend, _category(mark, line, column), KIND_OF_MARK.get(mark, "regular"))
            )
        rows += 1
        y += ROW_GAP
    left, top = min(seat.x for seat in placed), min(seat.y for seat in placed)
    return [seat._replace(x=seat.x - left, y=seat.y - top) for seat in placed]


def _category(mark: str, line: str, column: int) -> str:
    """The category a mark stands for; an accessible or companion place takes that of the nearest ordinary seat in
    its row."""
    if mark in CATEGORY_OF_MARK:
        return CATEGORY_OF_MARK[mark]
    nearest = min((at for at, other in enumerate(line) if other in CATEGORY_OF_MARK), key=lambda at: abs(at - column))
    return CATEGORY_OF_MARK[line[nearest]]
