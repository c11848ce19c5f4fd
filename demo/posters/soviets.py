# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of the Soviet silents, after their own constructivists."""

from demo.posters.design import Design, Palette, plain
from demo.posters.kit import caption, circle, group, mirrored, on_circle, polygon, rect, ring, shape, stroke
from demo.posters.lettering import Voice, block, line


def potemkin_ground(c: Palette, width: int, height: int) -> str:
    stairs = "".join(rect(0, height * 0.5 + at * 44, width, 20, c[3]) for at in range(12))
    return plain(c, width, height) + stairs


def potemkin(c: Palette) -> str:
    """The bow head on, four guns, one flag."""
    red, cream, black, dark = c
    sun = circle(300, 330, 230, cream)
    mast = rect(292, 60, 16, 300, black) + rect(232, 150, 136, 10, black) + rect(250, 220, 100, 10, black)
    flag = shape("M308 64C350 40 380 92 430 66V132C380 158 350 106 308 130Z", red)
    bridge = (
        rect(214, 262, 172, 140, black)
        + "".join(rect(232 + at * 36, 286, 24, 16, cream) for at in range(4))
        + rect(190, 320, 220, 20, black)
    )
    funnels = (
        rect(150, 200, 46, 220, black)
        + rect(404, 200, 46, 220, black)
        + rect(150, 226, 46, 16, red)
        + rect(404, 226, 46, 16, red)
    )
    turret = shape("M176 440C176 376 424 376 424 440Z", black)
    guns = "".join(
        circle(x, 410, 34, black) + circle(x, 410, 22, cream) + circle(x, 410, 13, black) for x in (252, 348)
    )
    bow = shape("M60 430H540C520 560 420 690 306 800H294C180 690 80 560 60 430Z", black)
    light = shape("M300 430H540C520 560 420 690 306 800H300Z", "#2b2a2a")
    edge = shape("M60 430H540L534 456H66Z", cream) + rect(294, 456, 12, 344, cream)
    anchors = mirrored(ring(196, 530, 15, 7, cream) + stroke("M196 546V600M172 584C176 606 216 606 220 584", cream, 8))
    wave = shape(
        "M-700 730C-400 690 -60 690 40 740C120 780 220 790 300 740C380 790 480 780 560 740C660 690 900 690 1100 730V1300H-500Z",
        cream,
    )
    spray = mirrored(
        shape("M300 742C240 730 190 690 160 640C170 700 200 750 260 770Z", cream)
        + shape("M292 752C210 750 150 730 100 690C130 750 200 790 280 780Z", cream)
    )
    return sun + mast + flag + funnels + bridge + turret + guns + bow + light + edge + anchors + spray + wave


def potemkin_lockup(c: Palette) -> str:
    band = rect(0, 728, 600, 172, c[2])
    return (
        band
        + line("BATTLESHIP", 40, 744, 520, 44, Voice(6.5, 0, 9), c[1])
        + line("POTEMKIN", 40, 800, 520, 60, Voice(15, 0, 8), c[0])
        + caption("Sergei Eisenstein · 1925", 300, 885, 14, c[1])
    )


def camera_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + polygon(
        ((0, height * 0.3), (width, -height * 0.2), (width, height * 0.42), (0, height * 0.92)), c[3]
    )


def camera(c: Palette) -> str:
    """An eye in a lens on three legs."""
    cream, red, black, blue = c
    strip = group(
        rect(-700, 0, 2200, 92, black)
        + "".join(rect(-690 + at * 32, y, 16, 12, cream) for at in range(68) for y in (8, 72)),
        "translate(-40 300) rotate(-26)",
    )
    legs = stroke("M300 470L110 900M300 470L490 900M300 470V900", black, 22) + circle(300, 486, 40, red)
    box = group(
        rect(130, 150, 340, 320, black, 10)
        + circle(190, 120, 84, black)
        + circle(190, 120, 60, red)
        + circle(190, 120, 18, black)
        + circle(376, 100, 104, black)
        + circle(376, 100, 78, cream)
        + circle(376, 100, 22, black)
        + "".join(circle(*on_circle(376, 100, 50, 60 * at), 15, black) for at in range(6)),
        "translate(10 40)",
    )
    lens = circle(300, 360, 172, red) + circle(300, 360, 150, black) + circle(300, 360, 128, cream)
    eye = shape("M178 360C220 286 380 286 422 360C380 434 220 434 178 360Z", "#ffffff")
    iris = circle(300, 360, 62, blue) + circle(300, 360, 32, black) + circle(320, 340, 13, "#ffffff")
    lids = stroke("M178 360C220 286 380 286 422 360C380 434 220 434 178 360Z", black, 12)
    lashes = stroke("M222 296L200 264M262 276L250 240M300 270V232M338 276L350 240M378 296L400 264", black, 10)
    return strip + legs + box + lens + eye + iris + lids + lashes


def camera_lockup(c: Palette) -> str:
    words = block([("MAN WITH", 44), ("A MOVIE", 52), ("CAMERA", 66)], 40, 660, 300, Voice(13, 0, 7), c[2], 10)
    plate = polygon(((0, 650), (372, 650), (372, 900), (0, 900)), c[0])
    return plate + words + rect(40, 856, 300, 6, c[1]) + caption("Dziga Vertov · 1929", 40, 884, 15, c[2], "start")


SOVIETS = {
    "battleship-potemkin": Design(potemkin_ground, potemkin, potemkin_lockup, (560, -70, 1)),
    "man-with-a-movie-camera": Design(camera_ground, camera, camera_lockup, (600, -40, 1)),
}
