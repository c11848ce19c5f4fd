"""Sending what is due, trying again what was given up, and forgetting what is old."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from movy.lib.db import update_alone
from movy.outbox.addresses import address_digest
from movy.outbox.models import Mail
from movy.outbox.transport import Transport, Unsent, transport

logger = logging.getLogger(__name__)

WAIT_MINUTES = (1, 2, 5, 15, 60, *[60] * 22)
"""What lies between two tries: short at first, then an hour. The last try comes 23.4 hours after the first."""

CLAIM_LASTS = timedelta(minutes=1)
"""Longer than one mail takes over an open connection: five steps (MAIL, RCPT, DATA, the text, its end) of
transport.TIMEOUT_SECONDS each."""

ERROR_LENGTH = 200
PRUNE_AT_ONCE = 500


def mail_send_due(*, now: datetime, limit: int = 50) -> int:
    """Send at most `limit` mails whose time has come, oldest first, over one connection; return how many went out.

    Call it outside any transaction: each mail is claimed by an UPDATE that is committed before the mail is sent, so any
    number of workers may do this at once. A worker that dies between sending a mail and noting it sends it again, with
    the same Message-ID. While the server is away a call costs one mail one try, and the others stay due.
    """
    way_out: Transport | None = None
    sent = 0
    with ExitStack() as stack:
        for mail in Mail.objects.due(now).order_by("next_try_at", "pk")[:limit]:
            try:
                if way_out is None:  # before the claim, which lasts for the sending alone
                    way_out = stack.enter_context(transport(settings.EMAIL_URL))
            except OSError as error:
                if mail_claim(mail, now=now):
                    mail_failed(mail, error, now=now)
                break
            if not mail_claim(mail, now=now):
                continue
            try:
                way_out.send(sender=mail.sender, recipients=mail.recipients, content=bytes(mail.content))
            except Unsent as error:
                mail_failed(mail, error, now=now)
            except OSError as error:  # smtplib's own errors are OSErrors too
                mail_failed(mail, error, now=now)
                break
            else:
                Mail.objects.filter(pk=mail.pk).update(sent_at=now, next_try_at=None, last_error="")
                sent += 1
    return sent


def mail_claim(mail: Mail, *, now: datetime) -> bool:
    """Take a due mail for this process while CLAIM_LASTS, and count the try; False when another process was faster.
    Whatever becomes of this process, the mail is due again after that."""
    free = Mail.objects.filter(pk=mail.pk, next_try_at=mail.next_try_at)
    return bool(update_alone(free, attempts=F("attempts") + 1, next_try_at=now + CLAIM_LASTS))


def mail_failed(mail: Mail, error: Exception, *, now: datetime) -> None:
    """Note why a mail that we claimed at `now` did not go out, and when it is tried again: after the last try not at
    all, until a person says so. A mail whose claim has run out is somebody else's."""
    logger.warning("mail not sent: id=%s try=%s error=%s", mail.pk, mail.attempts + 1, type(error).__name__)
    is_last = mail.attempts >= len(WAIT_MINUTES)
    Mail.objects.filter(pk=mail.pk, next_try_at=now + CLAIM_LASTS).update(
        last_error=(f"{type(error).__name__}: {error}")[:ERROR_LENGTH],
        next_try_at=None if is_last else now + timedelta(minutes=WAIT_MINUTES[mail.attempts]),
    )


def mails_try_again(ids: Iterable[int] | None = None, *, now: datetime) -> int:
    """Have mails that were given up tried again from the start, all of them or those with these ids; return how many.
    One that somebody else has just sent on its way again is left alone."""
    mails = Mail.objects.given_up()
    if ids is not None:
        mails = mails.filter(pk__in=list(ids))
    return mails.update(attempts=0, next_try_at=now)


def mails_forget(*, addresses: Iterable[str], about: Iterable[str]) -> int:
    """Delete all mails to a person's addresses, and all about these references, sent or not; return how many. Two
    statements, each by its own index."""
    to_them = Mail.objects.filter(addressee__in=[address_digest(address) for address in addresses])
    about_theirs = Mail.objects.filter(about__in=list(about))
    return to_them.delete()[0] + about_theirs.delete()[0]


def mails_prune(*, now: datetime) -> int:
    """Delete some mails that were sent, or given up, settings.MAIL_KEPT_DAYS ago: they hold tickets, names, addresses.
    Return how many. By key, so that no lock reaches beyond them."""
    before = now - timedelta(days=settings.MAIL_KEPT_DAYS)
    old = [
        *Mail.objects.filter(sent_at__lt=before).order_by("sent_at").values_list("pk", flat=True)[:PRUNE_AT_ONCE],
        *Mail.objects.given_up().filter(created_at__lt=before).order_by().values_list("pk", flat=True)[:PRUNE_AT_ONCE],
    ]
    return Mail.objects.filter(pk__in=old).exclude(next_try_at__isnull=False).delete()[0] if old else 0
