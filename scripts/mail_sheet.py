"""Every mail as phones and desktops show it, light and dark.

    python -m pytest payments/tests/test_every_mail.py -n 0 --basetemp FOLDER
    python -m scripts.mail_sheet FOLDER

The test writes each mail's HTML into its folder; this writes a sheet of all of them for each width and scheme. No
network: what a mail would load from elsewhere is missing here too, as in programs that load no pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.contact_sheet import FLAGS, SCHEMES, chromium, sheet

WIDTHS = (360, 700)


def main(folder: Path) -> None:
    mails = sorted(folder.rglob("*.html"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for width in WIDTHS:
            for scheme in SCHEMES:
                context = browser.new_context(
                    viewport={"width": width, "height": 400},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    offline=True,
                )
                page, files = context.new_page(), []
                for mail in mails:
                    page.goto(mail.resolve().as_uri())
                    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                    if overflow > 0:
                        print(f"{mail.stem} at {width}: {overflow} pixels too wide")
                    file = folder / f"{mail.stem}-{width}-{scheme}.png"
                    page.screenshot(path=str(file), full_page=True)
                    files.append((mail.stem, file))
                sheet(browser, files, folder / f"sheet-{width}-{scheme}.png", width)
                context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
