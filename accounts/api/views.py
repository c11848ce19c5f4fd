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
from rest_framework.exceptions import ErrorDetail
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import bearer_token
from accounts.api.inputs import (
    ConfirmEmailInput,
    ForgotPasswordInput,
    GoogleInput,
    LoginInput,
    LogoutInput,
    NameInput,
    RefreshInput,
    ResetPasswordInput,
    SignupInput,
    password_check,
)
from accounts.api.outputs import sign_in_output, user_output
from accounts.api.shapes import SignInShape, TokensShape, UserShape
from accounts.api.tokens import limit_check, sign_in, sign_in_by_google, sign_out, sign_up, tokens_refresh
from accounts.errors import (
    EmailTaken,
    GoogleUnavailable,
    InvalidCredentials,
    InvalidKey,
    InvalidToken,
    SecondFactorNeeded,
    TooManyTries,
)
from accounts.forms import ResetPasswordForm
from accounts.models import User
from accounts.selectors import reset_key_owner
from accounts.services import password_reset, registration, user_rename
from movy.lib.errors import DomainError, NotFound
from movy.lib.inputs import body_read
from movy.lib.refusals import invalid
from movy.lib.schema import Answer, operation

EMAIL_TAKEN = invalid("email", EmailTaken.code, str(EmailTaken.message))
WEAK_PASSWORD = invalid("password", "invalid", "This password is too short. It must contain at least 8 characters.")
INVALID_KEY = invalid("key", InvalidKey.code, str(InvalidKey.message))


class SignupView(APIView):
    authentication_classes = []  # an old token in the client's hands is no reason to refuse

    @operation(
        "sign_up",
        "Make an account",
        description="And sign in. A mail asks to confirm the e-mail; nothing waits for that.",
        body=SignupInput,
        answers={201: Answer("Signed in.", SignInShape)},
        refusals=[EMAIL_TAKEN, WEAK_PASSWORD, TooManyTries],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, SignupInput)
        with said_of("email", EmailTaken):
            user, tokens = sign_up(request._request, registration(**wish))
        return Response(sign_in_output(user, tokens), status=status.HTTP_201_CREATED)


class LoginView(APIView):
    authentication_classes = []

    @operation(
        "sign_in",
        "Sign in",
        description="A wrong password, an unknown e-mail and a closed account are not told apart. After 5 failures an"
        " account has to wait 5 minutes. One with a second factor signs in on the website: it is told so once the"
        " password is right.",
        body=LoginInput,
        answers={200: Answer("Signed in.", SignInShape)},
        refusals=[InvalidCredentials, SecondFactorNeeded, TooManyTries],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, LoginInput)
        return Response(sign_in_output(*sign_in(request._request, **wish)))


class GoogleView(APIView):
    """Sign in with what Google's SDK gave the app."""

    authentication_classes = []

    @operation(
        "sign_in_by_google",
        "Sign in by Google",
        description="Somebody new gets an account, if Google has verified their e-mail. An account with that e-mail"
        " opens too, but not one with a role in a theatre: its owner connects Google on the website first. A token"
        " works once.",
        body=GoogleInput,
        answers={200: Answer("Signed in.", SignInShape)},
        refusals=[InvalidToken, SecondFactorNeeded, NotFound, TooManyTries, GoogleUnavailable],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, GoogleInput)
        return Response(sign_in_output(*sign_in_by_google(request._request, wish["id_token"])))


class RefreshView(APIView):
    authentication_classes = []

    @operation(
        "refresh",
        "A new pair of tokens",
        description="Store the pair before anything else. A refresh token that comes twice ends its sign-in, also when"
        " both come at the same moment: let one place in your app refresh.",
        body=RefreshInput,
        answers={200: Answer("The new pair; the old refresh token is used.", TokensShape)},
        refusals=[InvalidToken],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, RefreshInput)
        return Response(asdict(tokens_refresh(wish["refresh_token"])))


class LogoutView(APIView):
    """End a sign-in with either of its tokens."""

    authentication_classes = []

    @operation(
        "sign_out",
        "Sign out",
        description="Send either token of the sign-in: `Authorization: Bearer ACCESS_TOKEN`, or the refresh token in"
        " the body where the other has run out. Both are worth nothing after.",
        body=LogoutInput,
        answers={204: Answer("Signed out.")},
        refusals=[InvalidToken],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, LogoutInput)
        sign_out(access_token=bearer_token(request), refresh_token=wish["refresh_token"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class ForgotPasswordView(APIView):
    """Send a mail with a key for a new password. What is answered, and when, tells nothing about the e-mail: one that
    has no account gets a mail that says so."""

    authentication_classes = []

    @operation(
        "forgot_password",
        "Ask for a new password",
        description="The same answer for every e-mail. The mail has a link to a page, which ends in the key for"
        " `/auth/user/reset-password`. 5 mails a minute for an e-mail.",
        body=ForgotPasswordInput,
        answers={202: Answer("A mail is on its way.")},
        refusals=[TooManyTries],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, ForgotPasswordInput)
        limit_check(request._request, "reset_password", key=wish["email"])
        form = ResetPasswordForm(wish)
        if form.is_valid():
            form.save(request._request)
        return Response(status=status.HTTP_202_ACCEPTED)


class ResetPasswordView(APIView):
    """Set a new password with the key out of a mail. Every sign-in of that person ends."""

    authentication_classes = []

    @operation(
        "reset_password",
        "Set a new password",
        description="Every sign-in of that person ends, on every device. A key works once, and not for long.",
        body=ResetPasswordInput,
        answers={204: Answer("The password is set. Sign in with it.")},
        refusals=[INVALID_KEY, WEAK_PASSWORD, TooManyTries],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, ResetPasswordInput)
        limit_check(request._request, "reset_password_from_key")
        mark_request_as_headless(request._request, Client.APP)
        key, password = wish["key"], wish["password"]
        with said_of("key", InvalidKey):
            user = reset_key_owner(key)
            password_check(password, user)
            password_reset(user, password=password)
        finalize_password_reset(request._request, user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ConfirmEmailView(APIView):
    """Confirm an e-mail with the key out of a mail, for apps that open the mail's link themselves."""

    authentication_classes = []

    @operation(
        "confirm_email",
        "Confirm an e-mail",
        description="For apps that open the link in the mail themselves: it ends in the key.",
        body=ConfirmEmailInput,
        answers={204: Answer("Confirmed.")},
        refusals=[INVALID_KEY],
    )
    def post(self, request: Request) -> Response:
        wish = body_read(request, ConfirmEmailInput)
        mark_request_as_headless(request._request, Client.APP)
        confirmation = get_emailconfirmation_model().from_key(wish["key"])
        with said_of("key", InvalidKey):
            if confirmation is None or not confirmation.confirm(request._request):
                raise InvalidKey
        return Response(status=status.HTTP_204_NO_CONTENT)


class UserView(APIView):
    """The user's own record. Deleting it is everybody's business: movy/closing.py."""

    permission_classes = [IsAuthenticated]

    @operation("user", "Who I am", answers={200: Answer("The signed-in person.", UserShape)})
    def get(self, request: Request) -> Response:
        return Response(user_output(cast(User, request.user)))

    @operation(
        "user_rename",
        "Change my name",
        description="Either field can be left out. Line ends in a name become blanks.",
        body=NameInput,
        answers={200: Answer("The person, renamed.", UserShape)},
    )
    def patch(self, request: Request) -> Response:
        wish = body_read(request, NameInput, partial=True)
        user = cast(User, request.user)
        names = {"first_name": user.first_name, "last_name": user.last_name} | wish
        return Response(user_output(user_rename(user, **names)))


@contextmanager
def said_of(field: str, refusal: type[DomainError]) -> Iterator[None]:
    """Tell of a refusal as of a field that needs another look, under its own code."""
    try:
        yield
    except refusal as error:
        raise serializers.ValidationError({field: [ErrorDetail(str(error.message), error.code)]}) from error
