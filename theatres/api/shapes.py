"""What the answers about theatres look like: in words, what outputs.py writes."""

from __future__ import annotations

from rest_framework import serializers

from movy.lib.money import EXPONENTS
from movy.lib.shapes import Shape


class TheatreBriefShape(Shape):
    """The part of a theatre that stands in films and showtimes."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    city = serializers.CharField()

    example = {"id": 1, "name": "Movy Marina", "city": "Lagos"}


class TheatreShape(TheatreBriefShape):
    """A cinema."""

    slug = serializers.CharField(help_text="`/theatres/{id}-{slug}` is its page.")
    country = serializers.CharField(help_text="Two letters, ISO 3166.")
    address = serializers.CharField(allow_blank=True)
    timezone = serializers.CharField(help_text="An IANA zone: what its days and hours mean.")
    currency = serializers.ChoiceField(choices=list(EXPONENTS), help_text="What its prices are in.")
    latitude = serializers.FloatField(allow_null=True, help_text="Degrees, north positive.")
    longitude = serializers.FloatField(allow_null=True, help_text="Degrees, east positive.")

    example = {
        **TheatreBriefShape.example,
        "slug": "movy-marina",
        "country": "NG",
        "address": "12 Marina Road, Lagos Island",
        "timezone": "Africa/Lagos",
        "currency": "NGN",
        "latitude": 6.4541,
        "longitude": 3.3947,
    }


class CategoryShape(Shape):
    """A kind of seat in a hall."""

    code = serializers.CharField()
    name = serializers.CharField()

    example = {"code": "regular", "name": "Regular"}


class ScreenShape(Shape):
    """A hall."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    seats_total = serializers.IntegerField()
    categories = CategoryShape(many=True)

    example = {"id": 4, "name": "Grand Hall", "seats_total": 420, "categories": [CategoryShape.example]}
