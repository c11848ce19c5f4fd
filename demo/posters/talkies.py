# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of the comedies and thrillers with sound."""

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
    stroke,
    tiled,
)
from demo.posters.lettering import Voice, line


def godfrey_ground(c: Palette, width: int, height: int) -> str:
    fan = "a60 60 0 0 1 120 0m-100 0a40 40 0 0 1 80 0m-60 0a20 20 0 0 1 40 0"
    tile = stroke("".join(f"M{x} {y}{fan}" for x, y in ((0, 60), (-60, 120), (60, 120))), "#2b2b33", 4)
    return plain(c, width, height) + tiled("fans", 120, 120, tile, width, height)


def godfrey(c: Palette) -> str:
    """The perfect butler, and on his tray a tin can from the dump."""
    black, gold, cream, sage = c
    suit = shape("M40 960C40 700 110 590 230 550H370C490 590 560 700 560 960Z", sage) + shape(
        "M300 550H370C490 590 560 700 560 960H300Z", "#6b938c"
    )
    shirt = polygon(((232, 548), (300, 800), (368, 548), (300, 530)), cream) + "".join(
        circle(300, y, 6, black) for y in (640, 684, 728)
    )
    lapels = mirrored(polygon(((236, 548), (176, 590), (196, 636), (180, 650), (300, 830), (300, 796)), black))
    tie = shape("M300 570L356 544V606L300 584 244 606V544Z", black) + rect(290, 564, 20, 24, black)
    head = (
        rect(258, 470, 84, 86, "#e3c9a0")
        + shape("M216 310C216 220 384 220 384 310V420C384 490 340 520 300 520S216 490 216 420Z", cream)
        + shape("M300 242C350 242 384 262 384 310V420C384 490 340 520 300 520Z", "#ead7b4")
    )
    hair = shape("M210 348C188 196 412 196 390 348L378 312C366 286 330 290 268 270C250 282 228 290 222 312Z", black)
    face = (
        stroke("M240 336C252 326 270 326 282 334M318 326C330 318 350 318 360 326", black, 8, "round")
        + stroke("M244 364H280M320 364H356", black, 10, "round")
        + stroke("M300 366L288 428H306", black, 6, "round")
        + shape(
            "M262 452C280 440 294 444 300 448C306 444 320 440 338 452L340 446 350 440 346 456C330 464 312 462 300 456C288 462 270 464 254 456L250 440 260 446Z",
            black,
        )
        + stroke("M280 480Q306 490 330 474", black, 6, "round")
    )
    arm = (
        stroke("M500 720L560 560 520 380", "#6b938c", 76)
        + rect(484, 352, 76, 26, cream)
        + group(rect(-38, -34, 76, 60, cream, 24), "translate(520 332)")
    )
    tray = ellipse(480, 292, 170, 22, gold) + ellipse(480, 286, 170, 20, "#f6dd94")
    can = (
        rect(436, 160, 88, 120, sage)
        + rect(436, 186, 88, 62, cream)
        + rect(436, 206, 88, 22, gold)
        + ellipse(480, 280, 44, 11, sage)
        + ellipse(480, 160, 44, 11, "#4d6f69")
        + shape("M440 156C430 110 500 90 522 140L516 160Z", "#b9d2cd")
        + stroke("M440 156C430 110 500 90 522 140", black, 4)
    )
    shine = stroke("M560 120L590 96M552 170H592M400 120L372 96M404 170H366", gold, 7, "round")
    served = group(tray + can + shine, "translate(-52 0)")
    return circle(300, 372, 196, "#2f4f4b") + suit + shirt + lapels + tie + head + hair + face + arm + served


def godfrey_lockup(c: Palette) -> str:
    return (
        line("MY MAN", 36, 40, 240, 40, Voice(7, 40, 9), c[2])
        + rect(0, 786, 600, 114, c[0])
        + rect(0, 786, 600, 5, c[1])
        + line("GODFREY", 36, 806, 528, 54, Voice(9, 60, 12), c[1])
        + caption("Powell & Lombard · 1936", 300, 886, 14, c[2])
    )


def friday_ground(c: Palette, width: int, height: int) -> str:
    lines = "".join(rect(8, 6 + at * 15, 60 if at in (3, 8) else 98, 5, "#e2d5b8") for at in range(11))
    return plain(c, width, height) + tiled("columns", 116, 165, lines, width, height)


def friday(c: Palette) -> str:
    """Two telephones talking at the same time."""
    cream, red, black, teal = c

    def telephone(colour: str) -> str:
        return (
            shape("M-84 300C-84 262 -40 256 -26 250V60H26V250C40 256 84 262 84 300V318H-84Z", colour)
            + rect(-84, 300, 168, 20, black)
            + shape("M-20 66L-62 -4C-66 -40 66 -40 62 -4L20 66Z", colour)
            + ellipse(0, -8, 58, 24, black)
            + ellipse(0, -8, 40, 14, cream)
            + stroke("M-26 150H-78V110", black, 12)
            + shape("M-104 112L-92 60H-64L-52 112Z", colour)
            + shape("M-96 60V-20L-112 -64H-44L-60 -20V60Z", black)
        )

    def bubble(x: float, y: float, r: float, tail: str, colour: str) -> str:
        return circle(x, y, r, colour) + shape(tail, colour)

    words = "".join(
        rect(x, y, w, 17, cream)
        for x, y, w in ((66, 150, 150), (60, 182, 210), (60, 214, 130), (70, 246, 190), (96, 278, 120))
    )
    reply = "".join(
        rect(x, y, w, 17, cream)
        for x, y, w in ((400, 250, 130), (352, 282, 190), (344, 314, 150), (352, 346, 200), (384, 378, 110))
    )
    left = bubble(176, 226, 170, "M100 330L130 470 226 380Z", red)
    right = bubble(430, 316, 160, "M420 440L470 560 520 430Z", teal)
    both = clipped("both", circle(176, 226, 170, "#000"), circle(430, 316, 160, black))
    mouth = shape("M268 244C286 228 298 232 306 240C314 232 326 228 344 244C326 276 288 276 268 244Z", red) + stroke(
        "M272 246C296 252 318 252 340 246", cream, 4
    )
    phones = group(telephone(red), "translate(130 480) rotate(-8)") + group(
        telephone(teal), "translate(470 540) scale(-1 1) rotate(-8)"
    )
    cords = stroke("M40 800C-60 880 240 700 300 790S520 700 620 840", black, 8)
    talk = left + right + both + words + reply + group(mouth, "translate(-2 32)")
    return group(talk, "translate(0 34)") + cords + phones


def friday_lockup(c: Palette) -> str:
    head = (
        rect(30, 30, 540, 4, c[2])
        + caption("Extra · January 1940 · Extra", 300, 54, 13, c[2])
        + rect(30, 64, 540, 4, c[2])
    )
    return (
        head
        + rect(0, 790, 600, 110, c[2])
        + line("HIS GIRL FRIDAY", 36, 806, 528, 52, Voice(11, 6, 7), c[0])
        + caption("Grant · Russell · Hawks", 300, 884, 14, c[1])
    )


def detour_ground(c: Palette, width: int, height: int) -> str:
    return (
        plain(c, width, height)
        + rect(0, height * 0.46, width, height, "#22252c")
        + "".join(
            circle(width * x, height * y, 2.5, c[2])
            for x, y in (
                (0.03, 0.16),
                (0.18, 0.2),
                (0.36, 0.14),
                (0.44, 0.16),
                (0.62, 0.04),
                (0.76, 0.2),
                (0.9, 0.1),
                (0.12, 0.36),
                (0.86, 0.36),
                (0.55, 0.3),
            )
        )
    )


def detour(c: Palette) -> str:
    """The sign says where the road goes: off it."""
    night, yellow, cream, red = c
    road = shape(
        "M40 1000C60 800 250 760 330 690S380 580 250 540S90 470 190 414H206C130 470 190 500 300 530S520 600 450 716S330 850 420 1000Z",
        "#0a0b0e",
    )
    dashes = stroke("M230 960C250 850 330 800 386 720S430 590 290 540S120 480 196 416", yellow, 9)
    gaps = '<path d="M230 960C250 850 330 800 386 720S430 590 290 540S120 480 196 416" fill="none" stroke="#0a0b0e" stroke-width="11" stroke-dasharray="26 30"/>'
    hills = polygon(
        ((-700, 420), (-420, 350), (-160, 400), (60, 340), (220, 396), (400, 330), (560, 390), (800, 340), (1100, 414)),
        "#0e1014",
    )
    post = rect(404, 180, 22, 560, "#5b5f68") + rect(414, 180, 12, 560, "#3e4149")
    sign = group(
        polygon(((-180, -64), (120, -64), (186, 0), (120, 64), (-180, 64)), yellow)
        + stroke("M-170 -54H116L172 0 116 54H-170Z", night, 6)
        + line("DETOUR", -152, -28, 260, 56, Voice(12, 12, 9), night),
        "translate(390 190) rotate(-11)",
    )
    beams = polygon(((150, 800), (-40, 560), (60, 520)), "#3a3a2c") + polygon(
        ((250, 790), (330, 520), (440, 560)), "#3a3a2c"
    )
    car = group(
        shape(
            "M-110 0C-110 -50 -90 -60 -70 -66L-50 -120C-46 -132 46 -132 50 -120L70 -66C90 -60 110 -50 110 0V50H-110Z",
            red,
        )
        + shape("M-56 -70L-40 -112H40L56 -70Z", "#101218")
        + circle(-78, -22, 22, "#fff3c4")
        + circle(78, -22, 22, "#fff3c4")
        + "".join(rect(-36 + at * 16, -36, 7, 56, night) for at in range(5))
        + rect(-118, 26, 236, 15, cream)
        + rect(-100, 48, 40, 30, night)
        + rect(60, 48, 40, 30, night)
        + circle(-16, -84, 9, cream)
        + rect(-28, -98, 24, 6, cream),
        "translate(200 820)",
    )
    thumb = group(
        shape(
            "M-20 140V60C-40 50 -50 20 -40 -10L-14 -20 -20 -84C-18 -104 10 -104 12 -84L16 -20H50C66 -16 66 0 56 6C66 12 64 28 54 32C62 40 58 54 48 58C52 68 44 78 34 78V140Z",
            cream,
        )
        + stroke("M20 6H54M20 32H52M20 56H46", night, 5)
        + rect(-30, 120, 74, 120, red),
        "translate(540 700)",
    )
    return hills + road + dashes + gaps + beams + post + sign + car + thumb


def detour_lockup(c: Palette) -> str:
    return caption("Fate puts out a foot", 36, 56, 17, c[2], "start") + caption(
        "Edgar G. Ulmer · 1945", 36, 84, 14, c[1], "start"
    )


def hiker_ground(c: Palette, width: int, height: int) -> str:
    return (
        f'<rect width="{width}" height="{height}" fill="{c[0]}"/>'
        + rect(0, height * 0.62, width, height, "#c9a86b")
        + "".join(
            polygon(
                (
                    (width * x, height * 0.62),
                    (width * (x + 0.12), height * (0.62 - h)),
                    (width * (x + 0.26), height * 0.62),
                ),
                c[3],
            )
            for x, h in ((-0.06, 0.12), (0.12, 0.08), (0.58, 0.1), (0.78, 0.15))
        )
    )


def hiker(c: Palette) -> str:
    """The mirror of a car: one eye sleeps and the other does not."""
    sand, black, orange, _ = c
    sun = circle(300, 440, 84, orange)
    road = polygon(((288, 558), (312, 558), (470, 1100), (130, 1100)), black) + "".join(
        polygon(((300 - w, y), (300 + w, y), (300 + w * 1.4, y + h), (300 - w * 1.4, y + h)), sand)
        for y, w, h in ((576, 1.5, 18), (612, 3, 28), (664, 5, 40))
    )
    stem = shape("M270 -200H330L322 140H278Z", black)
    mirror = rect(30, 110, 540, 216, black, 60) + rect(48, 128, 504, 180, "#3b3733", 46)
    glass = clipped(
        "glass",
        '<rect x="48" y="128" width="504" height="180" rx="46"/>',
        shape("M48 128H552V170C420 190 180 190 48 170Z", "#191716")
        + shape("M110 128H490V400H110Z", "#c79a6b")
        + shape("M300 128H490V400H300Z", "#ad8053")
        + shape("M60 128H540V160C420 180 180 180 60 160Z", "#191716")
        + stroke("M136 196C170 172 226 176 262 200M338 200C374 176 430 172 464 196", "#191716", 15)
        + stroke("M150 248C180 268 228 268 256 248", "#191716", 11, "round")
        + stroke("M164 262L156 276M184 270L180 286M206 272V288M228 268L234 282", "#191716", 6, "round")
        + shape("M340 248C366 214 436 214 458 248C436 276 366 276 340 248Z", "#fdf6e4")
        + circle(398, 245, 24, orange)
        + circle(398, 245, 12, "#191716")
        + stroke("M340 248C366 214 436 214 458 248C436 276 366 276 340 248Z", "#191716", 8)
        + stroke("M300 230L288 320M300 230", "#7c5631", 7)
        + stroke("M470 150L400 330", "#e4c497", 5)
        + stroke("M500 140L430 330", "#e4c497", 12),
    )
    dash = shape("M-800 900V790C-300 740 100 726 300 726S900 740 1400 790V1300H-800Z", black)
    wheel = stroke("M-40 960A190 190 0 0 1 340 960", "#3b3733", 28) + stroke("M150 960V790", "#3b3733", 22)
    gun = group(
        rect(0, 0, 132, 26, "#3b3733")
        + shape("M96 10H150C168 14 176 40 170 120H120C124 80 120 50 96 40Z", "#3b3733")
        + stroke("M76 26C76 52 104 56 112 40", "#3b3733", 8)
        + rect(4, -9, 12, 12, "#3b3733"),
        "translate(420 660) rotate(8)",
    )
    return sun + road + stem + mirror + glass + dash + wheel + gun


def hiker_lockup(c: Palette) -> str:
    return line("THE HITCH-HIKER", 36, 786, 528, 66, Voice(13, 10, 7), c[2]) + caption(
        "Ida Lupino · 1953", 300, 882, 15, c[0]
    )


def charade_ground(c: Palette, width: int, height: int) -> str:
    return tiled("dots", 48, 48, rect(0, 0, 48, 48, c[2]) + circle(24, 24, 4, "#33507a"), width, height)


def charade(c: Palette) -> str:
    """A sheet of stamps, and one of them is worth a murder."""
    cream, red, navy, amber = c

    def stamp(x: float, y: float, ground: str, picture: str) -> str:
        edge = (
            f'<rect x="{x}" y="{y}" width="240" height="220" fill="none" stroke="{navy}" stroke-width="14" '
            'stroke-linecap="round" stroke-dasharray="0 20"/>'
        )
        return (
            rect(x, y, 240, 220, cream)
            + edge
            + rect(x + 18, y + 18, 204, 184, ground)
            + group(picture, f"translate({x + 120} {y + 110})")
        )

    lady = (
        shape("M-70 92C-80 20 -60 -70 0 -72S80 20 70 92Z", cream)
        + shape("M-46 -4C-50 -70 50 -70 46 -4C46 40 20 62 0 62S-46 40 -46 -4Z", "#f1cda6")
        + mirrored(shape("M-54 -18C-50 -30 -8 -28 -4 -14C-4 20 -46 24 -54 -18Z", navy), 0)
        + stroke("M-10 -16H10", navy, 6)
        + shape("M-14 36C-6 30 6 30 14 36C6 44 -6 44 -14 36Z", red)
    )
    tower = (
        shape("M-6 -84H6L14 -20 22 14H-22L-14 -20ZM-26 22H26L54 92H24C20 60 -20 60 -24 92H-54Z", cream)
        + rect(-22, -24, 44, 6, cream)
        + rect(-34, 12, 68, 8, cream)
    )
    gun = (
        shape("M-80 -36H70V-6H20L8 10H-12L-22 64H-64L-46 -2H-80Z", navy)
        + stroke("M-14 8C-8 26 18 22 14 -4", navy, 6)
        + "".join(stroke(f"M{80} {y}L{96} {y2}", red, 7) for y, y2 in ((-34, -48), (-20, -20), (-6, 8)))
    )
    question = stroke("M-34 -36C-34 -84 38 -84 38 -36C38 0 0 -4 0 34", cream, 24) + circle(0, 66, 15, cream)
    bag = (
        rect(-70, -26, 140, 96, red, 10)
        + stroke("M-36 -26C-36 -76 36 -76 36 -26", red, 13)
        + rect(-70, 6, 140, 22, cream)
        + circle(0, 17, 13, navy)
    )
    heart = (
        shape("M0 72C-100 0 -80 -72 -34 -70C-12 -68 0 -50 0 -36C0 -50 12 -68 34 -70C80 -72 100 0 0 72Z", red)
        + stroke("M-60 60L60 -56", navy, 9)
        + polygon(((76, -72), (66, -38), (44, -60)), navy)
    )
    sheet = (
        (48, 40, amber, lady),
        (312, 40, red, tower),
        (48, 284, "#7fb1b5", gun),
        (312, 284, navy, question),
        (48, 528, amber, bag),
        (312, 528, "#f3c9bd", heart),
    )
    postmark = "".join(ring(312, 274, r, 5, navy) for r in (74, 52)) + stroke(
        "M386 250C420 240 440 262 476 252M388 274C420 264 440 286 476 276M386 298C420 288 440 310 476 300", navy, 5
    )
    return "".join(stamp(*one) for one in sheet) + group(postmark, "rotate(-12 312 274)")


def charade_lockup(c: Palette) -> str:
    letters = "".join(
        line(letter, 42 + at * 75, 774 + (at % 2) * 14, 62, 64, Voice(15, 24, 0), colour)
        for at, (letter, colour) in enumerate(zip("CHARADE", (c[0], c[3], c[1], c[0], c[3], c[1], c[0]), strict=True))
    )
    return letters + caption("Hepburn · Grant · Donen · 1963", 300, 884, 14, c[0])


TALKIES = {
    "my-man-godfrey": Design(godfrey_ground, godfrey, godfrey_lockup, (600, -70, 0.95)),
    "his-girl-friday": Design(friday_ground, friday, friday_lockup, (620, -50, 0.92)),
    "detour": Design(detour_ground, detour, detour_lockup, (600, -60, 0.92)),
    "the-hitch-hiker": Design(hiker_ground, hiker, hiker_lockup, (520, -70, 1)),
    "charade": Design(charade_ground, charade, charade_lockup, (640, -30, 1)),
}
