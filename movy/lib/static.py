"""Where static files lie: collected under names that may be kept for ever, or uncollected under their own."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """`collectstatic` makes hashed names and compressed copies; without it (`make run`) each file keeps its name."""

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
