"""Why something in a theatre's house isn't done."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from movy.lib.errors import DomainError


class LastManager(DomainError):
    """theatres: the names of those that nobody else manages."""

    code = "last_manager"
    message = _("Nobody else manages a theatre of yours. Let somebody else be a manager there first.")

    def __init__(self, theatres: Sequence[str]) -> None:
        super().__init__(theatres=list(theatres))


class NoManagerLeft(DomainError):
    code = "no_manager_left"
    message = _("A theatre needs somebody who manages it. Make another person a manager first.")


class OwnRole(DomainError):
    code = "own_role"
    message = _("You can't take away your own role. Ask another manager to do it.")


class AlreadyOnTheList(DomainError):
    code = "already_on_the_list"
    message = _("This person is on the list already. Change the role there.")


class TooManyInvitations(DomainError):
    code = "too_many_invitations"
    status = 429
    message = _("Many invitations have gone out within an hour. Wait a little before you send the next.")


class InvitedAMomentAgo(DomainError):
    code = "invited_a_moment_ago"
    status = 429
    message = _("This address got a mail a moment ago. Wait a few minutes before you send another.")


class InvitationGone(DomainError):
    """The link is forged, used, withdrawn or too old: whoever has it is not told which."""

    code = "invitation_gone"
    status = 404
    message = _("This invitation was used, was withdrawn or is too old. Ask the theatre for a new one.")


class InvitationOfAnother(DomainError):
    """Somebody signed in with another e-mail than the one that was invited."""

    code = "invitation_of_another"
    status = 403
    message = _("This invitation is for somebody with another e-mail. Sign out, then open the link again.")
