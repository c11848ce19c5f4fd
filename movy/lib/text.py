"""Text as it is compared, and as it stands in mails."""

from __future__ import annotations

import re
import textwrap
import unicodedata

MAIL_WIDTH = 72  # signs in a line of a mail's text, which many programs show as it is


def mail_text(text: str) -> str:
    """Return a mail's text in lines of MAIL_WIDTH, paragraphs one blank line apart. An address stays whole: a broken
    one leads nowhere."""
    lines = (
        textwrap.fill(line, MAIL_WIDTH, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def search_form(text: str) -> str:
    """Return a text as it is searched: without accents, in lower case. Both databases then agree on what matches."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
