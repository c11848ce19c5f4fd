"""Mail from the moment it is written until a real SMTP server has it, or nobody will."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import BadHeaderError, EmailMultiAlternatives, send_mail
from django.db import transaction

from movy.outbox import services
from movy.outbox.models import Mail
from movy.outbox.services import (
    CLAIM_LASTS,
    WAIT_MINUTES,
    mail_claim,
    mail_failed,
    mail_send_due,
    mails_prune,
    mails_try_again,
)
from movy.outbox.transport import TIMEOUT_SECONDS, Smtp, transport

pytestmark = pytest.mark.django_db

NOW = datetime(2100, 1, 1, 12, tzinfo=UTC)  # after whatever the database's clock says: mails are due at once


class Postman:
    """An SMTP server's handler: keeps what comes, and answers RCPT as told."""

    def __init__(self) -> None:
        self.mails: list = []
        self.connections = 0
        self.answers: dict[str, str] = {}

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append((envelope, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_BACKEND = "movy.outbox.backend.OutboxBackend"  # pytest-django's is in memory


@pytest.fixture
def postman() -> Postman:
    return Postman()


@contextmanager
def serving(postman: Postman, **options) -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    controller = Controller(postman, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def smtp(postman, settings):
    with serving(postman) as port:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
        yield


def write(to="ada@movy.test", subject="Your ticket", body="Seat C4.") -> Mail:
    send_mail(subject, body, "Movy <tickets@movy.test>", [to])
    return Mail.objects.latest("pk")


def test_a_mail_reaches_the_server_as_it_was_written(smtp, postman):
    mail = EmailMultiAlternatives("Your ticket: Ménilmontant", "₦3,500", "Movy <tickets@movy.test>", ["ada@movy.test"])
    mail.attach_alternative("<p>₦3,500</p>", "text/html")
    mail.attach("ticket.ics", b"BEGIN:VCALENDAR", "text/calendar")
    mail.send()
    assert mail_send_due(now=NOW) == 1
    ((envelope, arrived),) = postman.mails
    row = Mail.objects.get()
    assert (envelope.mail_from, envelope.rcpt_tos) == ("tickets@movy.test", ["ada@movy.test"])
    assert arrived["Subject"] == "Your ticket: Ménilmontant"
    assert arrived["Message-ID"] == row.message_id
    assert arrived.get_body(("plain",)).get_content().strip() == "₦3,500"
    assert [part.get_filename() for part in arrived.iter_attachments()] == ["ticket.ics"]
    assert (row.sent_at, row.next_try_at, row.attempts) == (NOW, None, 1)


def test_a_sent_mail_is_not_sent_again(smtp, postman):
    write()
    mail_send_due(now=NOW)
    assert mail_send_due(now=NOW + timedelta(days=2)) == 0
    assert len(postman.mails) == 1


def test_a_change_that_is_rolled_back_tells_nobody(smtp):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_a_batch_takes_one_connection_and_no_more_than_its_limit(smtp, postman):
    for number in range(5):
        write(to=f"{number}@movy.test")
    assert mail_send_due(now=NOW, limit=3) == 3
    assert postman.connections == 1
    assert [envelope.rcpt_tos for envelope, _ in postman.mails] == [["0@movy.test"], ["1@movy.test"], ["2@movy.test"]]


def test_a_refused_mail_waits_and_the_others_go(smtp, postman):
    postman.answers["full@movy.test"] = "452 Mailbox full"
    write(to="full@movy.test")
    write()
    assert mail_send_due(now=NOW) == 1
    refused = Mail.objects.get(sent_at=None)
    assert refused.next_try_at == NOW + timedelta(minutes=1)
    assert "Mailbox full" in refused.last_error
    postman.answers.clear()
    assert mail_send_due(now=NOW + timedelta(seconds=59)) == 0
    assert mail_send_due(now=NOW + timedelta(minutes=1)) == 1
    assert postman.mails[-1][1]["Message-ID"] == refused.message_id


def test_while_the_server_is_away_only_one_mail_tries_and_all_arrive_afterwards(smtp, postman, settings):
    for number in range(3):
        write(to=f"{number}@movy.test")
    there = settings.EMAIL_URL
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    assert mail_send_due(now=NOW) == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    settings.EMAIL_URL = there
    assert mail_send_due(now=NOW) == 2
    assert mail_send_due(now=NOW + timedelta(minutes=1)) == 1


def test_a_server_that_hangs_up_amid_a_mail_costs_that_mail_a_try(smtp, postman, monkeypatch):
    write()

    def hang_up(self, *args, **kwargs):
        self.close()
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "sendmail", hang_up)
        assert mail_send_due(now=NOW) == 0
    assert mail_send_due(now=NOW + timedelta(minutes=1)) == 1


def test_tries_come_less_often_and_end_after_a_day(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    write()
    now, waits = NOW, []
    while (mail := Mail.objects.get()).next_try_at:
        now = max(now, mail.next_try_at)
        mail_send_due(now=now)
        if following := Mail.objects.get().next_try_at:
            waits.append((following - now) / timedelta(minutes=1))
    assert waits[:6] == [1, 2, 5, 15, 60, 60]
    assert timedelta(hours=23) < now - NOW < timedelta(hours=25)
    assert mail.attempts == len(WAIT_MINUTES) + 1
    assert "ConnectionRefused" in mail.last_error
    assert mail.sent_at is None


def test_two_workers_do_not_send_the_same_mail(smtp, postman, monkeypatch):
    write()

    def overtaken(mail, *, now):
        monkeypatch.setattr(services, "mail_claim", mail_claim)
        assert mail_send_due(now=now) == 1  # the other worker, between our look and our claim
        return mail_claim(mail, now=now)

    monkeypatch.setattr(services, "mail_claim", overtaken)
    assert mail_send_due(now=NOW) == 0
    assert len(postman.mails) == 1


@pytest.mark.parametrize("tries", [0, 6])
def test_a_worker_that_died_with_a_claimed_mail_is_relieved_a_minute_later(smtp, postman, tries):
    write()
    Mail.objects.update(attempts=tries)
    assert mail_claim(Mail.objects.get(), now=NOW)
    assert mail_send_due(now=NOW) == 0
    assert mail_send_due(now=NOW + timedelta(minutes=1)) == 1


def test_a_mail_over_an_open_connection_is_sent_or_not_before_its_claim_ends():
    steps = ("MAIL", "RCPT", "DATA", "the text", "its end")
    assert len(steps) * TIMEOUT_SECONDS < CLAIM_LASTS.total_seconds()


def test_who_lost_the_claim_has_no_say_in_the_mail():
    mail = write()
    assert mail_claim(mail, now=NOW)
    later = NOW + CLAIM_LASTS
    assert mail_claim(Mail.objects.get(), now=later)
    mail_failed(mail, OSError("slow"), now=NOW)
    assert Mail.objects.get().next_try_at == later + CLAIM_LASTS


def given_up(**columns) -> Mail:
    mail = write()
    Mail.objects.filter(pk=mail.pk).update(
        attempts=len(WAIT_MINUTES) + 1, next_try_at=None, last_error="Unsent: full", **columns
    )
    return mail


def test_a_mail_that_was_given_up_is_tried_again_from_the_start_when_somebody_says_so(smtp, postman):
    first, second, waiting = given_up(), given_up(), write()
    Mail.objects.filter(pk=waiting.pk).update(next_try_at=NOW + timedelta(hours=1), attempts=7)
    assert mails_try_again([first.pk, waiting.pk], now=NOW) == 1
    assert mails_try_again([first.pk], now=NOW) == 0  # it is on its way
    assert mails_try_again(now=NOW) == 1
    assert mail_send_due(now=NOW) == 2
    assert set(Mail.objects.filter(sent_at=NOW).values_list("pk", "attempts")) == {(first.pk, 1), (second.pk, 1)}
    assert Mail.objects.get(pk=waiting.pk).attempts == 7


def test_old_mails_go_whether_they_were_sent_or_given_up_and_those_that_wait_stay(settings):
    settings.MAIL_KEPT_DAYS = 30
    old, recent = NOW - timedelta(days=31), NOW - timedelta(days=29)
    gone = [given_up(created_at=old).pk, given_up(created_at=old, sent_at=old).pk]
    kept = {given_up(created_at=recent).pk, given_up(created_at=old, sent_at=recent).pk, write().pk}
    Mail.objects.filter(pk=max(kept)).update(created_at=old, next_try_at=old)  # a worker was away for a month
    assert mails_prune(now=NOW) == len(gone)
    assert set(Mail.objects.values_list("pk", flat=True)) == kept
    assert mails_prune(now=NOW) == 0


def test_many_old_mails_go_in_small_batches(monkeypatch):
    monkeypatch.setattr(services, "PRUNE_AT_ONCE", 2)
    for _ in range(3):
        given_up(sent_at=NOW - timedelta(days=400))
    assert [mails_prune(now=NOW) for _ in range(3)] == [2, 1, 0]


def test_line_ends_in_a_subject_become_blanks(smtp, postman):
    write(subject="Hamlet\r\nBcc: everybody@movy.test\n")
    mail_send_due(now=NOW)
    ((envelope, arrived),) = postman.mails
    assert arrived["Subject"] == "Hamlet Bcc: everybody@movy.test"
    assert arrived["Bcc"] is None
    assert envelope.rcpt_tos == ["ada@movy.test"]


def test_an_address_with_a_line_end_is_refused():
    with pytest.raises((BadHeaderError, ValueError)):
        write(to="ada@movy.test\r\nBcc: everybody@movy.test")
    assert not Mail.objects.exists()


def test_a_name_and_password_are_given_to_a_server_that_asks(postman, settings):
    asked = []

    def authenticate(server, session, envelope, mechanism, data: LoginPassword) -> AuthResult:
        asked.append((data.login, data.password))
        return AuthResult(success=True)

    with serving(postman, authenticator=authenticate, auth_required=True, auth_require_tls=False) as port:
        settings.EMAIL_URL = f"smtp://movy%40test:p%3Ass@127.0.0.1:{port}"
        write()
        assert mail_send_due(now=NOW) == 1
    assert asked == [(b"movy@test", b"p:ss")]


def test_the_console_shows_a_mail_so_that_its_link_can_be_followed(settings, capsys):
    settings.EMAIL_URL = "console:"
    write(subject="Confirm your e-mail – Ménilmontant", body="Hello,\n\nhttp://127.0.0.1:8000/auth/user/x")
    assert mail_send_due(now=NOW) == 1
    shown = capsys.readouterr().out
    assert "Mail to ada@movy.test: Confirm your e-mail – Ménilmontant" in shown
    assert "http://127.0.0.1:8000/auth/user/x\n" in shown


@pytest.mark.parametrize("url", ["", "mail.movy.test", "http://mail.movy.test", "smtp://"])
def test_an_address_that_means_nothing_is_refused_by_name(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        transport(url)


def test_ports_and_encryption_follow_the_scheme():
    assert transport("smtp://mail.movy.test") == Smtp("mail.movy.test", 25, "", "", is_tls=False)
    assert transport("smtps://mail.movy.test") == Smtp("mail.movy.test", 465, "", "", is_tls=True)
