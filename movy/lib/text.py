"""Text as it is compared."""

from __future__ import annotations

import unicodedata


def search_form(text: str) -> str:
    """Return a text as it is searched: without accents, in lower case. Both databases then agree on what matches."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
