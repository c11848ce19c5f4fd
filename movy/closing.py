"""Closing an account. It is here because every app has something of a person, and none below may know the others."""

from __future__ import annotations

from typing import cast

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import UserView
from accounts.models import User
from accounts.services import user_delete
from bookings.forgetting import buyer_forget
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from theatres.services import memberships_end


def account_close(user_id: int) -> None:
    """Keep what the books need of a person, and forget the person: all of it or nothing. Opens its own transaction.

    Unpaid holds are let go; tickets that were paid stay good for whoever has their codes. Raises LastManager and
    LastOwner.
    """
    now = database_now()

    def close() -> None:
        buyer_forget(user_id=user_id, now=now)
        memberships_end(user_id=user_id)
        user_delete(user_id)

    run_in_transaction(close, find=again)


class AccountView(UserView):
    """The user's own record, with its end."""

    def delete(self, request: Request) -> Response:
        account_close(cast(User, request.user).pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
