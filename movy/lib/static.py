"""Where static files lie: collected under names that may be kept for ever, or uncollected under their own."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """`collectstatic` makes hashed names and compressed copies; without it (`make run`) each file keeps its name.

    Our own modules name each other by these names too: a new one that met an old one for as long as a browser keeps
    it would not know it. Django can do that for all files, but packages bring some that name what they don't bring.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from "(?P<url>\./[^"]+)")""", 'from "%(url)s"'),)),
    )

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
