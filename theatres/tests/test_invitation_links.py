"""Links of invitations: a made-up one costs nothing, one whose time is over opens nothing."""

from __future__ import annotations

import pytest

from accounts.tests.factories import user_make
from movy.lib.clock import database_now
from theatres.constants import INVITATION_LIFE
from theatres.errors import InvitationGone
from theatres.models import Membership, Role
from theatres.people import invitation_accept, invitation_of, invitation_send, token_new
from theatres.tests.factories import TheatreFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("bend", [str.swapcase, lambda token: token[:-1], lambda token: token.partition(":")[0]])
def test_a_made_up_link_is_refused_before_the_database_is_asked(bend, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(InvitationGone):
        invitation_of(bend(token_new()))


def test_a_link_whose_time_is_over_makes_nobody_a_member():
    """Its page may have been open all the while."""
    user, theatre, token, now = user_make(), TheatreFactory(), token_new(), database_now()
    invitation_send(theatre=theatre, email=user.email, role=Role.MANAGER, invited_by=user_make(), token=token, now=now)
    with pytest.raises(InvitationGone):
        invitation_accept(token=token, user=user, now=now + INVITATION_LIFE)
    assert not Membership.objects.exists()
