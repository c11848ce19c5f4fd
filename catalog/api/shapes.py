"""What the answers about films and showings look like: in words, what outputs.py writes."""

from __future__ import annotations

from rest_framework import serializers

from catalog.models import ShowtimeStatus
from movy.lib.shapes import MoneyShape, Shape
from theatres.api.shapes import TheatreBriefShape

BASE_URL = "https://movy.example"


class NextShowtimeShape(Shape):
    """The soonest showing of a film."""

    id = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    timezone = serializers.CharField(help_text="The theatre's IANA zone.")
    theatre = TheatreBriefShape()

    example = {
        "id": 812,
        "starts_at": "2026-11-22T18:30:00Z",
        "timezone": "Africa/Lagos",
        "theatre": TheatreBriefShape.example,
    }


class MovieShape(Shape):
    """A film, as lists show it."""

    id = serializers.IntegerField()
    slug = serializers.CharField(help_text="`/movies/{id}-{slug}` is its page.")
    title = serializers.CharField()
    tagline = serializers.CharField(allow_blank=True)
    overview = serializers.CharField(allow_blank=True)
    poster_url = serializers.URLField(allow_null=True)
    backdrop_url = serializers.URLField(allow_null=True)
    runtime_minutes = serializers.IntegerField(allow_null=True)
    release_date = serializers.DateField(allow_null=True)
    certification = serializers.CharField(allow_blank=True, help_text="Who may see it, such as `PG` or `18`.")
    language = serializers.CharField(allow_blank=True, help_text="What is spoken, ISO 639, such as `en`.")
    genres = serializers.ListField(child=serializers.CharField())
    next_showtime = NextShowtimeShape(allow_null=True, help_text="Null when it is only announced.")
    from_price = MoneyShape(allow_null=True, help_text="The lowest price of an adult.")

    example = {
        "id": 7,
        "slug": "the-general",
        "title": "The General",
        "tagline": "Love, locomotives and laughs",
        "overview": "An engine driver goes after the spies who stole his locomotive.",
        "poster_url": f"{BASE_URL}/media/posters/the-general.jpg",
        "backdrop_url": None,
        "runtime_minutes": 79,
        "release_date": "1926-12-25",
        "certification": "PG",
        "language": "en",
        "genres": ["Action", "Comedy"],
        "next_showtime": NextShowtimeShape.example,
        "from_price": MoneyShape.example,
    }


class CastShape(Shape):
    """Who plays whom."""

    name = serializers.CharField()
    character = serializers.CharField(allow_blank=True)
    photo_url = serializers.URLField(allow_null=True)

    example = {"name": "Buster Keaton", "character": "Johnnie Gray", "photo_url": None}


class MovieFullShape(MovieShape):
    """A film with its people, and where it can be booked."""

    cast = CastShape(many=True)
    director = serializers.CharField(allow_blank=True, help_text="Several with commas between.")
    trailer_url = serializers.URLField(allow_null=True)
    theatres = TheatreBriefShape(many=True)

    example = {
        **MovieShape.example,
        "cast": [CastShape.example],
        "director": "Buster Keaton, Clyde Bruckman",
        "trailer_url": None,
        "theatres": [TheatreBriefShape.example],
    }


class GenreShape(Shape):
    """A kind of film. Filters take its name."""

    id = serializers.IntegerField()
    name = serializers.CharField()

    example = {"id": 3, "name": "Comedy"}


class ShowtimeMovieShape(Shape):
    """The part of a film that stands in a showing."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    poster_url = serializers.URLField(allow_null=True)
    runtime_minutes = serializers.IntegerField(allow_null=True)

    example = {name: MovieShape.example[name] for name in ("id", "title", "poster_url", "runtime_minutes")}


class ShowtimeScreenShape(Shape):
    """The part of a hall that stands in a showing."""

    id = serializers.IntegerField()
    name = serializers.CharField()

    example = {"id": 4, "name": "Grand Hall"}


class ShowtimeBriefShape(Shape):
    """The part of a showing that stands in a booking."""

    id = serializers.IntegerField()
    movie = ShowtimeMovieShape()
    theatre = TheatreBriefShape()
    screen = ShowtimeScreenShape()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    timezone = serializers.CharField(help_text="The theatre's IANA zone.")
    format = serializers.CharField(allow_blank=True, help_text="Such as `2D` or `3D`.")
    language = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=ShowtimeStatus.choices, help_text="`draft`: its theatre's people see it.")

    example = {
        "id": 812,
        "movie": ShowtimeMovieShape.example,
        "theatre": TheatreBriefShape.example,
        "screen": ShowtimeScreenShape.example,
        "starts_at": "2026-11-22T18:30:00Z",
        "ends_at": "2026-11-22T19:49:00Z",
        "timezone": "Africa/Lagos",
        "format": "2D",
        "language": "en",
        "status": "on_sale",
    }


class ShowtimeShape(ShowtimeBriefShape):
    """A showing, with how many of its seats are left."""

    sales_open = serializers.BooleanField()
    sales_close_at = serializers.DateTimeField()
    seats_total = serializers.IntegerField()
    seats_free = serializers.IntegerField()
    from_price = MoneyShape(allow_null=True, help_text="The lowest price of an adult.")

    example = {
        **ShowtimeBriefShape.example,
        "sales_open": True,
        "sales_close_at": "2026-11-22T18:30:00Z",
        "seats_total": 420,
        "seats_free": 397,
        "from_price": MoneyShape.example,
    }
