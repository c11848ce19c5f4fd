"""What the endpoints of accounts take."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.shapes import TokensShape
from accounts.models import User, email_normal
from movy.lib.inputs import TextField

PASSWORD_LENGTH = 1024  # signs; hashing a megabyte would be work for nothing
TOKEN_LENGTH = 8 * 1024  # signs; ours have some 300, Google's some 1,200
KEY_LENGTH = 200  # signs; those in our mails have some 60


class EmailField(TextField, serializers.EmailField):
    def to_internal_value(self, data: Any) -> str:
        return email_normal(super().to_internal_value(data))


class PasswordField(TextField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=PASSWORD_LENGTH, **kwargs)


class NameInput(serializers.Serializer[Any]):
    first_name = TextField(max_length=150)
    last_name = TextField(max_length=150)

    example: ClassVar[dict[str, Any]] = {"first_name": "Efe", "last_name": "Adeleke"}


class SignupInput(NameInput):
    email = EmailField(max_length=254)
    password = PasswordField(help_text="At least 8 characters, not one of the common ones, not the e-mail or the name.")

    example = {**NameInput.example, "email": "efe@example.com", "password": "four words in a row"}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user = User(email=attrs["email"], first_name=attrs["first_name"], last_name=attrs["last_name"])
        password_check(attrs["password"], user)
        return attrs


class LoginInput(serializers.Serializer[Any]):
    email = EmailField()
    password = PasswordField()

    example = {"email": "efe@example.com", "password": "four words in a row"}


class GoogleInput(serializers.Serializer[Any]):
    id_token = TextField(
        max_length=TOKEN_LENGTH, help_text="From Google's SDK, asked for with our web client id as its audience."
    )

    example = {"id_token": "eyJhbGciOiJSUzI1NiIsImtpZCI6IjBhZDFmZWM3In0.eyJzdWIiOiIxMTAxNjkifQ.Fq3w"}


class RefreshInput(serializers.Serializer[Any]):
    refresh_token = TextField(max_length=TOKEN_LENGTH)

    example = {"refresh_token": TokensShape.example["refresh_token"]}


class LogoutInput(serializers.Serializer[Any]):
    refresh_token = TextField(
        max_length=TOKEN_LENGTH, required=False, default="", help_text="Not needed beside an access token that lives."
    )

    example = RefreshInput.example


class ForgotPasswordInput(serializers.Serializer[Any]):
    email = EmailField(max_length=254)

    example = {"email": "efe@example.com"}


class ConfirmEmailInput(serializers.Serializer[Any]):
    key = TextField(max_length=KEY_LENGTH, help_text="What the link in the mail ends with.")

    example = {"key": "Nw:1vMZtN:4F0yY9cD2Zc2gkW2b3hKp1Q5rX8uT6sVnA7eJ9mL0oI"}


class ResetPasswordInput(serializers.Serializer[Any]):
    key = TextField(max_length=KEY_LENGTH, help_text="What the link in the mail ends with.")
    password = PasswordField(help_text="The new one, with the rules of signing up.")

    example = {"key": "7-d0rm2v-3f1c9a7e5b2d4c6f8a0b1c2d3e4f5a6b", "password": "another four words there"}


def password_check(password: str, user: User) -> None:
    """Raises ValidationError, about the field `password`, for one that is easy to guess; also from its owner's name."""
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise serializers.ValidationError(
            {"password": [ErrorDetail(message, "invalid") for message in error.messages]}
        ) from error
