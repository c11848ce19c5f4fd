# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of the cheap nightmares that would not die."""

from demo.posters.design import Design, Palette, plain
from demo.posters.kit import bat, caption, circle, clipped, ellipse, group, mirrored, polygon, rect, shape, stroke
from demo.posters.lettering import Voice, line


def hill_ground(c: Palette, width: int, height: int) -> str:
    bands = "".join(
        circle(width * 0.5, height * 0.42, r, colour)
        for r, colour in ((520, "#33215a"), (400, "#3d2869"), (290, "#4a3180"))
    )
    return plain(c, width, height) + bands


def hill(c: Palette) -> str:
    """A house whose windows look back."""
    _, lime, black, orange = c
    moon = circle(300, 300, 196, lime)
    knoll = shape(
        "M-800 900C-200 880 60 760 150 640C190 596 410 596 450 640C540 760 800 880 1400 900V1300H-800Z", black
    )
    house = (
        shape("M168 660V360H432V660Z", black)
        + polygon(((150, 366), (300, 200), (450, 366)), black)
        + rect(120, 300, 72, 360, black)
        + rect(408, 300, 72, 360, black)
        + polygon(((108, 306), (156, 150), (204, 306)), black)
        + polygon(((396, 306), (444, 150), (492, 306)), black)
        + stroke("M156 160V96M444 160V96M300 210V130M280 156H320", black, 7)
        + rect(236, 200, 26, 90, black)
        + polygon(((110, 560), (300, 540), (490, 560), (500, 580), (100, 580)), black)
    )
    eyes = (
        mirrored(shape("M196 470C196 400 276 400 280 470Z", lime) + stroke("M238 418V470M196 446H280", black, 6))
        + circle(236, 452, 13, orange)
        + circle(364, 452, 13, orange)
    )
    nose = shape("M300 476L324 526H276Z", lime)
    teeth = (
        rect(206, 578, 188, 44, lime)
        + "".join(rect(206 + at * 27 - 4, 574, 8, 52, black) for at in range(8))
        + rect(202, 596, 196, 7, black)
    )
    slits = mirrored(rect(148, 336, 16, 44, orange) + rect(148, 500, 16, 44, orange))
    tree = shape(
        "M520 760L536 560 500 500 508 494 540 538 546 450 520 400 528 396 552 430 560 350 568 350 566 470 600 420 606 424 570 500 568 580 620 520 626 526 572 620 590 780Z",
        black,
    )
    twin = group(tree, "translate(580 60) scale(-1 1)")
    bats = "".join(bat(x, y, s, black) for x, y, s in ((330, 160, 0.7), (190, 250, 0.5), (400, 230, 0.5)))
    return moon + bats + tree + twin + house + slits + eyes + nose + teeth + knoll


def hill_lockup(c: Palette) -> str:
    return (
        line("HOUSE ON", 150, 30, 300, 40, Voice(9, 0, 8), c[3])
        + line("HAUNTED HILL", 36, 744, 528, 84, Voice(15, 0, 8), c[3])
        + caption("Vincent Price · 1959", 300, 872, 16, c[1])
    )


def shop_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + "".join(rect(at * 80, 0, 40, height, "#f0c9b5") for at in range(width // 80 + 1))


def shop(c: Palette) -> str:
    """It has outgrown the pot."""
    _, green, black, red = c
    awning = rect(-700, 0, 1500, 24, black) + "".join(
        shape(f"M{at * 75} 20H{at * 75 + 75}V92A37.5 37.5 0 0 1 {at * 75} 92Z", red if at % 2 == 0 else "#fff6ea")
        for at in range(-10, 12)
    )
    stem = (
        stroke("M300 700C300 620 250 600 262 520", green, 40)
        + stroke("M320 700C360 650 420 650 440 600", green, 18)
        + stroke("M280 700C240 660 180 660 160 610", green, 18)
    )
    leaf = shape("M0 0C40 -70 130 -80 180 -40C140 20 60 40 0 0Z", green) + stroke(
        "M0 0C60 -30 110 -44 160 -40", "#1d5a33", 6
    )
    leaves = (
        group(leaf, "translate(400 640) rotate(-20)")
        + group(leaf, "translate(200 650) scale(-1 1) rotate(-20)")
        + group(leaf, "translate(330 690) rotate(14) scale(0.9)")
        + group(leaf, "translate(270 690) scale(-0.9 0.9) rotate(14)")
    )
    upper = shape("M70 400C40 220 180 110 330 120S560 240 540 330C480 300 400 310 330 340S160 410 70 400Z", green)
    lower = shape("M70 400C80 520 190 580 310 560S540 460 548 370C480 380 400 400 330 430S160 450 70 400Z", "#246a3c")
    throat = shape(
        "M70 400C160 410 260 370 330 340S480 300 540 330L548 372C480 380 400 400 330 432S160 450 70 400Z", red
    )
    fangs = "".join(
        polygon(((x, y), (x + 34, y - s), (x + 22, y + 46)), "#fffaf0")
        for x, y, s in (
            (110, 400, 4),
            (164, 398, 8),
            (218, 386, 12),
            (272, 368, 14),
            (326, 346, 14),
            (380, 326, 10),
            (434, 316, 4),
            (484, 316, 0),
        )
    )
    fangs += "".join(
        polygon(((x, y), (x + 32, y - s), (x + 10, y - 42)), "#fffaf0")
        for x, y, s in (
            (140, 432, -4),
            (196, 442, 0),
            (250, 444, 4),
            (304, 438, 12),
            (360, 418, 12),
            (414, 400, 8),
            (466, 388, 6),
        )
    )
    spots = "".join(
        circle(x, y, r, "#1d5a33")
        for x, y, r in (
            (180, 250, 26),
            (260, 190, 18),
            (340, 240, 30),
            (430, 200, 20),
            (470, 270, 14),
            (230, 310, 16),
            (130, 330, 14),
            (400, 150, 10),
            (230, 510, 18),
            (320, 500, 24),
            (420, 460, 18),
        )
    )
    lip = stroke(
        "M70 400C160 410 260 370 330 340S480 300 540 330M70 400C160 450 260 462 330 432S480 380 548 372", black, 8
    )
    shoe = group(
        shape("M0 0H60L70 40C110 44 130 54 130 76H-6Z", black)
        + rect(-6, 74, 138, 10, "#fffaf0")
        + rect(8, -60, 42, 64, "#5f7f96"),
        "translate(396 414) rotate(62) scale(0.9)",
    )
    pot = (
        shape("M190 690H410L384 840H216Z", red)
        + rect(172, 670, 256, 44, black)
        + stroke("M206 760L224 744 244 764 264 744 284 764 304 744 324 764 344 744 364 764 392 746", "#fffaf0", 8)
        + rect(-700, 836, 1900, 300, black)
    )
    return awning + stem + leaves + lower + throat + shoe + upper + spots + fangs + lip + pot


def shop_lockup(c: Palette) -> str:
    return (
        rect(0, 776, 600, 124, c[2])
        + line("THE LITTLE SHOP", 36, 792, 528, 36, Voice(8, 18, 8), c[0])
        + line("OF HORRORS", 36, 838, 528, 46, Voice(11, 22, 9), c[3])
    )


def carnival_ground(c: Palette, width: int, height: int) -> str:
    horizon = height * 0.58
    ripples = "".join(rect(0, horizon + 8 + at * at * 4 + at * 10, width, 2 + at * 0.8, "#c3c9c4") for at in range(9))
    return plain(c, width, height) + rect(0, horizon, width, height, c[3]) + ripples


def carnival(c: Palette) -> str:
    """The pavilion by day; what rises from the water beneath it."""
    bone, ink, plum, mist = c

    def onion(x: float, y: float, w: float) -> str:
        return shape(
            f"M{x - w * 0.5} {y}C{x - w * 0.95} {y - w * 0.6} {x - w * 0.2} {y - w * 0.8} {x} {y - w * 1.4}C{x + w * 0.2} {y - w * 0.8} {x + w * 0.95} {y - w * 0.6} {x + w * 0.5} {y}Z",
            ink,
        ) + rect(x - w * 0.46, y - 2, w * 0.92, 140, ink)

    moon = circle(300, 250, 176, plum)
    hall = (
        onion(300, 300, 130)
        + onion(110, 390, 64)
        + onion(490, 390, 64)
        + onion(205, 372, 44)
        + onion(395, 372, 44)
        + rect(40, 420, 520, 104, ink)
    )
    arches = (
        "".join(shape(f"M{x} 524V470a17 17 0 0 1 34 0V524Z", bone) for x in (60, 112, 164, 216, 350, 402, 454, 506))
        + shape("M274 524V440a26 26 0 0 1 52 0V524Z", plum)
        + "".join(rect(x, 330, 12, 44, bone) for x in (270, 294, 318))
    )
    pier = "".join(rect(x, 522, 9, 30, ink) for x in range(50, 560, 46))
    face = (
        ellipse(300, 700, 128, 172, "#f2efe6")
        + shape("M300 528A128 172 0 0 1 300 872Z", "#dcd7cb")
        + shape(
            "M158 760C150 560 210 500 300 500S450 560 442 760C430 700 420 640 392 596C350 610 320 600 300 580C280 600 250 610 208 596C180 640 170 700 158 760Z",
            ink,
        )
        + mirrored(
            ellipse(250, 690, 42, 36, "#8d8b93")
            + ellipse(250, 692, 30, 24, ink)
            + circle(252, 690, 7, "#f2efe6")
            + stroke("M206 642C224 628 258 630 280 646", ink, 7, "round")
        )
        + stroke("M300 700L288 762H306", "#8d8b93", 6)
        + shape("M268 800C286 790 296 794 300 798C304 794 314 790 332 800C316 814 284 814 268 800Z", plum)
    )
    water = clipped("water", '<path d="M-600 828H1300V1300H-600Z"/>', rect(-600, 828, 1900, 500, ink)) + "".join(
        rect(300 - w / 2, y, w, 5, colour) for y, w, colour in ((818, 330, mist), (808, 200, plum))
    )
    return moon + hall + arches + pier + face + water


def carnival_lockup(c: Palette) -> str:
    return (
        line("CARNIVAL", 60, 26, 480, 38, Voice(5.5, 60, 12), c[1])
        + line("OF SOULS", 120, 840, 360, 28, Voice(4.5, 60, 12), c[0])
        + caption("Herk Harvey · 1962", 300, 890, 13, c[0])
    )


def dead_ground(c: Palette, width: int, height: int) -> str:
    boards = "".join(rect(0, at * 60, width, 3, "#c4c9ae") for at in range(height // 60 + 1))
    return plain(c, width, height) + boards


def dead(c: Palette) -> str:
    """A window nailed up in a hurry, and not quite enough boards."""
    pale, black, red, moss = c
    frame = rect(70, 40, 460, 640, "#3b4233") + rect(92, 62, 416, 596, "#47554a") + circle(400, 190, 58, pale)
    hill = shape("M92 470C200 420 320 430 508 480V658H92Z", black)

    def walker(x: float, y: float, s: float) -> str:
        return group(
            circle(6, -96, 15, black)
            + shape("M-22 -78H24L30 0H14L4 -36 -8 0H-26Z", black)
            + stroke("M-16 -70L-52 -44M20 -70L56 -60", black, 11, "round"),
            f"translate({x} {y}) scale({s})",
        )

    crowd = "".join(
        walker(*at) for at in ((150, 470, 0.7), (226, 452, 0.55), (330, 462, 0.62), (430, 478, 0.8), (280, 500, 0.9))
    )
    cross = "".join(
        rect(x, y, 8, 46, black) + rect(x - 12, y + 12, 32, 8, black) for x, y in ((186, 416), (372, 420), (468, 436))
    )

    def hand(turn: str) -> str:
        palm = stroke("M0 150V60", moss, 54) + shape("M-40 70C-44 20 44 20 40 70L30 110H-30Z", moss)
        fingers = stroke("M-30 60L-44 -22M-10 46L-14 -52M12 46L18 -50M32 60L50 -10M36 96L78 60", moss, 19, "round")
        nails = stroke("M-44 -24V-30M-14 -54V-60M18 -52V-58M50 -12V-18M78 60L82 56", red, 11, "round")
        return group(palm + fingers + nails + stroke("M-20 80H20M-16 96H14", "#4f6641", 5), turn)

    hands = (
        hand("translate(196 420) rotate(-8)")
        + hand("translate(400 470) rotate(10)")
        + hand("translate(300 560) rotate(3) scale(0.9)")
    )

    def plank(x: float, y: float, turn: float, length: float, colour: str) -> str:
        grain = stroke(
            f"M30 22C{length * 0.3} 12 {length * 0.6} 32 {length - 30} 20M60 46C{length * 0.4} 54 {length * 0.7} 38 {length - 80} 48",
            "#6f6a52",
            3,
        )
        nails = "".join(
            circle(nx, ny, 5, black) for nx, ny in ((18, 18), (18, 48), (length - 18, 18), (length - 18, 48))
        )
        return group(
            polygon(((0, 4), (length - 8, 0), (length, 62), (6, 66)), colour) + grain + nails,
            f"translate({x} {y}) rotate({turn})",
        )

    top = plank(20, 96, -7, 560, "#8f8767")
    boards = plank(30, 250, 6, 550, "#a39a78") + plank(16, 640, -10, 570, "#8f8767")
    low = plank(40, 530, 4, 540, "#a39a78")
    sill = rect(40, 676, 520, 34, "#3b4233")
    return frame + hill + cross + crowd + top + hands + boards + low + sill


def dead_lockup(c: Palette) -> str:
    return (
        rect(0, 730, 600, 170, c[1])
        + line("NIGHT OF THE", 36, 748, 340, 34, Voice(8, 0, 7), c[0])
        + line("LIVING DEAD", 36, 794, 528, 64, Voice(15, 0, 8), c[2])
        + caption("George A. Romero", 564, 772, 14, c[0], "end", 0.06)
        + caption("1968", 300, 886, 16, c[0], tracking=0.4)
    )


NIGHTS = {
    "house-on-haunted-hill": Design(hill_ground, hill, hill_lockup, (560, -40, 0.95)),
    "the-little-shop-of-horrors": Design(shop_ground, shop, shop_lockup, (600, -60, 0.96)),
    "carnival-of-souls": Design(carnival_ground, carnival, carnival_lockup, (560, -110, 1)),
    "night-of-the-living-dead": Design(dead_ground, dead, dead_lockup, (620, -40, 1)),
}
