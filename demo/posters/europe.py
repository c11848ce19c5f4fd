# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of the European silents."""

from demo.posters.design import Design, Palette, plain
from demo.posters.kit import bat, caption, circle, ellipse, group, mirrored, polygon, rays, rect, ring, shape, stroke
from demo.posters.lettering import Voice, line


def metropolis_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + rays(width / 2, 400, 1200, 36, "#1e1915", turn=5, share=0.5)


def metropolis(c: Palette) -> str:
    """A machine with a face before a city of towers, rings of light around her."""
    black, gold, cream, rust = c
    tower = ""
    for x, top, width, colour in (
        (0, 330, 64, rust),
        (48, 210, 58, gold),
        (112, 300, 50, cream),
        (150, 120, 62, rust),
        (206, 250, 50, gold),
    ):
        steps = "".join(rect(x + at * 7, top - at * 26, width - at * 14, 30, colour) for at in range(4))
        slits = "".join(rect(x + 12 + at * 14, top + 18, 5, 640, black) for at in range(int(width / 14) - 1))
        tower += steps + rect(x, top, width, 700, colour) + slits
    rings = "".join(ring(300, 330, radius, 9, gold) for radius in (150, 182, 214)) + circle(300, 330, 136, black)
    head = (
        shape("M226 330V280a74 74 0 0 1 148 0V330L362 420 330 458H270L238 420Z", gold)
        + shape("M300 206a74 74 0 0 1 74 74V330L362 420 330 458H300Z", cream)
        + rect(286, 190, 28, 90, black)
        + rect(294, 190, 12, 84, gold)
        + mirrored(shape("M244 318H288V330H256Z", black) + rect(210, 290, 16, 74, rust))
        + rect(295, 330, 10, 56, black)
        + rect(272, 412, 56, 9, black)
        + shape("M256 452H344V500H256Z", rust)
        + "".join(rect(256, y, 88, 5, black) for y in (462, 476, 490))
    )
    body = shape("M110 720C110 560 200 500 300 500S490 560 490 720Z", gold) + shape(
        "M300 500C400 500 490 560 490 720H300Z", cream
    )
    core = "".join(ring(300, 620, radius, 10, black) for radius in (22, 50, 78)) + circle(300, 620, 10, rust)
    return mirrored(tower) + rings + body + head + core + rect(-400, 690, 1400, 400, black)


def metropolis_lockup(c: Palette) -> str:
    return line("METROPOLIS", 40, 728, 520, 104, Voice(15, 60, 9), c[1]) + caption(
        "Ein Film von Fritz Lang · 1927", 300, 868, 17, c[2]
    )


def nosferatu_ground(c: Palette, width: int, height: int) -> str:
    return f'<rect width="{width}" height="{height}" fill="{c[1]}"/>'


def nosferatu(c: Palette) -> str:
    """A shadow that has come up the stairs ahead of its owner."""
    green, pale, black, _ = c
    window = rect(404, 60, 130, 190, "#eef2cb") + rect(464, 60, 10, 190, pale) + rect(404, 140, 130, 10, pale)
    head = "M196 236C190 150 236 104 284 108C336 112 362 158 352 216L384 196 372 262 350 276C344 320 326 344 300 356L304 384C380 396 420 440 430 520"
    body = "L430 900H40V560C60 450 130 400 232 388L234 360C206 340 196 300 194 276L158 262 150 190 186 220Z"
    eyes = shape("M222 236L262 250 228 262Z", pale) + shape("M324 236L284 250 318 262Z", pale)
    teeth = shape("M262 318L267 344 272 318ZM278 318L283 344 288 318Z", pale)
    arm = stroke("M400 470L492 400 500 330", black, 46)
    fingers = "".join(
        stroke(d, black, 15, "round") + ""
        for d in (
            "M484 340L440 250 448 190",
            "M494 330L474 220 490 150",
            "M504 330L516 214 540 150",
            "M516 344L560 250 584 206",
            "M484 360L424 330 400 290",
        )
    )
    steps = "M-400 900" + "".join(f"L{at * 75 - 75} {850 - at * 62}H{at * 75}" for at in range(-4, 24)) + "V1300H-400Z"
    rail = "".join(rect(at * 75 + 14, 640 - at * 62, 10, 150, green) for at in range(0, 9))
    return (
        window
        + shape(head + body, black)
        + eyes
        + teeth
        + arm
        + fingers
        + rail
        + stroke("M-60 700L660 105", green, 16)
        + shape(steps, green)
        + rect(-600, 676, 1600, 700, green)
    )


def nosferatu_lockup(c: Palette) -> str:
    return line("NOSFERATU", 40, 700, 520, 132, Voice(19, 0, 9), c[1]) + caption(
        "Eine Symphonie des Grauens · 1922", 300, 872, 17, c[1]
    )


def caligari_ground(c: Palette, width: int, height: int) -> str:
    shards = "".join(
        polygon(((x * width, 0), ((x + 0.09) * width, 0), (0.5 * width, 0.62 * height)), "#dccba6")
        for x in (-0.3, -0.05, 0.2, 0.46, 0.7, 0.98, 1.2)
    )
    return plain(c, width, height) + shards


def caligari(c: Palette) -> str:
    """A crooked lane that leads uphill to a moon; the doctor at its foot, the sleeper walking on the roof."""
    cream, red, black, teal = c
    moon = circle(330, 236, 104, red)
    left = polygon(((-20, 150), (96, 60), (176, 210), (150, 330), (236, 400), (214, 700), (-20, 760)), black)
    left += polygon(((-20, 330), (120, 268), (196, 470), (170, 720), (-20, 780)), teal)
    right = polygon(((620, 30), (536, 120), (470, 92), (444, 300), (396, 420), (420, 700), (620, 780)), black)
    right += polygon(((620, 280), (520, 330), (470, 480), (494, 740), (620, 780)), teal)
    windows = (
        polygon(((40, 370), (86, 350), (98, 440), (30, 452)), cream)
        + polygon(((112, 480), (150, 500), (140, 590), (96, 560)), black)
        + polygon(((74, 150), (104, 132), (118, 190), (84, 210)), red)
        + polygon(((540, 380), (586, 366), (580, 470), (528, 458)), cream)
        + polygon(((520, 540), (560, 520), (572, 620), (512, 606)), black)
        + polygon(((520, 170), (548, 150), (552, 230), (508, 224)), red)
        + stroke("M64 360L64 446M34 410L94 396M560 374L556 466M532 420L584 416", black, 6)
    )
    lane = polygon(((236, 400), (396, 400), (620, 760), (-20, 760)), cream) + "".join(
        polygon(((300 - dx, 760), (300 - dx + 26, 760), (316, 404)), black) for dx in (250, 150, 40, -70, -180)
    )
    sleeper = shape("M318 396L312 300 300 316 240 330 238 322 292 296 310 262H340L352 300 350 396Z", black) + ellipse(
        325, 240, 17, 23, black
    )
    doctor = (
        shape("M150 760L186 580C190 540 214 524 250 520H322C356 524 376 544 382 580L414 760Z", black)
        + ellipse(286, 494, 38, 44, cream)
        + shape("M222 460H350V444H330L336 330H236L244 444H222Z", black)
        + rect(243, 424, 88, 14, red)
        + circle(270, 490, 14, black)
        + circle(304, 490, 14, black)
        + circle(270, 490, 7, cream)
        + circle(304, 490, 7, cream)
        + stroke("M270 520L302 520", black, 5)
        + stroke("M400 610L440 780", black, 12, "round")
        + stroke("M370 600L402 620", black, 26, "round")
    )
    crest = group(sleeper, "translate(14 0)") + group(doctor, "translate(-10 114) scale(0.85)")
    return moon + lane + left + right + windows + crest + rect(-600, 752, 1800, 400, black)


def caligari_lockup(c: Palette) -> str:
    title = line("THE CABINET OF DR.", 50, 716, 400, 36, Voice(8, 0, 6), c[0]) + line(
        "CALIGARI", 40, 762, 520, 96, Voice(20, 0, 8), c[1]
    )
    slab = polygon(((0, 700), (600, 672), (600, 900), (0, 900)), c[2])
    return slab + group(title, "rotate(-2.6 300 800)") + caption("Robert Wiene · 1920", 556, 884, 15, c[0], "end")


def haxan_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + rays(width * 0.55, height * 0.42, 1300, 48, "#dccaa4", share=0.42)


def haxan(c: Palette) -> str:
    """A woodcut night: a broom across the moon, a town of gables, fire below."""
    cream, red, black, amber = c
    moon = (
        circle(330, 330, 214, amber)
        + circle(330, 330, 184, cream)
        + "".join(
            stroke(
                f"M{330 - 176 * (1 - (at / 9) ** 2) ** 0.5:.0f} {330 + at * 20}H{330 + 176 * (1 - (at / 9) ** 2) ** 0.5:.0f}",
                amber,
                5,
            )
            for at in range(-8, 9)
        )
    )
    broom = stroke("M96 470L500 262", black, 12, "round") + shape(
        "M120 448L20 460 -6 520 52 508 30 566 92 530 140 478Z", black
    )
    broom += stroke("M112 462L30 482M116 468L40 520M120 474L64 536", cream, 4)
    witch = (
        shape(
            "M196 432C220 340 268 300 330 296L352 322C340 360 372 384 396 392L380 412C340 408 320 396 312 372C296 400 280 420 268 424L300 520 330 560H282L236 440Z",
            black,
        )
        + shape("M322 306L296 276C300 250 326 236 350 246L384 262 366 268 376 282 352 300Z", black)
        + shape("M282 262L392 226 344 218 256 128 306 232Z", black)
        + shape("M200 430C150 392 130 340 150 290C170 340 210 330 262 340Z", black)
        + stroke("M238 400L284 344M252 416L302 356", cream, 5)
        + circle(346, 268, 5, amber)
    )
    bats = "".join(bat(x, y, s, black) for x, y, s in ((440, 90, 1), (60, 150, 0.8), (500, 180, 0.6), (30, 260, 0.5)))
    roofs = shape(
        "M-400 900V660H-60V610L-10 560 40 610V650L90 590 140 650V620L176 520 212 620V660L276 596 340 660V630L380 590 420 630V540L440 470 460 540V640L520 580 600 650H1200V900Z",
        black,
    )
    panes = "".join(
        rect(x, y, 12, 18, amber)
        for x, y in (
            (8, 624),
            (84, 640),
            (170, 600),
            (170, 640),
            (268, 650),
            (434, 560),
            (434, 600),
            (512, 634),
            (374, 640),
        )
    )
    flames = "".join(
        shape(f"M{x} 760C{x - 20} 720 {x + 30} 700 {x + 14} 640C{x + 60} 680 {x + 70} 710 {x + 56} 760Z", red)
        for x in range(-420, 1200, 62)
    )
    flames += "".join(
        shape(f"M{x} 780C{x - 8} 740 {x + 20} 730 {x + 14} 700C{x + 40} 720 {x + 40} 740 {x + 34} 780Z", amber)
        for x in range(-396, 1200, 62)
    )
    return moon + bats + broom + witch + roofs + panes + flames + rect(-600, 752, 2000, 400, red)


def haxan_lockup(c: Palette) -> str:
    return line("HÄXAN", 40, 752, 520, 96, Voice(30, 0, 12), c[0]) + caption(
        "Benjamin Christensen · 1922", 300, 882, 16, c[0]
    )


def joan_ground(c: Palette, width: int, height: int) -> str:
    window = width / 2
    return (
        plain(c, width, height)
        + polygon(((window - 60, 0), (window + 60, 0), (window + 60, height), (window - 60, height)), "#e6dbc2")
        + polygon(
            ((0, height * 0.3), (width, height * 0.3), (width, height * 0.3 + 110), (0, height * 0.3 + 110)), "#e6dbc2"
        )
    )


def joan(c: Palette) -> str:
    """A shorn head looking up, the halo already alight."""
    cream, red, black, gold = c
    halo = circle(300, 330, 236, gold) + rays(300, 330, 290, 40, gold, share=0.4) + circle(300, 330, 206, red)
    neck = shape("M232 500L222 700H392L372 500Z", "#d9c3a0") + shape("M300 560L372 500 392 700H300Z", "#c9ae86")
    robe = shape("M60 900C70 740 150 660 224 650C260 690 350 690 386 650C460 660 530 740 540 900Z", black)
    face = group(
        ellipse(300, 350, 142, 186, cream)
        + shape("M300 164A142 186 0 0 1 300 536Z", "#e2d1b0")
        + shape(
            "M156 352C140 190 220 130 300 130S460 190 444 352C430 300 420 262 392 236L372 262 350 226 326 256 300 220 274 256 250 226 228 262 208 236C180 262 170 300 156 352Z",
            black,
        )
        + stroke("M196 300C214 282 246 282 264 294M336 294C354 282 386 282 404 300", black, 9, "round")
        + mirrored(
            shape("M196 346C214 318 250 318 268 346C250 366 214 366 196 346Z", "#ffffff")
            + circle(236, 332, 16, black)
            + circle(240, 327, 5, "#ffffff")
            + stroke("M194 346C214 318 250 318 270 346", black, 6)
        )
        + stroke("M300 344L282 424H308", black, 7, "round")
        + stroke("M262 470C284 460 316 460 338 470M280 486C292 492 308 492 320 486", black, 8, "round")
        + shape("M228 372C238 396 244 410 228 418C212 410 218 396 228 372Z", "#5f97b5"),
        "rotate(-7 300 360)",
    )
    fire = "".join(
        shape(
            f"M{x} 900C{x - 40} 810 {x + 50} 780 {x + 20} {top}C{x + 110} {top + 80} {x + 140} 810 {x + 110} 900Z",
            colour,
        )
        for x, top, colour in (
            (-60, 600, red),
            (80, 690, red),
            (440, 680, red),
            (540, 590, red),
            (0, 720, gold),
            (150, 760, gold),
            (380, 750, gold),
            (500, 710, gold),
        )
    )
    return halo + neck + robe + face + fire


def joan_lockup(c: Palette) -> str:
    band = rect(0, 768, 600, 132, c[1])
    return (
        band
        + line("THE PASSION OF", 110, 786, 380, 22, Voice(5, 12, 8), c[0])
        + line("JOAN OF ARC", 40, 820, 520, 44, Voice(10, 22, 8), c[0])
        + caption("Carl Th. Dreyer · 1928", 300, 888, 13, c[0])
    )


EUROPE = {
    "metropolis": Design(metropolis_ground, metropolis, metropolis_lockup, (500, -60, 1.05)),
    "nosferatu": Design(nosferatu_ground, nosferatu, nosferatu_lockup, (560, -60, 1.0)),
    "the-cabinet-of-dr-caligari": Design(caligari_ground, caligari, caligari_lockup, (600, -70, 1)),
    "haxan": Design(haxan_ground, haxan, haxan_lockup, (500, -60, 1)),
    "the-passion-of-joan-of-arc": Design(joan_ground, joan, joan_lockup, (560, -90, 1)),
}
