"""Sending what is due."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from movy.outbox.models import Mail
from movy.outbox.transport import Transport, Unsent, transport

logger = logging.getLogger(__name__)

WAIT_MINUTES = (1, 2, 5, 15, 60, *[60] * 22)
"""What lies between two tries: short at first, then an hour. The last try comes 23.4 hours after the first."""

ERROR_LENGTH = 200


def mail_send_due(*, now: datetime, limit: int = 50) -> int:
    """Send at most `limit` mails whose time has come, oldest first, over one connection; return how many went out.

    Call it outside any transaction: each mail is claimed by an UPDATE that is committed before the mail is sent, so any
    number of workers may do this at once. A worker that dies between sending a mail and noting it sends it again, with
    the same Message-ID. While the server is away a call costs one mail one try, and the others stay due.
    """
    way_out: Transport | None = None
    sent = 0
    with ExitStack() as stack:
        for mail in Mail.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")[:limit]:
            if not mail_claim(mail, now=now):
                continue
            try:
                if way_out is None:
                    way_out = stack.enter_context(transport(settings.EMAIL_URL))
                way_out.send(sender=mail.sender, recipients=mail.recipients, content=bytes(mail.content))
            except Unsent as error:
                mail_failed(mail, error)
            except OSError as error:  # smtplib's own errors are OSErrors too
                mail_failed(mail, error)
                break
            else:
                Mail.objects.filter(pk=mail.pk).update(sent_at=now, next_try_at=None, last_error="")
                sent += 1
    return sent


def mail_claim(mail: Mail, *, now: datetime) -> bool:
    """Take a due mail for this process, until its next try would be due; False when another process was faster."""
    wait = WAIT_MINUTES[min(mail.attempts, len(WAIT_MINUTES) - 1)]
    return bool(
        Mail.objects.filter(pk=mail.pk, next_try_at=mail.next_try_at).update(
            attempts=F("attempts") + 1, next_try_at=now + timedelta(minutes=wait)
        )
    )


def mail_failed(mail: Mail, error: Exception) -> None:
    """Note why a claimed mail did not go out. After the last try it is left for a person, without a next try."""
    logger.warning("mail not sent: id=%s try=%s error=%s", mail.pk, mail.attempts + 1, type(error).__name__)
    mails = Mail.objects.filter(pk=mail.pk)
    mails.update(last_error=(f"{type(error).__name__}: {error}")[:ERROR_LENGTH])
    if mail.attempts >= len(WAIT_MINUTES):
        mails.update(next_try_at=None)
