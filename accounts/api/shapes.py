"""What the endpoints of accounts answer, for the schema."""

from __future__ import annotations

from rest_framework import serializers

from movy.lib.shapes import Shape


class UserShape(Shape):
    """A person, as they see themselves."""

    id = serializers.IntegerField()
    email = serializers.EmailField(help_text="In lower case.")
    email_verified = serializers.BooleanField(help_text="Asked for by mail; nothing waits for it.")
    first_name = serializers.CharField(allow_blank=True, help_text="Blank for somebody whose Google account has none.")
    last_name = serializers.CharField(allow_blank=True)

    example = {
        "id": 7,
        "email": "efe@example.com",
        "email_verified": False,
        "first_name": "Efe",
        "last_name": "Adeleke",
    }


class TokensShape(Shape):
    """What to sign calls with, and to get the next pair with."""

    access_token = serializers.CharField(help_text="Goes into `Authorization: Bearer …`. Dies with its sign-in.")
    refresh_token = serializers.CharField(
        help_text="Good for 30 days, and once: used a second time it ends its sign-in, because it is in two hands."
    )
    token_type = serializers.ChoiceField(choices=["Bearer"])
    expires_in = serializers.IntegerField(min_value=1, help_text="Seconds that the access token lives.")

    example = {
        "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3In0.x3Yk",
        "refresh_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3In0.q8Zw",
        "token_type": "Bearer",
        "expires_in": 1800,
    }


class SignInShape(TokensShape):
    """Somebody who has signed in."""

    user = UserShape()

    example = {"user": UserShape.example, **TokensShape.example}
