"""Django's e-mail backend: what anybody sends becomes a row, in the transaction of whoever sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import make_msgid, parseaddr
from typing import cast

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import SafeMIMEMultipart, sanitize_address

from movy.lib.clock import database_now
from movy.outbox.addresses import address_digest
from movy.outbox.models import Mail

SUBJECT_LENGTH = 250


class OutboxBackend(BaseEmailBackend):
    """Write mails down instead of sending them: a request never waits for a mail server, and a change that is rolled
    back tells nobody. services.mail_send_due sends them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store each message that has a recipient and return how many. Raises BadHeaderError for an address with a
        line end in it."""
        now = database_now()
        rows = [mail_row(message, now=now) for message in email_messages if message.recipients()]
        Mail.objects.bulk_create(rows)
        return len(rows)


def mail_row(message: EmailMessage, *, now: datetime) -> Mail:
    """Return the message as a row that is due at once, with the Message-ID that it keeps for good. A sender may have
    set `about` on it.

    Line ends in a subject, which may quote a film's or a theatre's name, become blanks.
    """
    encoding = message.encoding or "utf-8"
    sender = sanitize_address(message.from_email, encoding)
    message.subject = " ".join(str(message.subject).split())
    domain = parseaddr(sender)[1].rpartition("@")[2]
    recipients = [sanitize_address(address, encoding) for address in message.recipients()]
    message_id = message.extra_headers.setdefault("Message-ID", make_msgid(domain=domain))
    content = cast(SafeMIMEMultipart, message.message())  # or SafeMIMEText: only these can write CRLF
    return Mail(
        message_id=message_id,
        sender=sender,
        recipients=recipients,
        addressee=address_digest(recipients[0]),
        subject=message.subject[:SUBJECT_LENGTH],
        about=getattr(message, "about", ""),
        content=content.as_bytes(linesep="\r\n"),
        next_try_at=now,
    )
