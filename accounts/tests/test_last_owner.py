"""Somebody has to be left who can let others in."""

from __future__ import annotations

import pytest

from accounts.errors import LastOwner
from accounts.services import user_delete
from accounts.tests.factories import user_make

pytestmark = pytest.mark.django_db


def test_the_last_owner_whose_account_is_open_stays():
    owner = user_make(is_superuser=True)
    user_make(is_superuser=True, is_active=False)
    with pytest.raises(LastOwner):
        user_delete(owner.pk)
    user_make(is_superuser=True)
    user_delete(owner.pk)
    owner.refresh_from_db()
    assert not owner.is_active
