# ruff: noqa: E501 - a path is one shape, and reads no better in pieces
"""Posters of Oscar Micheaux's films."""

from demo.posters.design import Design, Palette, plain
from demo.posters.kit import caption, circle, clipped, ellipse, mirrored, polygon, rays, rect, ring, shape, stroke
from demo.posters.lettering import Voice, line


def gates_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + rays(width / 2, height * 0.48, 1300, 32, "#4a2e20", share=0.5)


def gates(c: Palette) -> str:
    """A teacher with a book where two iron gates stand open."""
    brown, amber, cream, rust = c
    sun = circle(300, 420, 230, rust) + circle(300, 420, 196, amber)
    path = polygon(((236, 660), (364, 660), (520, 900), (80, 900)), amber)
    school = (
        rect(210, 356, 180, 90, brown)
        + polygon(((196, 360), (300, 296), (404, 360)), brown)
        + rect(286, 250, 28, 60, brown)
        + polygon(((278, 254), (300, 226), (322, 254)), brown)
        + "".join(rect(x, 380, 20, 30, cream) for x in (228, 262, 318, 352))
    )
    woman = (
        shape(
            "M216 900C220 760 232 640 250 580C258 552 280 540 300 540S342 552 350 580C368 640 380 760 384 900Z",
            "#22130c",
        )
        + shape("M254 560C270 540 330 540 346 560L336 600 300 618 264 600Z", cream)
        + rect(286, 500, 28, 52, "#8a5534")
        + ellipse(300, 474, 42, 52, "#8a5534")
        + shape("M300 422A42 52 0 0 1 300 526Z", "#6f4227")
        + shape("M250 470C240 400 360 400 350 470C344 444 320 436 300 440S256 444 250 470Z", "#22130c")
        + circle(300, 408, 24, "#22130c")
        + stroke("M276 470H290M310 470H324", "#22130c", 5)
        + stroke("M290 500Q300 506 310 500", "#22130c", 4)
        + shape("M222 660L300 684 378 660V742L300 764 222 742Z", cream)
        + stroke("M300 684V764", rust, 6)
        + stroke("M240 690L284 704M240 712L284 726M360 690L316 704M360 712L316 726", brown, 5)
        + stroke("M256 600C226 640 220 690 234 726M344 600C374 640 380 690 366 726", "#22130c", 26, "round")
        + circle(234, 730, 14, "#8a5534")
        + circle(366, 730, 14, "#8a5534")
    )
    bars = "".join(
        stroke(f"M{x} {900}V{top}", "#120a06", 11)
        + polygon(((x - 13, top + 6), (x, top - 34), (x + 13, top + 6)), "#120a06")
        for x, top in ((18, 190), (54, 224), (90, 264), (126, 310), (160, 362))
    )
    scrolls = "".join(ring(x, y, 15, 7, "#120a06") for x, y in ((36, 560), (72, 560), (108, 560), (144, 560)))
    gate = (
        bars
        + scrolls
        + stroke("M0 530H172M0 590H172M0 300C60 320 120 380 168 440", "#120a06", 10)
        + rect(-700, 120, 700, 900, "#241309")
        + rect(-16, 120, 26, 900, "#120a06")
    )
    return sun + school + path + woman + mirrored(gate)


def gates_lockup(c: Palette) -> str:
    return (
        line("WITHIN OUR", 70, 40, 460, 50, Voice(10, 26, 9), c[2])
        + line("GATES", 70, 106, 460, 78, Voice(17, 40, 11), c[1])
        + rect(0, 846, 600, 54, "#120a06")
        + caption("Oscar Micheaux · 1920", 300, 880, 16, c[1])
    )


def soul_ground(c: Palette, width: int, height: int) -> str:
    return plain(c, width, height) + rect(width / 2, 0, width / 2, height, c[1])


def soul(c: Palette) -> str:
    """One face, lit from two sides; the cross becomes a bottle's shadow."""
    night, cream, black, red = c
    hat = "M120 250H480V276H120ZM188 250C190 150 210 110 236 104C262 120 338 120 364 104C390 110 410 150 412 250Z"
    head = "M196 276H404V430C404 520 352 590 300 590S196 520 196 430Z"
    coat = "M40 900C44 720 130 640 236 612L300 700 364 612C470 640 556 720 560 900Z"
    day, dark = (shape(hat + head + coat, colour) for colour in (black, cream))
    halves = clipped("right", '<path d="M300 0H1400V1300H300Z"/>', day) + clipped(
        "left", '<path d="M-800 0H300V1300H-800Z"/>', dark
    )
    left = (
        rect(188, 222, 112, 28, red)
        + shape("M226 352C240 332 274 332 286 352C270 366 240 366 226 352Z", night)
        + stroke("M216 326C236 308 270 308 290 326", night, 9)
        + stroke("M300 352L272 446C280 456 290 458 300 458", night, 9)
        + shape("M236 494C256 482 284 482 300 490V530C270 530 248 516 236 494Z", night)
        + shape("M250 500C266 494 286 494 300 498V508C280 510 262 508 250 500Z", cream)
        + polygon(((236, 612), (300, 700), (300, 640), (262, 600)), night)
        + rect(268, 620, 32, 18, red)
        + rect(158, 720, 14, 96, night)
        + rect(134, 744, 62, 14, night)
    )
    right = (
        rect(300, 222, 112, 28, red)
        + shape("M314 356L374 340C370 362 336 372 314 356Z", cream)
        + stroke("M312 332L384 312", cream, 10)
        + stroke("M300 352L328 446C320 456 310 458 300 458", cream, 9)
        + stroke("M300 512H356", cream, 9)
        + stroke("M384 420L366 470", red, 7)
        + polygon(((364, 612), (300, 700), (300, 640), (338, 600)), cream)
        + polygon(((300, 640), (326, 660), (312, 730), (300, 760)), red)
        + shape("M424 724H444V752C456 760 460 770 460 782V824H408V782C408 770 412 760 424 752Z", cream)
        + rect(408, 786, 52, 20, red)
    )
    return halves + left + right


def soul_lockup(c: Palette) -> str:
    return (
        line("BODY", 40, 36, 220, 54, Voice(14, 26, 8), c[1])
        + line("SOUL", 340, 36, 220, 54, Voice(14, 26, 8), c[0])
        + circle(300, 62, 28, c[3])
        + line("AND", 283, 55, 34, 15, Voice(3, 5, 3), c[1])
        + rect(0, 846, 600, 54, c[3])
        + caption("Paul Robeson · Oscar Micheaux · 1925", 300, 879, 15, c[1])
    )


MICHEAUX = {
    "within-our-gates": Design(gates_ground, gates, gates_lockup, (340, -75, 1)),
    "body-and-soul": Design(soul_ground, soul, soul_lockup, (340, -60, 1)),
}
