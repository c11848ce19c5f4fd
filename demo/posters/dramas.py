# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of the American silent dramas."""

from demo.posters.design import Design, Palette, plain
from demo.posters.kit import (
    caption,
    circle,
    clipped,
    ellipse,
    group,
    mirrored,
    polygon,
    rect,
    ring,
    shape,
    star,
    stroke,
)
from demo.posters.lettering import Voice, line


def sunrise_ground(c: Palette, width: int, height: int) -> str:
    water = height * 0.56
    bands = "".join(rect(0, water + at * at * 5.2 + at * 8, width, 3 + at * 1.2, "#2b496b") for at in range(9))
    return plain(c, width, height) + rect(0, water, width, height, "#16293f") + bands


def sunrise(c: Palette) -> str:
    """Two in a boat, the sun coming up between them."""
    night, amber, cream, coral = c
    suns = "".join(
        circle(300, 504, radius, colour)
        for radius, colour in ((300, "#3c3f56"), (250, "#8a4a4b"), (204, coral), (160, amber), (112, cream))
    )
    upper = clipped("above", '<path d="M-400 0H1000V504H-400Z"/>', suns)
    glitter = "".join(
        rect(300 - w / 2, y, w, h, colour)
        for y, w, h, colour in (
            (516, 300, 9, amber),
            (536, 210, 10, cream),
            (558, 260, 11, amber),
            (582, 170, 12, coral),
            (608, 220, 12, amber),
            (734, 130, 12, coral),
            (762, 170, 12, amber),
        )
    )
    boat = shape("M110 620C200 646 400 646 490 620C470 690 420 712 300 712S130 690 110 620Z", "#0c1826") + stroke(
        "M112 624C200 650 400 650 488 624", amber, 6
    )
    man = shape(
        "M166 634C166 560 182 520 216 506C204 470 220 434 252 436C280 438 288 470 276 498C300 512 306 540 304 574L296 640Z",
        "#0c1826",
    ) + shape("M214 462C210 424 286 420 284 456L296 464H206Z", "#0c1826")
    wife = shape(
        "M434 634C440 580 424 536 394 520C410 496 402 458 370 460C342 462 336 488 348 514C326 526 314 560 316 636Z",
        "#0c1826",
    ) + shape("M336 486C330 440 412 440 408 490C414 510 408 520 400 524C402 500 390 480 366 476Z", "#0c1826")
    heart = stroke("M296 590C306 600 312 600 322 590", amber, 5, "round")
    reeds = "".join(
        stroke(f"M{x} 900C{x} 800 {x + b} 760 {x + b} {t}", "#0c1826", 7) + ellipse(x + b, t, 8, 34, "#0c1826")
        for x, b, t in ((30, 14, 640), (64, -10, 700), (92, 20, 740), (520, -14, 720), (556, 12, 660), (584, -8, 620))
    )
    return upper + glitter + man + wife + boat + heart + reeds


def sunrise_lockup(c: Palette) -> str:
    return (
        line("SUNRISE", 60, 60, 480, 74, Voice(11, 60, 14), c[2])
        + caption("A song of two humans", 300, 166, 17, c[1])
        + caption("F. W. Murnau · 1927", 300, 872, 15, c[2])
    )


def wings_ground(c: Palette, width: int, height: int) -> str:
    cloud = "".join(
        ellipse(width * x, height * y, r, r * 0.34, "#a9d2d6")
        for x, y, r in ((0.1, 0.2, 220), (0.8, 0.36, 260), (0.3, 0.62, 300), (0.95, 0.8, 280))
    )
    return plain(c, width, height) + cloud


def wings(c: Palette) -> str:
    """Two biplanes seen from above, one of them falling."""
    _, red, cream, ink = c

    def plane(body: str, mark: str, tip: str) -> str:
        return (
            shape(
                "M-240 -46C-244 -70 -220 -82 -200 -82H200C220 -82 244 -70 240 -46L234 10C232 24 220 28 206 28H-206C-220 28 -232 24 -234 10Z",
                body,
            )
            + rect(-240, -52, 480, 8, tip)
            + rect(-236, 4, 472, 8, tip)
            + "".join(stroke(f"M{x} -82V28", tip, 4) for x in (-180, -120, -66, 66, 120, 180))
            + circle(-168, -26, 38, cream)
            + circle(-168, -26, 27, mark)
            + circle(-168, -26, 12, tip)
            + circle(168, -26, 38, cream)
            + circle(168, -26, 27, mark)
            + circle(168, -26, 12, tip)
            + shape("M-36 -120C-36 -146 36 -146 36 -120L30 130 14 250H-14L-30 130Z", body)
            + shape("M0 -140C36 -140 36 -130 36 -120L30 130 14 250H0Z", tip)
            + ellipse(0, -8, 18, 26, ink)
            + circle(0, 0, 13, cream)
            + rect(-10, -8, 20, 7, ink)
            + shape("M-84 214C-84 196 84 196 84 214L70 256H-70Z", body)
            + rect(-5, 190, 10, 86, cream)
            + ellipse(0, -142, 16, 13, ink)
            + rect(-84, -150, 168, 8, ink, 4)
        )

    trail = "".join(
        circle(x, y, r, ink)
        for x, y, r in ((470, 250, 22), (494, 206, 28), (480, 150, 34), (520, 100, 42), (500, 30, 52))
    )
    trail += "".join(
        circle(x, y, r, "#3b5560")
        for x, y, r in ((462, 246, 12), (486, 202, 16), (472, 144, 20), (510, 94, 24), (490, 24, 30))
    )
    far = group(plane(ink, ink, "#3b5560"), "translate(440 330) rotate(158) scale(0.4)")
    near = group(plane(red, ink, "#a82c1b"), "translate(262 430) rotate(24) scale(1.02)")
    gust = stroke(
        "M40 650C120 620 150 690 240 660M380 690C440 670 480 720 560 690M60 250C110 230 140 270 190 250",
        cream,
        9,
        "round",
    )
    return trail + far + gust + near


def wings_lockup(c: Palette) -> str:
    wing = stroke("M40 860H214M386 860H560", c[3], 5)
    return (
        line("WINGS", 40, 730, 520, 106, Voice(26, 8, 12), c[3])
        + wing
        + caption("1927", 300, 867, 20, c[1], tracking=0.3)
    )


def phantom_ground(c: Palette, width: int, height: int) -> str:
    folds = "".join(shape(f"M{x} 0H{x + 34}L{x + 22} {height}H{x + 8}Z", "#5f0e19") for x in range(0, width, 62))
    return plain(c, width, height) + folds


def phantom(c: Palette) -> str:
    """A face of two halves under the chandelier."""
    red, cream, black, gold = c
    glow = circle(300, 430, 236, black) + ring(300, 430, 236, 8, gold)
    lights = mirrored(
        "".join(
            rect(x, y, 12, 26, cream)
            + shape(
                f"M{x + 6} {y - 20}C{x + 16} {y - 6} {x + 12} {y} {x + 6} {y}S{x - 4} {y - 6} {x + 6} {y - 20}Z", gold
            )
            for x, y in ((306, 74), (346, 82), (386, 94), (426, 110))
        )
    )
    chandelier = (
        lights
        + stroke("M300 -200V60", gold, 7)
        + mirrored(shape("M300 100L440 134C440 176 380 196 300 200Z", gold))
        + "".join(
            stroke(f"M{300 + at * 22} 130V{222 - abs(at) * 12}", cream, 4)
            + circle(300 + at * 22, 224 - abs(at) * 12, 6, cream)
            for at in range(-6, 7)
        )
    )
    half_mask = shape("M300 250C200 250 160 330 168 410C174 470 190 510 216 540C240 520 280 510 300 520Z", cream)
    mask_eye = (
        shape("M196 404C212 376 262 380 280 414C256 432 214 430 196 404Z", black)
        + stroke("M190 366C216 336 262 342 286 376", gold, 7)
        + circle(246, 408, 8, red)
    )
    skull = (
        shape("M300 250C400 250 440 330 432 410C428 450 424 470 404 492L398 560 370 596H300Z", "#e0b76a")
        + circle(362, 406, 44, black)
        + circle(362, 410, 9, red)
        + shape("M300 440L322 494H300Z", black)
    )
    teeth = rect(300, 532, 84, 9, black) + "".join(rect(304 + at * 18, 518, 7, 38, black) for at in range(5))
    jaw = shape("M300 520V596H270C240 590 222 570 216 540C240 520 280 510 300 520Z", "#c99a5a") + stroke(
        "M248 552C262 546 284 546 300 550", black, 7
    )
    brow = shape("M316 352C350 330 390 336 418 362L410 342C386 318 346 316 316 336Z", black)
    collar = (
        shape("M60 900C70 700 160 620 230 590L300 690 370 590C440 620 530 700 540 900Z", black)
        + polygon(((240, 596), (300, 690), (360, 596), (384, 640), (300, 760), (216, 640)), cream)
        + shape("M258 664L300 684 342 664V716L300 698 258 716Z", black)
    )
    swag = mirrored(
        shape("M-20 0H180C170 120 90 190 -20 210Z", "#4c0a13")
        + stroke("M180 0C170 120 90 190 -20 210", gold, 7)
        + shape("M-20 0H100C92 60 50 100 -20 112Z", red)
    )
    return glow + half_mask + skull + brow + mask_eye + teeth + jaw + collar + swag + chandelier


def phantom_lockup(c: Palette) -> str:
    return (
        rect(0, 712, 600, 188, c[2])
        + rect(0, 712, 600, 5, c[3])
        + line("THE PHANTOM", 40, 736, 520, 62, Voice(11, 40, 9), c[1])
        + line("OF THE OPERA", 40, 810, 520, 38, Voice(7, 26, 10), c[3])
        + caption("Lon Chaney · 1925", 300, 882, 14, c[1])
    )


def lost_ground(c: Palette, width: int, height: int) -> str:
    return (
        plain(c, width, height)
        + circle(width * 0.62, height * 0.36, 178, c[3])
        + "".join(rect(0, height * 0.36 + 26 + at * 36, width, 6 + at * 4, c[0]) for at in range(5))
    )


def lost(c: Palette) -> str:
    """A long neck over the last of the map; five explorers with a lantern below."""
    sand, green, dark, orange = c
    mesa = shape(
        "M-500 640V470L-380 450-330 360H-120L-90 450 10 470V400L40 380H120L150 480 210 640Z", "#d8b878"
    ) + shape("M430 640L470 470H560L590 430H760L800 560 1000 640Z", "#d8b878")
    beast = shape(
        "M-700 760C-400 700 -160 640 20 520C120 456 250 450 316 520C350 470 380 400 384 300C386 240 380 200 350 190C320 200 280 206 252 200C236 196 232 178 246 166C280 150 330 120 372 118C440 118 470 200 466 300C462 430 440 540 428 620L436 900H350L330 720H180L150 900H60L70 700C-100 760 -400 800 -700 800Z",
        green,
    )
    stripes = "".join(
        stroke(f"M{x} {y}C{x + 14} {y + 40} {x + 12} {y + 80} {x - 4} {y + 120}", dark, 15, "round")
        for x, y in ((110, 506), (164, 490), (218, 488), (270, 508))
    )
    bands = stroke(
        "M402 210L452 196M408 262L458 254M408 316L456 314M400 370L448 376M386 424L438 436M362 476L420 500",
        dark,
        13,
        "round",
    )
    face = circle(342, 152, 12, sand) + circle(344, 152, 5, dark) + stroke("M250 184C290 186 320 178 344 172", dark, 5)
    leaf = shape("M0 0C30 -60 20 -150 -20 -220C-60 -150 -60 -60 0 0Z", dark) + stroke(
        "M-4 -10L-18 -190M-8 -60L-34 -86M-8 -60L8 -92M-12 -110L-34 -134M-12 -110L4 -140", green, 4
    )
    leaves = "".join(
        group(leaf, f"translate({x} {y}) rotate({r}) scale({s})")
        for x, y, r, s in (
            (-20, 800, 14, 1.4),
            (70, 830, -20, 1.1),
            (130, 840, 24, 0.9),
            (600, 810, -24, 1.5),
            (520, 830, 10, 1.15),
            (460, 850, -14, 0.9),
            (-180, 800, 8, 1.3),
            (-300, 820, -18, 1.4),
            (720, 800, 16, 1.3),
        )
    )
    birds = "".join(
        group(shape("M0 0L46 -24 30 -2 76 -18 40 10 34 26 24 8Z", dark), f"translate({x} {y}) scale({s})")
        for x, y, s in ((90, 170, 1), (190, 90, 0.7), (60, 270, 0.6))
    )
    people = "".join(
        group(
            circle(0, -40, 8, dark)
            + shape("M-15 -46H15L8 -54H-8Z", dark)
            + shape("M-10 -30H10L8 0H3L0 -12 -3 0H-8Z", dark),
            f"translate({240 + at * 26} {706 + (at % 2) * 3})",
        )
        for at in range(3)
    )
    earth = shape("M-700 744C-300 690 100 700 240 706S700 690 1200 740V1300H-700Z", dark)
    return mesa + birds + beast + stripes + bands + face + people + circle(318, 690, 6, orange) + earth + leaves


def lost_lockup(c: Palette) -> str:
    return (
        rect(0, 760, 600, 140, c[2])
        + line("THE LOST WORLD", 40, 778, 520, 74, Voice(15, 14, 8), c[3])
        + caption("Harry O. Hoyt · 1925", 300, 882, 15, c[0])
    )


def thief_ground(c: Palette, width: int, height: int) -> str:
    stars = "".join(
        star(width * x, height * y, r, c[2], waist=0.22)
        for x, y, r in (
            (0.08, 0.1, 9),
            (0.2, 0.3, 6),
            (0.34, 0.08, 7),
            (0.62, 0.06, 6),
            (0.9, 0.12, 9),
            (0.82, 0.34, 6),
            (0.48, 0.22, 5),
            (0.06, 0.42, 6),
            (0.94, 0.5, 6),
            (0.7, 0.2, 5),
        )
    )
    return plain(c, width, height) + rect(0, height * 0.55, width, height, "#2f2f73") + stars


def thief(c: Palette) -> str:
    """The carpet crosses a crescent above the domes."""
    night, gold, cream, rose = c
    moon = shape("M360 70A190 190 0 1 0 470 380A160 160 0 1 1 360 70Z", gold)

    def dome(x: float, base: float, w: float, colour: str) -> str:
        return (
            shape(
                f"M{x - w * 0.42} {base}C{x - w * 0.8} {base - w * 0.6} {x - w * 0.2} {base - w * 0.9} {x} {base - w * 1.35}C{x + w * 0.2} {base - w * 0.9} {x + w * 0.8} {base - w * 0.6} {x + w * 0.42} {base}Z",
                colour,
            )
            + stroke(f"M{x} {base - w * 1.3}V{base - w * 1.6}", gold, 4)
            + circle(x, base - w * 1.6, 5, gold)
            + rect(x - w * 0.46, base - 4, w * 0.92, 10, gold)
            + rect(x - w * 0.4, base, w * 0.8, 600, colour)
        )

    city = "".join(
        dome(x, base, w, colour)
        for x, base, w, colour in (
            (-330, 640, 110, rose),
            (-200, 690, 130, night),
            (-60, 650, 90, rose),
            (60, 640, 100, rose),
            (560, 620, 110, rose),
            (680, 650, 120, night),
            (180, 700, 130, night),
            (440, 690, 140, night),
            (310, 640, 150, rose),
        )
    )
    city += "".join(
        rect(x, 560, 26, 400, cream)
        + rect(x - 8, 604, 42, 12, gold)
        + shape(f"M{x} 560C{x - 6} 530 {x + 10} 520 {x + 13} 496C{x + 16} 520 {x + 32} 530 {x + 26} 560Z", gold)
        for x in (112, 376, 500, -130, 620)
    )
    arches = "".join(
        shape(f"M{x} 800V730C{x} 706 {x + 20} 700 {x + 20} 690C{x + 20} 700 {x + 40} 706 {x + 40} 730V800Z", gold)
        for x in (160, 290, 420, 40, 540, -80, -220)
    )
    carpet = (
        shape("M90 402C170 350 230 450 320 404S450 372 520 404L544 450C460 420 420 452 340 462S180 420 66 456Z", rose)
        + stroke("M92 420C170 374 232 468 322 424S450 396 526 424", cream, 6)
        + "".join(
            stroke(f"M{x} {y}L{x - 12} {y + 22}", gold, 5)
            for x, y in ((70, 454), (88, 450), (106, 446), (124, 444), (524, 440), (506, 434), (540, 446))
        )
    )
    rider = (
        shape("M236 420C230 392 260 372 300 376L350 386C380 396 384 412 372 424L330 430Z", cream)
        + shape("M266 388L262 308C262 290 300 284 318 296L338 390Z", "#c98a5b")
        + rect(262, 366, 78, 16, rose)
        + stroke("M312 310L372 276 414 236", "#c98a5b", 18, "round")
        + stroke("M272 314L236 350 250 384", "#c98a5b", 17, "round")
        + circle(294, 262, 25, "#c98a5b")
        + shape("M264 258C262 222 330 218 326 254L318 248 270 258Z", rose)
        + shape("M266 254C240 256 226 276 214 280C230 286 252 276 270 264Z", rose)
        + stroke("M302 280L316 276", night, 4)
    )
    return moon + city + arches + rider + carpet + rect(-700, 780, 2000, 400, night)


def thief_lockup(c: Palette) -> str:
    return (
        rect(0, 742, 600, 158, c[0])
        + line("THE THIEF OF", 120, 756, 360, 26, Voice(5, 14, 8), c[2])
        + line("BAGDAD", 40, 794, 520, 66, Voice(18, 40, 10), c[1])
        + caption("Douglas Fairbanks · 1924", 300, 886, 14, c[2])
    )


DRAMAS = {
    "sunrise": Design(sunrise_ground, sunrise, sunrise_lockup, (560, -101, 1)),
    "wings": Design(wings_ground, wings, wings_lockup, (540, -110, 1.05)),
    "the-phantom-of-the-opera": Design(phantom_ground, phantom, phantom_lockup, (600, -40, 0.95)),
    "the-lost-world": Design(lost_ground, lost, lost_lockup, (560, -70, 0.95)),
    "the-thief-of-bagdad": Design(thief_ground, thief, thief_lockup, (560, -90, 1)),
}
