"""What the endpoints of accounts take."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

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


class SignupInput(NameInput):
    email = EmailField(max_length=254)
    password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user = User(email=attrs["email"], first_name=attrs["first_name"], last_name=attrs["last_name"])
        password_check(attrs["password"], user)
        return attrs


class LoginInput(serializers.Serializer[Any]):
    email = EmailField()
    password = PasswordField()


class GoogleInput(serializers.Serializer[Any]):
    id_token = TextField(max_length=TOKEN_LENGTH)


class RefreshInput(serializers.Serializer[Any]):
    refresh_token = TextField(max_length=TOKEN_LENGTH)


class LogoutInput(serializers.Serializer[Any]):
    refresh_token = TextField(max_length=TOKEN_LENGTH, required=False, default="")


class ForgotPasswordInput(serializers.Serializer[Any]):
    email = EmailField(max_length=254)


class KeyInput(serializers.Serializer[Any]):
    """What a link in a mail ends with."""

    key = TextField(max_length=KEY_LENGTH)


class ResetPasswordInput(KeyInput):
    password = PasswordField()


def password_check(password: str, user: User) -> None:
    """Raises ValidationError, about the field `password`, for one that is easy to guess; also from its owner's name."""
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        raise serializers.ValidationError(
            {"password": [ErrorDetail(message, "invalid") for message in error.messages]}
        ) from error
