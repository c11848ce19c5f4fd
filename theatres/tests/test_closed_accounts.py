"""Whose account is closed works nowhere, also while a role or a session is still there."""

from __future__ import annotations

import pytest

from accounts.tests.factories import user_make
from theatres.models import Role, Theatre
from theatres.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_owner", [False, True])
def test_whose_account_is_closed_has_no_rows_left(is_owner):
    user = user_make(is_superuser=is_owner)
    theatre = MembershipFactory(user=user, role=Role.MANAGER).theatre
    assert list(Theatre.objects.visible_to(user)) == [theatre]
    user.is_active = False
    assert not Theatre.objects.visible_to(user).exists()
