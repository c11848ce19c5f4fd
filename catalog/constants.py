"""Limits of the catalogue."""

from datetime import timedelta

SCHEDULE_AHEAD_MAX = timedelta(days=366)  # how far ahead a show can be scheduled
PRICE_MINOR_MAX = 100_000_000  # ten such seats still fit the database's column

POSTER_PIXELS = (780, 1170)  # at most, width and height, of pictures that we store
BACKDROP_PIXELS = (1280, 720)
PHOTO_PIXELS = (300, 450)
PHOTOS_MAX = 8  # people of an import whose photos are fetched: a person waits for it
PICTURES_SECONDS = 12  # after which an import goes on without the pictures that are missing

PAGE_SIZE = 24
DAYS_AHEAD = 14  # days that a film's or theatre's page leads to
