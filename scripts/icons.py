"""The mark as PNG, for phones that take no SVG on their home screen. Run again when static/img/mark.svg changes:

python -m scripts.icons
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.contact_sheet import FLAGS, chromium

IMG = Path(__file__).parent.parent / "static" / "img"
GROUND = "#17141a"  # the mark's own, out to the corners: a phone cuts them as it likes
SIDES = {"icon-180.png": 180, "icon-512.png": 512}
SAFE = 0.8  # of the side is always shown (W3C, maskable icons)


def main() -> None:
    mark = (IMG / "mark.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, side in SIDES.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            inner = round(side * SAFE)
            page.set_content(
                f"<style>body {{ margin: 0; height: 100vh; display: grid; place-items: center; background: {GROUND} }}"
                f" svg {{ width: {inner}px; height: {inner}px }}</style>{mark}"
            )
            page.screenshot(path=IMG / name)
        browser.close()


if __name__ == "__main__":
    main()
