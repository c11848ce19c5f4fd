"""The endpoints under /api/v1/auth. Nothing here looks at a cookie."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.inputs import LoginInput, NameInput, RefreshInput, SignupInput
from accounts.api.outputs import sign_in_output, user_output
from accounts.api.tokens import session_key, sign_in, sign_up, tokens_refresh
from accounts.errors import EmailTaken
from accounts.models import User
from accounts.services import registration, session_end, user_rename


class SignupView(APIView):
    authentication_classes = []  # an old token in the client's hands is no reason to refuse

    def post(self, request: Request) -> Response:
        data = SignupInput(data=request.data)
        data.is_valid(raise_exception=True)
        try:
            user, tokens = sign_up(request._request, registration(**data.validated_data))
        except EmailTaken as error:
            raise serializers.ValidationError({"email": [ErrorDetail(str(error.message), error.code)]}) from error
        return Response(sign_in_output(user, tokens), status=status.HTTP_201_CREATED)


class LoginView(APIView):
    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = LoginInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(sign_in_output(*sign_in(request._request, **data.validated_data)))


class RefreshView(APIView):
    authentication_classes = []

    def post(self, request: Request) -> Response:
        data = RefreshInput(data=request.data)
        data.is_valid(raise_exception=True)
        return Response(asdict(tokens_refresh(data.validated_data["refresh_token"])))


class LogoutView(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request: Request) -> Response:
        session_end(session_key(cast(dict[str, str], request.auth)))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UserView(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        return Response(user_output(cast(User, request.user)))

    def patch(self, request: Request) -> Response:
        data = NameInput(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        user = cast(User, request.user)
        names = {"first_name": user.first_name, "last_name": user.last_name} | data.validated_data
        return Response(user_output(user_rename(user, **names)))
