"""Who works at a theatre: invited by mail, given a role, taken off the list again.

Every function runs inside the one transaction that its door opened (movy.lib.db). Whoever is invited accepts, with an
account of that very e-mail: nobody is put on a list unasked, and no invitation makes anybody a platform owner, because
that is no role.

A link carries 256 random bits, signed so that a made-up one is refused before the database is asked; we keep their
digest. Accepting is a conditional UPDATE, so of two clicks at once one makes the membership.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User, email_normal
from accounts.services import email_confirm
from movy.lib.errors import NotFound
from movy.lib.references import hex_digest
from movy.lib.text import mail_text
from theatres.constants import INVITATION_LIFE, INVITATION_PAUSE, INVITATIONS_AN_HOUR
from theatres.errors import (
    AlreadyOnTheList,
    InvitationGone,
    InvitationOfAnother,
    InvitedAMomentAgo,
    NoManagerLeft,
    OwnRole,
    TooManyInvitations,
)
from theatres.models import Invitation, Membership, Role, Theatre


def token_new() -> str:
    """Return what a new invitation's link ends with. Made before the transaction, so that each try mails the same."""
    return _signer().sign(secrets.token_urlsafe(32))


def _signer() -> Signer:
    return Signer(salt="theatres.invitation")


# ---- Inviting


def invitation_send(
    *, theatre: Theatre, email: str, role: Role, invited_by: User, token: str, now: datetime
) -> Invitation:
    """Ask somebody to work at a theatre; again with a new link, the old one being dead from then on.

    Raises AlreadyOnTheList, InvitedAMomentAgo, TooManyInvitations.
    """
    email = email_normal(email)
    Theatre.objects.select_for_update().get(pk=theatre.pk)  # a theatre's invitations are counted one at a time
    if Membership.objects.filter(theatre=theatre, user__email=email).exists():
        raise AlreadyOnTheList
    if Invitation.objects.filter(theatre=theatre, email=email, sent_at__gt=now - INVITATION_PAUSE).exists():
        raise InvitedAMomentAgo
    if Invitation.objects.filter(theatre=theatre, sent_at__gt=now - timedelta(hours=1)).count() >= INVITATIONS_AN_HOUR:
        raise TooManyInvitations
    invitation, _is_new = Invitation.objects.update_or_create(
        theatre=theatre,
        email=email,
        defaults={
            "role": role,
            "token_digest": hex_digest(token),
            "invited_by": invited_by,
            "sent_at": now,
            "expires_at": now + INVITATION_LIFE,
            "accepted_at": None,
            "withdrawn_at": None,
        },
    )
    _mail(invitation, token=token)
    return invitation


def invitation_resend(
    *, theatre: Theatre, invitation_id: int, invited_by: User, token: str, now: datetime
) -> Invitation:
    """Send an unanswered invitation again, with a new link and its whole time. Raises NotFound, and as sending does."""
    invitation = Invitation.objects.unanswered().filter(theatre=theatre, pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation_send(
        theatre=theatre,
        email=invitation.email,
        role=Role(invitation.role),
        invited_by=invited_by,
        token=token,
        now=now,
    )


def invitation_withdraw(*, theatre: Theatre, invitation_id: int, now: datetime) -> Invitation:
    """Make the link of an unanswered invitation worth nothing. Raises NotFound."""
    unanswered = Invitation.objects.unanswered().filter(theatre=theatre, pk=invitation_id)
    if unanswered.update(withdrawn_at=now) != 1:
        raise NotFound
    return Invitation.objects.get(pk=invitation_id)


def _mail(invitation: Invitation, *, token: str) -> None:
    context = {
        "invitation": invitation,
        "theatre": invitation.theatre,
        "site_url": settings.BASE_URL,  # a Host header is anybody's to choose
        "url": settings.BASE_URL + reverse("theatres:invitation", args=[token]),
        "days": INVITATION_LIFE.days,
    }
    subject = " ".join(render_to_string("theatres/email/invitation_subject.txt", context).split())
    text = mail_text(render_to_string("theatres/email/invitation_message.txt", context))
    mail = EmailMultiAlternatives(subject, text, to=[invitation.email])
    mail.attach_alternative(render_to_string("theatres/email/invitation_message.html", context), "text/html")
    mail.send()


# ---- Accepting


def invitation_of(token: str) -> Invitation:
    """Return the invitation whose link this is, accepted ones too. Raises InvitationGone. One query."""
    try:
        _signer().unsign(token)
    except BadSignature as error:
        raise InvitationGone from error
    found = Invitation.objects.select_related("theatre").filter(token_digest=hex_digest(token), withdrawn_at=None)
    invitation = found.first()
    if invitation is None:
        raise InvitationGone
    return invitation


def invitation_accept(*, token: str, user: User, now: datetime) -> Membership:
    """Give somebody the role they were invited to, and note that their e-mail is theirs: the link was mailed there.

    Whoever clicks twice finds the role that the first click gave. Who has a role there by then keeps it.
    Raises InvitationGone, InvitationOfAnother.
    """
    invitation = invitation_of(token)
    if invitation.email != user.email:
        raise InvitationOfAnother
    is_first = Invitation.objects.open(now).filter(pk=invitation.pk, token_digest=invitation.token_digest)
    if is_first.update(accepted_at=now) == 1:
        email_confirm(user)
        return Membership.objects.get_or_create(
            theatre=invitation.theatre, user=user, defaults={"role": invitation.role}
        )[0]
    given = Membership.objects.filter(theatre=invitation.theatre, user=user).first() if invitation.accepted_at else None
    if given is None:
        raise InvitationGone
    return given


# ---- Roles


def membership_change(*, theatre: Theatre, membership_id: int, role: Role, asked_by: User) -> Membership:
    """Give somebody another role. Raises NotFound, OwnRole, NoManagerLeft."""
    membership = _membership_locked(theatre, membership_id)
    if role != membership.role:
        _check_leaving(membership, asked_by=asked_by)
        membership.role = role
        membership.save(update_fields=["role"])
    return membership


def membership_remove(*, theatre: Theatre, membership_id: int, asked_by: User) -> Membership:
    """Take somebody off a theatre's list; their next request finds them a stranger.

    Raises NotFound, OwnRole, NoManagerLeft. Returns what was deleted.
    """
    membership = _membership_locked(theatre, membership_id)
    _check_leaving(membership, asked_by=asked_by)
    Membership.objects.get(pk=membership.pk).delete()
    return membership


def _membership_locked(theatre: Theatre, membership_id: int) -> Membership:
    """Return one membership with all of the theatre's locked: two managers who take each other off the list at once go
    one after the other, and the second finds nobody else managing."""
    rows = Membership.objects.filter(theatre=theatre).order_by("pk").select_for_update()
    for membership in rows:
        if membership.pk == membership_id:
            return membership
    raise NotFound


def _check_leaving(membership: Membership, *, asked_by: User) -> None:
    if membership.role != Role.MANAGER:
        return
    if membership.user_id == asked_by.pk and not asked_by.is_superuser:
        raise OwnRole
    others = Membership.objects.filter(theatre=membership.theatre_id, role=Role.MANAGER, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise NoManagerLeft
