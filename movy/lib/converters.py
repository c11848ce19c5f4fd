"""Parts of addresses."""

from __future__ import annotations


class IdSlugConverter:
    """`7` or `7-the-general`: the id decides, the words are for people and may be old or wrong."""

    regex = r"[0-9]{1,18}(?:-[-a-zA-Z0-9_]*)?"

    def to_python(self, value: str) -> int:
        return int(value.partition("-")[0])

    def to_url(self, value: int | str) -> str:
        return str(value)
