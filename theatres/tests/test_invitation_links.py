"""A made-up link costs nothing: its signature is looked at before the database."""

from __future__ import annotations

import pytest

from theatres.errors import InvitationGone
from theatres.people import invitation_of, token_new


@pytest.mark.django_db
@pytest.mark.parametrize("bend", [str.swapcase, lambda token: token[:-1], lambda token: token.partition(":")[0]])
def test_a_made_up_link_is_refused_before_the_database_is_asked(bend, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(InvitationGone):
        invitation_of(bend(token_new()))
