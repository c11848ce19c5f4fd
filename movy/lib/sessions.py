"""Django's sessions in the database, with a database that is away told from a session that is gone."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

from movy.lib.db import is_database_away


class SessionStore(db.SessionStore):
    def save(self, must_create: bool = False) -> None:
        """Raise UpdateError for a session that was ended meanwhile, for which Django's middleware answers 400; but what
        the database itself raised when that could not be reached."""
        try:
            super().save(must_create)
        except UpdateError as error:
            cause = error.__context__
            if cause is not None and is_database_away(cause):
                raise cause from None
            raise
