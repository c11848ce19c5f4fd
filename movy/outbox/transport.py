"""Where mails leave Movy, as settings.EMAIL_URL says."""

from __future__ import annotations

import smtplib
import ssl
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Self
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT_SECONDS = 10
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Unsent(Exception):
    """One mail was refused. The connection can take the next."""


class Transport(ABC):
    """A way out for mails, open inside its `with` block. Opening raises OSError when the server cannot be had."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        return None

    @abstractmethod
    def send(self, *, sender: str, recipients: list[str], content: bytes) -> None:
        """Hand one mail over. Raises Unsent when it is refused, OSError when the connection is of no use any more."""


def transport(url: str) -> Transport:
    """Return the way out for `smtp://user:password@host:port`, `smtps://…` or `console:`.

    Names and passwords are percent-encoded. Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return Console()
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must be smtp://user:password@host:port, smtps://… or console:.")
    is_tls = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname,
        port=parts.port or (465 if is_tls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=is_tls,
    )


@dataclass
class Smtp(Transport):
    """One SMTP connection. Without TLS from the start it is upgraded where the server can; not on this machine, where
    a server rarely has a certificate that anybody trusts."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool

    def __enter__(self) -> Self:
        if self.is_tls:
            context = ssl.create_default_context()
            self._server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            self._server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            self._server.ehlo()
            if not self.is_tls and self.host not in THIS_MACHINE and self._server.has_extn("starttls"):
                self._server.starttls(context=ssl.create_default_context())
                self._server.ehlo()
            if self.user:
                self._server.login(self.user, self.password)
        except BaseException:
            self._server.close()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        with suppress(OSError, smtplib.SMTPException):  # it has gone by itself, after all was said
            self._server.quit()

    def send(self, *, sender: str, recipients: list[str], content: bytes) -> None:
        try:
            refused = self._server.sendmail(sender, recipients, content)
        except (
            smtplib.SMTPSenderRefused,
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPDataError,
            smtplib.SMTPNotSupportedError,
        ) as error:
            raise Unsent(str(error)) from error
        if refused:
            raise Unsent(f"refused for {', '.join(refused)}")


class Console(Transport):
    """Standard output, for a developer who wants to follow the link in a mail."""

    def send(self, *, sender: str, recipients: list[str], content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        lines = [f"Mail to {', '.join(recipients)}: {mail['Subject']}", "", body.get_content().strip() if body else ""]
        sys.stdout.write("\n" + "\n".join(f"  | {line}" for line in "\n".join(lines).splitlines()) + "\n\n")
        sys.stdout.flush()
