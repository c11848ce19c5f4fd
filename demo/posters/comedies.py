# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of the silent clowns."""

from demo.posters.design import Design, Palette, plain
from demo.posters.kit import caption, circle, ellipse, group, on_circle, polygon, rays, rect, ring, shape, stroke
from demo.posters.lettering import Voice, line


def general_ground(c: Palette, width: int, height: int) -> str:
    hills = shape(
        f"M0 {height * 0.62}L{width * 0.2} {height * 0.5} {width * 0.42} {height * 0.6} {width * 0.7} {height * 0.46} {width} {height * 0.6}V{height}H0Z",
        c[3],
    )
    return plain(c, width, height) + hills


def general(c: Palette) -> str:
    """The engine head on, its smoke above it, a flat hat at the window."""
    sand, red, black, teal = c
    smoke = "".join(
        circle(x, y, r, black)
        for x, y, r in ((310, 150, 62), (250, 96, 74), (350, 66, 84), (200, 20, 92), (440, 20, 96), (300, -30, 110))
    )
    smoke += "".join(
        ring(x, y, r, 7, sand)
        for x, y, r in ((310, 150, 40), (250, 92, 48), (352, 62, 56), (204, 24, 60), (444, 24, 62))
    )
    rails = polygon(((224, 600), (376, 600), (760, 1000), (-160, 1000)), "#cdbd92")
    ties = "".join(
        polygon(((300 - w, y), (300 + w, y), (300 + w + h, y + h), (300 - w - h, y + h)), black)
        for y, w, h in ((640, 170, 16), (680, 214, 20), (728, 262, 24))
    )
    stack = shape("M270 330V210L236 168V150H364V168L330 210V330Z", black) + rect(236, 176, 128, 9, red)
    cab = (
        rect(84, 300, 432, 270, black)
        + rect(66, 284, 468, 26, red)
        + rect(100, 326, 62, 84, sand)
        + rect(438, 326, 62, 84, sand)
    )
    keaton = (
        rect(453, 368, 32, 42, "#fffaf0")
        + rect(442, 362, 54, 8, black)
        + rect(450, 350, 38, 13, teal)
        + rect(460, 380, 6, 5, black)
        + rect(473, 380, 6, 5, black)
        + rect(464, 395, 12, 3, black)
    )
    boiler = (
        circle(300, 450, 146, teal)
        + circle(300, 450, 128, black)
        + ring(300, 450, 108, 6, sand)
        + circle(300, 450, 62, red)
    )
    boiler += (
        "".join(circle(*on_circle(300, 450, 118, at * 22.5), 5, sand) for at in range(16))
        + ring(300, 450, 40, 8, sand)
        + stroke("M300 410V490M260 450H340", sand, 8)
    )
    lamp = rect(262, 262, 76, 72, red) + circle(300, 298, 28, "#fff6d8") + rect(254, 330, 92, 12, black)
    beam = rect(110, 570, 380, 34, red) + circle(150, 587, 12, black) + circle(450, 587, 12, black)
    catcher = (
        shape("M150 604H450L520 716H80Z", black)
        + "".join(stroke(f"M{300 + at * 20} 604L{300 + at * 31} 716", sand, 6) for at in range(-6, 7))
        + rect(80, 706, 440, 16, red)
    )
    return smoke + rails + ties + stack + cab + keaton + boiler + lamp + beam + catcher


def general_lockup(c: Palette) -> str:
    return (
        rect(0, 742, 600, 158, c[2])
        + line("THE GENERAL", 40, 768, 520, 76, Voice(17, 8, 8), c[0])
        + caption("Buster Keaton · 1926", 300, 878, 16, c[0])
    )


def safety_ground(c: Palette, width: int, height: int) -> str:
    slabs = "".join(
        rect(width * 0.5 - 560 + at * 92, height - h, 84, h, "#e5b42c")
        for at, h in enumerate((210, 300, 240, 380, 300, 190, 260, 330, 250, 360, 280, 220))
    )
    return plain(c, width, height) + slabs


def safety(c: Palette) -> str:
    """Half past two, and a straw hat in the air."""
    yellow, red, black, cream = c
    wall = (
        polygon(((330, -300), (1500, -300), (1500, 1200), (330, 1200)), cream)
        + "".join(rect(376 + x * 84, 20 + y * 150, 48, 92, yellow) for x in range(1, 4) for y in range(1, 6))
        + rect(330, -300, 14, 1500, "#e5b42c")
    )
    clock = circle(330, 330, 216, black) + circle(330, 330, 196, cream)
    ticks = "".join(
        stroke(f"M{a:.0f} {b:.0f}L{d:.0f} {e:.0f}", black, 9 if at % 3 else 18)
        for at in range(12)
        for (a, b), (d, e) in [(on_circle(330, 330, 186, at * 30), on_circle(330, 330, 156, at * 30))]
    )
    hour = stroke("M330 330L432 280", black, 22) + polygon(((420, 258), (470, 262), (436, 304)), black)
    minute = stroke("M330 330L320 500", red, 20) + polygon(((296, 492), (344, 496), (316, 540)), red)
    man = (
        stroke("M312 498L296 596M326 500L330 596", black, 20, "round")
        + circle(312, 498, 11, cream)
        + circle(327, 500, 11, cream)
        + circle(309, 572, 31, "#f7dcb8")
        + shape("M277 566C278 534 340 534 341 566L330 556H290Z", black)
        + ring(299, 574, 10, 4, black)
        + ring(322, 574, 10, 4, black)
        + shape("M302 590H320L311 600Z", black)
        + shape("M270 606H350L344 712H280Z", black)
        + shape("M300 606H322L311 650Z", cream)
        + polygon(((304, 606), (318, 606), (314, 640), (308, 640)), red)
        + stroke("M294 706L270 790 226 812M330 706L352 784 318 838", black, 26, "round")
        + shape("M204 800L238 796 234 830 192 828Z", red)
        + shape("M300 832L334 830 326 858 286 858Z", red)
    )
    hat = group(
        ellipse(0, 0, 52, 12, black)
        + rect(-30, -34, 60, 34, cream)
        + rect(-30, -14, 60, 12, red)
        + stroke("M-30 -34H30V0M-30 -34V0", black, 4),
        "translate(150 610) rotate(-28)",
    )
    swish = stroke("M196 560C186 540 190 520 204 504M170 556C158 530 162 506 178 486", black, 5, "round")
    return wall + clock + ticks + hour + minute + circle(330, 330, 20, black) + man + hat + swish


def safety_lockup(c: Palette) -> str:
    return (
        line("SAFETY", 30, 30, 540, 86, Voice(26, 40, 9), c[2])
        + line("LAST!", 30, 676, 200, 84, Voice(22, 34, 8), c[1])
        + caption("Harold Lloyd", 30, 856, 15, c[2], "start")
        + caption("1923", 30, 880, 15, c[2], "start")
    )


def sherlock_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + polygon(
        ((0, height), (width * 0.2, height), (width * 1.05, height * 0.1), (width * 0.62, height * -0.1)), "#29507f"
    )


def sherlock(c: Palette) -> str:
    """The booth's beam throws a detective on the wall, and the detective looks back through his glass."""
    blue, yellow, cream, red = c
    spot = circle(320, 330, 256, yellow)
    coat = shape("M90 900C90 700 150 590 250 560H400C500 590 560 700 560 900Z", "#13233b")
    collar = polygon(((250, 560), (326, 690), (400, 560)), cream) + polygon(
        ((310, 610), (342, 610), (350, 700), (326, 730), (302, 700)), red
    )
    lapel = polygon(((250, 556), (200, 600), (318, 760), (326, 690)), blue) + polygon(
        ((400, 556), (450, 600), (334, 760), (326, 690)), blue
    )
    face = shape("M222 290H428V430C428 520 380 576 325 576S222 520 222 430Z", cream) + shape(
        "M325 290H428V430C428 520 380 576 325 576Z", "#e3d3b2"
    )
    hair = rect(214, 280, 222, 34, "#13233b") + rect(214, 300, 18, 80, "#13233b") + rect(418, 300, 18, 80, "#13233b")
    hat = (
        rect(150, 250, 350, 30, "#13233b", 12)
        + shape("M212 250V172C250 150 400 150 438 172V250Z", "#13233b")
        + rect(212, 218, 226, 32, red)
    )
    brow = stroke("M246 352H292M356 340H404", "#13233b", 11)
    eye = shape("M246 392C256 372 282 372 292 392Z", "#13233b")
    nose = stroke("M325 380L312 456H334", "#13233b", 8)
    mouth = stroke("M298 512H352", "#13233b", 9)
    glass = (
        stroke("M432 470L540 640", red, 34, "round")
        + circle(384, 400, 108, "#13233b")
        + circle(384, 400, 88, "#bfe0e4")
    )
    big = (
        shape("M308 400C336 344 432 344 460 400C432 456 336 456 308 400Z", "#ffffff")
        + circle(384, 400, 40, blue)
        + circle(384, 400, 20, "#13233b")
        + circle(398, 386, 9, "#ffffff")
        + stroke("M308 400C336 344 432 344 460 400", "#13233b", 11)
    )
    hand = circle(510, 592, 38, cream) + stroke(
        "M486 574L520 560M482 594L524 580M486 614L528 600", "#13233b", 5, "round"
    )
    return spot + coat + collar + lapel + face + hair + hat + brow + eye + nose + mouth + glass + big + hand


def sherlock_lockup(c: Palette) -> str:
    perforation = "".join(rect(14 + at * 39, y, 20, 14, c[2]) for at in range(15) for y in (712, 874))
    return (
        rect(0, 700, 600, 200, "#0d1728")
        + perforation
        + line("SHERLOCK JR.", 40, 742, 520, 84, Voice(18, 30, 8), c[1])
        + caption("Buster Keaton · 1924", 300, 858, 16, c[2])
    )


def gold_ground(c: Palette, width: int, height: int) -> str:
    return (
        plain(c, width, height)
        + circle(width * 0.72, height * 0.3, 120, c[1])
        + rays(width * 0.72, height * 0.3, 1400, 40, "#ccdbe3", share=0.4)
        + circle(width * 0.72, height * 0.3, 120, c[1])
    )


def gold(c: Palette) -> str:
    """The cabin on the edge, and a small man holding on to the door."""
    ice, amber, black, steel = c
    white = "#ffffff"
    peaks = polygon(
        ((-500, 640), (-240, 330), (-60, 520), (110, 250), (300, 520), (420, 420), (660, 700), (-500, 760)), steel
    )
    caps = polygon(((110, 250), (30, 376), (76, 356), (108, 400), (150, 350), (196, 376)), white) + polygon(
        ((-240, 330), (-300, 412), (-250, 396), (-210, 420), (-180, 390)), white
    )
    cliff = shape("M-600 620L330 560 352 600 318 660 340 720 296 800 330 900V1300H-600Z", black) + shape(
        "M-600 620L330 560 344 582C250 590 220 612 160 604S40 640 -40 626 -300 660 -600 650Z", white
    )
    facets = (
        polygon(((318, 660), (240, 700), (296, 800)), steel)
        + polygon(((200, 640), (120, 760), (220, 860)), "#33424e")
        + polygon(((60, 660), (-20, 780), (90, 820)), "#33424e")
    )
    logs = "".join(rect(0, 92 + at * 30, 250, 27, amber if at % 2 else "#b97f16", 12) for at in range(6))
    cabin = group(
        logs
        + rect(150, 122, 70, 150, black)
        + rect(34, 130, 66, 58, black)
        + rect(40, 136, 54, 46, "#fff0b8")
        + rect(64, 130, 6, 58, black)
        + rect(34, 156, 66, 6, black)
        + polygon(((-34, 96), (125, -10), (284, 96), (272, 116), (-22, 116)), black)
        + polygon(
            ((-40, 92), (125, -24), (290, 92), (250, 84), (214, 66), (160, 40), (125, 12), (60, 66), (10, 80)), white
        )
        + rect(36, -30, 30, 70, black)
        + rect(30, -40, 42, 14, white),
        "translate(190 280) rotate(19)",
    )
    tramp = stroke("M424 470V592", black, 5) + group(
        stroke("M-16 90L-27 44 -4 2M18 90L29 44 4 2", black, 12, "round")
        + circle(1, 62, 17, "#f5dcbc")
        + rect(-20, 44, 42, 8, black)
        + shape("M-14 46V34C-10 24 12 24 16 34V46Z", black)
        + rect(-4, 68, 10, 5, black)
        + shape("M-18 80H20L24 140H-22Z", black)
        + stroke("M-10 138L-26 190M12 138L16 192", black, 18, "round")
        + stroke("M-40 196H-18M8 198H34", black, 13, "round"),
        "translate(424 586)",
    )
    snow = "".join(
        circle(x, y, r, white)
        for x, y, r in (
            (60, 90, 5),
            (150, 160, 7),
            (250, 60, 5),
            (340, 150, 4),
            (520, 60, 6),
            (560, 200, 5),
            (470, 480, 6),
            (560, 560, 5),
            (30, 260, 6),
            (200, 230, 4),
            (560, 400, 7),
            (510, 820, 5),
            (420, 860, 7),
            (-120, 140, 6),
            (-260, 240, 5),
            (760, 300, 6),
            (700, 520, 7),
        )
    )
    return peaks + caps + cliff + facets + cabin + tramp + snow


def gold_lockup(c: Palette) -> str:
    return (
        line("THE", 40, 690, 120, 34, Voice(9, 20, 7), c[0])
        + line("GOLD", 40, 734, 250, 60, Voice(17, 28, 8), c[1])
        + line("RUSH", 40, 806, 250, 60, Voice(17, 28, 8), c[1])
        + caption("Chaplin · 1925", 40, 888, 14, c[0], "start")
    )


def kid_ground(c: Palette, width: int, height: int) -> str:
    places = (
        (at * 96 + (row % 2) * 48 - 30, row * 44) for row in range(height // 44 + 1) for at in range(width // 96 + 2)
    )
    return plain(c, width, height) + shape("".join(f"M{x} {y}h88v36h-88z" for x, y in places), "#dfa75c")


def kid(c: Palette) -> str:
    """Two on a doorstep: a bowler and a cap."""
    tan, slate, black, red = c
    skin = "#f6e3c4"
    door = (
        rect(84, 60, 432, 700, black)
        + rect(104, 80, 392, 680, slate)
        + "".join(rect(x, y, 140, h, "#264050") for x in (136, 324) for y, h in ((112, 200), (344, 260)))
    )
    man = (
        shape("M120 690C120 560 160 486 236 474H290C350 486 384 560 384 690Z", black)
        + polygon(((228, 472), (264, 560), (300, 472)), "#fbf4e4")
        + polygon(((240, 486), (264, 500), (288, 486), (288, 516), (264, 502), (240, 516)), red)
        + ellipse(264, 384, 66, 86, skin)
        + shape("M198 372C190 330 210 316 214 316H314C318 316 338 330 330 372L316 344H212Z", black)
        + shape("M240 430H288L280 412H248Z", black)
        + circle(240, 380, 7, black)
        + circle(288, 380, 7, black)
        + stroke("M226 362L250 360M278 360L302 362", black, 6, "round")
        + stroke("M252 446Q264 452 276 446", black, 4)
        + rect(166, 306, 196, 18, black, 9)
        + shape("M202 310C196 210 332 210 326 310Z", black)
        + rect(202, 286, 124, 14, red)
        + stroke("M150 690V760M340 690V760", black, 68)
        + shape("M76 780C76 740 130 736 188 742V780Z", black)
        + shape("M306 742C360 736 400 742 404 780H306Z", black)
    )
    child = (
        shape("M356 720C352 620 380 572 424 566H452C498 574 520 630 516 720Z", red)
        + stroke("M384 600L470 716M490 600L410 716", tan, 11)
        + ellipse(438, 508, 50, 58, skin)
        + shape(
            "M386 500C380 470 396 452 400 450H476C484 456 496 474 490 500L478 484 462 496 446 482 428 496 412 482 398 498Z",
            black,
        )
        + circle(420, 512, 6, black)
        + circle(458, 512, 6, black)
        + stroke("M430 542Q440 536 450 542", black, 5, "round")
        + shape("M372 462C366 396 500 384 512 456L530 470H372Z", "#8aa3ad")
        + circle(440, 410, 9, black)
        + stroke("M440 410L400 460M440 410L478 456", black, 4)
        + stroke("M392 720V762M474 720V762", black, 44)
        + shape("M352 780C352 752 380 746 416 750V780ZM450 750C492 746 518 754 520 780H450Z", black)
    )
    arm = stroke("M330 520C372 560 400 590 470 608", black, 44, "round") + circle(484, 612, 22, skin)
    cane = stroke("M96 780V560C96 520 140 520 140 556", red, 10, "round")
    step = rect(-700, 776, 1900, 40, "#c98f45") + rect(-700, 806, 1900, 400, black)
    return door + child + man + arm + cane + step


def kid_lockup(c: Palette) -> str:
    return (
        line("THE KID", 40, 826, 320, 54, Voice(16, 26, 8), c[0])
        + caption("Chaplin & Coogan", 560, 850, 14, c[0], "end")
        + caption("1921", 560, 876, 14, c[0], "end")
    )


COMEDIES = {
    "the-general": Design(general_ground, general, general_lockup, (600, -30, 1)),
    "safety-last": Design(safety_ground, safety, safety_lockup, (560, -70, 0.9)),
    "sherlock-jr": Design(sherlock_ground, sherlock, sherlock_lockup, (600, -90, 1)),
    "the-gold-rush": Design(gold_ground, gold, gold_lockup, (600, -110, 1)),
    "the-kid": Design(kid_ground, kid, kid_lockup, (620, -60, 0.95)),
}
