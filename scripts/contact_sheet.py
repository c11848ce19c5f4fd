"""Every page at phone and desktop width, light and dark.

    python -m scripts.contact_sheet http://127.0.0.1:8000 FOLDER

Against a Movy with the demo (`make run`). It books, pays and cancels as ada@movy.test on the way, so that the pages
after paying are there too, and writes one PNG a page and a sheet of all of them for each width and scheme.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TILE = {360: 240, 1280: 420}
TILE_HEIGHT = 900  # pixels of a page that the sheet shows; each page's own picture shows all of it


def chromium() -> str:
    """Return the path of the browser that scripts/find-chromium finds."""
    return subprocess.run(["scripts/find-chromium"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607


def sign_in(page: Page, base: str, email: str) -> None:
    page.goto(f"{base}/auth/user/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", "movy-demo")
    page.click("main form:has([name=password]) button[type=submit]")
    page.wait_for_url(re.compile(rf"{re.escape(base)}/(?!auth/user/login).*"))


def hold(page: Page, base: str, showtime: str) -> str:
    """Hold two seats together and return the booking's address."""
    page.goto(f"{base}{showtime}")
    free = page.locator(".seat.free input")
    for place in (0, 1):
        free.nth(place).check(force=True)
    page.click("#hold")
    page.wait_for_url(re.compile(r"/bookings/[A-Z0-9]{10}$"))
    return page.url


def pay(page: Page) -> None:
    """From a held booking to its tickets, with the stand-in's good card."""
    page.click("form[action='/booking/pay'] button")
    page.wait_for_url(re.compile(r"/checkout/"))
    page.locator("button:has-text('4084 0840 8408 4081')").first.click()
    page.wait_for_url(re.compile(r"/bookings/|/verify-payment"))


def showtimes(page: Page, base: str) -> list[str]:
    """Return seat maps of three different films, from the pages as a visitor finds them."""
    page.goto(f"{base}/movies")
    films = [link.get_attribute("href") for link in page.locator(".poster-card h3 a").all()[:6]]
    found = []
    for film in films:
        page.goto(f"{base}{film}")
        page.locator(".days li a").last.click()  # far enough off to be cancelled
        links = page.locator("a.showtime")
        if links.count():
            found.append(links.last.get_attribute("href"))
    return [address for address in found if address]


def pages(page: Page, base: str) -> dict[str, str]:
    """Return name -> address of every kind of page, making the bookings that some of them are about."""
    shows = showtimes(page, base)
    page.goto(f"{base}/movies")
    film = page.locator(".poster-card h3 a").first.get_attribute("href")
    page.goto(f"{base}/theatres")
    theatre = page.locator("main a[href^='/theatres/']").first.get_attribute("href")
    found = {
        "home": f"{base}/",
        "home-city": f"{base}/?city=Lagos",
        "movies": f"{base}/movies",
        "movies-coming": f"{base}/movies?status=coming_soon",
        "movies-none": f"{base}/movies?search=zzzz",
        "movies-guess": f"{base}/movies?search=metropolos&language=en",
        "film": f"{base}{film}",
        "theatres": f"{base}/theatres",
        "theatres-near": f"{base}/theatres?near=6.43,3.42",
        "theatre": f"{base}{theatre}",
        "not-found": f"{base}/nothing",
        "login": f"{base}/auth/user/login",
        "signup": f"{base}/auth/user/signup",
        "forgot": f"{base}/auth/user/forgot-password",
        "google": f"{base}/auth/google",
        "login-guest": f"{base}/auth/user/login?next={shows[0]}%3Fseats%3DA1",
        "find-money": f"{base}/find-my-money",
        "find-booking": f"{base}/find-my-booking",
        "offline": f"{base}/offline",
    }
    sign_in(page, base, "ada@movy.test")
    found["seats"] = f"{base}{shows[0]}"
    found["held"] = hold(page, base, shows[1])
    confirmed = hold(page, base, shows[2])
    pay(page)
    found["confirmed"] = confirmed
    found["tickets"] = f"{confirmed}/ticket"
    found["cancel"] = confirmed.replace("/bookings/", "/cancel-booking/")
    gone = hold(page, base, shows[3])
    pay(page)
    page.goto(gone.replace("/bookings/", "/cancel-booking/"))
    page.click("main form button.danger")
    found["cancelled"] = gone
    page.goto(found["held"])
    page.click("form[action='/booking/pay'] button")
    page.wait_for_url(re.compile(r"/checkout/"))
    found["checkout"] = page.url
    found |= {"bookings": f"{base}/bookings", "account": f"{base}/auth/user"}
    found |= {name: f"{base}/auth/user/{name}" for name in ("sessions", "second-step", "password", "confirm-access")}
    found["waiting"] = f"{base}/verify-payment?reference={waiting_reference(page, found['held'])}"
    return found


def waiting_reference(page: Page, held: str) -> str:
    page.goto(held)
    link = page.locator("a[href*='/verify-payment?reference=']").first.get_attribute("href") or ""
    return link.rpartition("=")[2]


SIGNED_OUT = {"login", "signup", "forgot", "google", "login-guest"}


def shoot(browser: Browser, base: str, addresses: dict[str, str], state: Path, folder: Path) -> None:
    """Take every page's picture in each width and scheme, and lay them out on a sheet."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            files = []
            for name, address in addresses.items():
                options = {} if name in SIGNED_OUT else {"storage_state": str(state)}
                context = browser.new_context(
                    viewport={"width": width, "height": 800},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    **options,  # type: ignore[arg-type]
                )
                page = context.new_page()
                page.goto(address)
                page.evaluate(
                    "document.querySelectorAll('img[loading=lazy]').forEach((img) => { img.loading = 'eager'; })"
                )
                page.wait_for_load_state("networkidle")
                file = folder / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=str(file), full_page=True)
                overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if overflow > 0:
                    print(f"{name} at {width}: {overflow} pixels too wide")
                files.append((name, file))
                context.close()
            sheet(browser, files, folder / f"sheet-{width}-{scheme}.png", TILE[width])


def sheet(browser: Browser, files: list[tuple[str, Path]], target: Path, tile: int) -> None:
    figures = "".join(
        f"<figure><figcaption>{name}</figcaption><div><img src='{file.name}' width='{tile}'></div></figure>"
        for name, file in files
    )
    html = target.with_suffix(".html")
    style = f"body{{margin:16px;background:#888;font:14px sans-serif;width:{(tile + 16) * 6}px}}"
    style += (
        f"figure{{display:inline-block;vertical-align:top;margin:8px}}div{{max-height:{TILE_HEIGHT}px;overflow:hidden}}"
    )
    html.write_text(f"<meta charset=utf-8><style>{style}</style>{figures}")
    page = browser.new_page(viewport={"width": (tile + 16) * 6 + 32, "height": 800})
    page.goto(html.resolve().as_uri())
    page.screenshot(path=str(target), full_page=True)
    page.close()
    html.unlink()


def main(base: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state.json"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        addresses = pages(page, base.rstrip("/"))
        page.context.storage_state(path=str(state))
        shoot(browser, base, addresses, state, folder)
        browser.close()
    state.unlink()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
