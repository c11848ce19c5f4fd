"""What JSON looks like, as serializers that are never run: the answers are plain dicts, for speed, and these describe
them. tests/schema holds the two together."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from rest_framework import serializers

from movy.lib.money import EXPONENTS


class Shape(serializers.Serializer[Any]):
    """An object of an answer. Every field is always there, and null or blank only where it says so.

    `example` is a whole one, with values that belong together; the docstring is public.
    """

    example: ClassVar[dict[str, Any]]


class MoneyShape(Shape):
    """An amount in the currency's smallest unit as Paystack counts it: 350000 NGN are ₦3,500."""

    amount = serializers.IntegerField(help_text="In kobo, pesewas, cents.")
    currency = serializers.ChoiceField(choices=list(EXPONENTS), help_text="ISO 4217.")

    example = {"amount": 350_000, "currency": "NGN"}


class FieldErrorShape(Shape):
    """What is wrong with one field."""

    field = serializers.CharField(
        allow_blank=True, help_text="Nested ones with dots: `seats.0`. Empty: the whole of what was sent."
    )
    code = serializers.CharField(help_text="Such as `required`, `invalid`, `max_value`.")
    message = serializers.CharField(help_text="A sentence for people.")

    example = {"field": "showtime", "code": "required", "message": "This field is required."}


class InvalidShape(Shape):
    """What a refusal with the code `invalid` tells besides."""

    errors = FieldErrorShape(  # type: ignore[assignment]  # its name is taken, among serializers that run
        many=True, help_text="With `invalid`: the fields that need another look."
    )

    example = {"errors": [FieldErrorShape.example]}


class ProblemShape(Shape):
    """A refusal, as RFC 9457 has it. Go by `code`; show `detail`."""

    type = serializers.CharField(help_text="Always `about:blank`.")
    title = serializers.CharField(help_text="What the status means.")
    status = serializers.IntegerField(help_text="The HTTP status once more.")
    detail = serializers.CharField(help_text="A sentence for people that says what to do next.")
    code = serializers.CharField(help_text="Stable: what programs go by.")


@cache
def list_of(shape: type[Shape]) -> type[Shape]:
    """Return the shape of a page of a list."""
    fields = {
        "__doc__": "A page of a list. Follow `next` until it is null.",
        "next": serializers.URLField(allow_null=True, help_text="The next page's address."),
        "previous": serializers.URLField(allow_null=True, help_text="The previous page's address."),
        "results": shape(many=True),
        "example": {"next": None, "previous": None, "results": [shape.example]},
    }
    return type(f"{shape.__name__.removesuffix('Shape')}ListShape", (Shape,), fields)


@cache
def one_of(name: str, shape: type[Shape]) -> type[Shape]:
    """Return the shape of {name: thing}, the answer to a POST that made or changed a thing."""
    fields = {"__doc__": shape.__doc__, name: shape(), "example": {name: shape.example}}
    return type(f"{shape.__name__.removesuffix('Shape')}AnswerShape", (Shape,), fields)
