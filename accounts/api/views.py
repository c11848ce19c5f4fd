"""The endpoints under /api/v1/auth. Nothing here looks at a cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import cast

from allauth.account.internal.flows.password_reset import finalize_password_reset
from allauth.account.models import get_emailconfirmation_model
from allauth.headless.constants import Client
from allauth.headless.internal.decorators import mark_request_as_headless
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail, NotAuthenticated
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import bearer_token
from accounts.api.inputs import (
    ForgotPasswordInput,
    GoogleInput,
    KeyInput,
    LoginInput,
    LogoutInput,
    NameInput,
    RefreshInput,
    ResetPasswordInput,
    SignupInput,
    password_check,
)
from accounts.api.outputs import sign_in_output, user_output
from accounts.api.tokens import limit_check, sign_in, sign_in_by_google, sign_out, sign_up, tokens_refresh
from accounts.errors import EmailTaken, InvalidKey
from accounts.forms import ResetPasswordForm
from accounts.models import User
from accounts.selectors import reset_key_owner
from accounts.services import password_reset, registration, user_rename
from movy.lib.errors import DomainError


class SignupView(APIView):
    authentication_classes = []  # an old token in the client's hands is no reason to refuse

    def post(self, request: Request) -> Response:
        data = SignupInput(data=request.data)
        data.is_valid(raise_exception=True)
        with said_of("email", EmailTaken):
            user, tokens = sign_up(request._request, registration(**data.validated_data))
        return Response(sign_in_output(user, tokens), status=status.HTTP_201_CREATED)


class LoginView(APIView):
    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = LoginInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(sign_in_output(*sign_in(request._request, **data.validated_data)))


class GoogleView(APIView):
    """Sign in with what Google's SDK gave the app."""

    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = GoogleInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(sign_in_output(*sign_in_by_google(request._request, data.validated_data["id_token"])))


class RefreshView(APIView):
    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = RefreshInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(asdict(tokens_refresh(data.validated_data["refresh_token"])))


class LogoutView(APIView):
    """End a sign-in with either of its tokens."""

    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = LogoutInput(data=request.data)
        data.is_valid(raise_exception=True)
        access_token, refresh_token = bearer_token(request), data.validated_data["refresh_token"]
        if not access_token and not refresh_token:
            raise NotAuthenticated
        sign_out(access_token=access_token, refresh_token=refresh_token)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ForgotPasswordView(APIView):
    """Send a mail with a key for a new password. What is answered, and when, tells nothing about the e-mail: one that
    has no account gets a mail that says so."""

    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = ForgotPasswordInput(data=request.data)
        data.is_valid(raise_exception=True)
        limit_check(request._request, "reset_password", key=data.validated_data["email"])
        form = ResetPasswordForm(data.validated_data)
        if form.is_valid():
            form.save(request._request)
        return Response(status=status.HTTP_202_ACCEPTED)


class ResetPasswordView(APIView):
    """Set a new password with the key out of a mail. Every sign-in of that person ends."""

    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = ResetPasswordInput(data=request.data)
        data.is_valid(raise_exception=True)
        limit_check(request._request, "reset_password_from_key")
        mark_request_as_headless(request._request, Client.APP)
        key, password = data.validated_data["key"], data.validated_data["password"]
        with said_of("key", InvalidKey):
            user = reset_key_owner(key)
            password_check(password, user)
            password_reset(user, password=password)
        finalize_password_reset(request._request, user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ConfirmEmailView(APIView):
    """Confirm an e-mail with the key out of a mail, for apps that open the mail's link themselves."""

    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = KeyInput(data=request.data)
        data.is_valid(raise_exception=True)
        mark_request_as_headless(request._request, Client.APP)
        confirmation = get_emailconfirmation_model().from_key(data.validated_data["key"])
        with said_of("key", InvalidKey):
            if confirmation is None or not confirmation.confirm(request._request):
                raise InvalidKey
        return Response(status=status.HTTP_204_NO_CONTENT)


class UserView(APIView):
    """The user's own record. Deleting it is everybody's business: movy/closing.py."""

    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        return Response(user_output(cast(User, request.user)))

    def patch(self, request: Request) -> Response:
        data = NameInput(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        user = cast(User, request.user)
        names = {"first_name": user.first_name, "last_name": user.last_name} | data.validated_data
        return Response(user_output(user_rename(user, **names)))


@contextmanager
def said_of(field: str, refusal: type[DomainError]) -> Iterator[None]:
    """Tell of a refusal as of a field that needs another look, under its own code."""
    try:
        yield
    except refusal as error:
        raise serializers.ValidationError({field: [ErrorDetail(str(error.message), error.code)]}) from error
