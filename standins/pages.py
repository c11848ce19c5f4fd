"""The look of the pages that stand-ins show to people: one style for phone and desktop, light and dark, no script."""

import base64
import hashlib
from html import escape
from pathlib import Path

from standins.http import Response, html_response

STYLE = (Path(__file__).parent / "pages.css").read_text()
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def page(
    title: str,
    body: str,
    *,
    notice: str,
    status: int = 200,
    form_targets: tuple[str, ...] = (),
    image_sources: tuple[str, ...] = (),
    width: str = "",
) -> Response:
    """Return a whole page. `body` is HTML, `title` and `notice` are text.

    notice: the line on top that says this is a stand-in. form_targets: origins that a form of this page may end up at,
    because browsers hold the redirect after a form to `form-action` as well. width: "wide" for tables.
    """
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{STYLE_HASH}'",
            " ".join(["img-src 'self' data:", *image_sources]),
            " ".join(["form-action 'self'", *form_targets]),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<div class="notice" role="note">{escape(notice)}</div>
<main class="{escape(width)}">
{body}
</main>
</body>
</html>
"""
    return html_response(html, status, {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})
