"""From home to ticket and mail in French, with no English left over.

Whatever French has a translation for is shown between marks here, and what theatres, films and people are called has
no Latin letter. So a word in Latin letters outside the marks was written by us and can't be translated, or isn't.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO

import pytest
import requests
from django.conf import settings
from django.db import InterfaceError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override, trans_real
from icalendar import Calendar
from pypdf import PdfReader

from accounts.tests.factories import PASSWORD, user_make
from bookings.models import Booking
from bookings.services import booking_confirm
from bookings.tests.factories import hold
from catalog.models import Credit, Genre, Job, Movie, Person, Showtime
from movy.lib.clock import database_now
from movy.outbox.models import Mail
from payments.models import Payment
from payments.tests import test_every_mail
from payments.tests.factories import coming_showtime
from tests.journeys.test_guest import refunded
from theatres.models import Screen, Theatre

pytestmark = [pytest.mark.usefixtures("paystack")]

FRENCH = {"accept-language": "fr-CI,fr;q=0.9"}
OPENED, CLOSED = "‹", "›"  # the font of the PDF has them

EVERYWHERE = re.compile(
    r"[\w.+-]+@[\w-]+(\.[\w-]+)+ | https?://\S+ | [Mm]ovy | Google | TMDB | Paystack | English | Français"
    r"| (?<!\w)(MV-)?[A-Z0-9]{8,}(?!\w) | (?<!\w)[A-Z]\d+(?!\w) | <[^<>]*> | &\w+;",
    re.VERBOSE,
)
"""What is the same in every language: addresses, names, references, seats."""

BY_BABEL = re.compile("anglais|allemand")
"""What French words come from elsewhere than a catalogue: names of languages."""

KIND = "og:type"
"""Of a page, in Open Graph's own words."""

SPOKEN = {"alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title", "hx-confirm"}
TECHNICAL = {
    *("data-best", "data-category", "data-expires-at", "data-keep", "data-kind", "data-label", "data-live", "data-map"),
    *(
        "data-money",
        "data-name",
        "data-now",
        "data-prices",
        "data-seats-max",
        "data-seconds",
        "data-stage",
        "data-zoom",
    ),
}
"""Attributes that tell scripts codes and addresses. Every other `data-` is said to people."""


class Marked(trans_real.DjangoTranslation):
    """French, with what its catalogues have between marks."""

    def gettext(self, message: str) -> str:
        return self._mark(message, super().gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self._mark((singular, 0), super().ngettext(singular, plural, number))

    def _mark(self, key: object, text: str) -> str:
        missing = object()
        known = self._catalog.get(key, missing) is not missing
        return f"{OPENED}{text}{CLOSED}" if known and key and text else text


@pytest.fixture
def marked(monkeypatch) -> None:
    monkeypatch.setitem(trans_real._translations, "fr", Marked("fr"))


@pytest.fixture
def showtime(db) -> Showtime:
    """A showing whose film, theatre and people have Greek names."""
    showtime = coming_showtime(seats=["C4", "C5", "C6"])
    Movie.objects.update(title="Ταινία", overview="Ιστορία", tagline="Πάντα", certification="12", language="de")
    Theatre.objects.update(name="Θέατρο", address="Λεωφόρος 1", city="Αθήνα")
    Screen.objects.update(name="Αίθουσα")
    Showtime.objects.update(format="2D", language="en")
    person = Person.objects.create(name="Μαρία")
    Credit.objects.create(movie=showtime.movie, person=person, job=Job.DIRECTOR)
    showtime.movie.genres.add(Genre.objects.get_or_create(name="Drama")[0])
    return Showtime.objects.get(pk=showtime.pk)


class Said(HTMLParser):
    """Everything that a page says: its text in reading order, and one by one the attributes that are read out, or that
    scripts say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.silent = 0
        self.text: list[str] = []
        self.others: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        values = {name: value or "" for name, value in attrs}
        self.others += [value for name, value in values.items() if self._is_said(name)]
        is_said = values.get("name") == "description" or values.get("property", KIND) != KIND
        if tag == "meta" and is_said:
            self.others.append(values.get("content", ""))
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.others.append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)

    @staticmethod
    def _is_said(name: str) -> bool:
        return name in SPOKEN or (name.startswith("data-") and name not in TECHNICAL)


def left_over(text: str) -> list[str]:
    """Return the words that stand outside of marks and aren't the same in every language."""
    outside, depth = [], 0
    for piece in re.split(f"([{OPENED}{CLOSED}])", text):
        if piece in (OPENED, CLOSED):
            depth += 1 if piece == OPENED else -1
            outside.append(" ")
        elif depth == 0:
            outside.append(piece)
    bare = BY_BABEL.sub(" ", EVERYWHERE.sub(" ", "".join(outside)))
    return re.findall(r"[A-Za-z][A-Za-z'’-]+", bare)


def left_over_in_page(page: str) -> list[str]:
    said = Said(page)
    return [word for text in (" ".join(said.text), *said.others) for word in left_over(text)]


class Walker:
    """A French visitor who notes what they cannot read."""

    def __init__(self, **client: object) -> None:
        self.client = Client(headers=FRENCH, **client)  # type: ignore[arg-type]
        self.seen: list[str] = []
        self.strange: list[str] = []

    def look(self, answer: HttpResponse, status: int, where: str) -> HttpResponse:
        assert answer.status_code == status, (where, answer.status_code, answer.get("Location"))
        page = answer.content.decode()
        self.note(where, left_over_in_page(page))
        if "<html" in page:
            assert '<html lang="fr">' in page, where
        return answer

    def note(self, where: str, words: list[str]) -> None:
        self.seen.append(where)
        if words:
            self.strange.append(f"{where}: {words}")

    def get(self, path: str, query: dict[str, str] | None = None, *, status: int = 200) -> HttpResponse:
        return self.look(self.client.get(path, query or {}), status, f"GET {path} {query or ''}")

    def post(self, path: str, data: dict[str, object] | None = None, *, status: int = 303) -> HttpResponse:
        answer = self.client.post(path, data or {})
        return self.look(answer, status, f"POST {path} {data or ''}")

    def read_mails(self) -> int:
        """Look at every mail so far, and return how many there were."""
        contents = [bytes(content) for content in Mail.objects.values_list("content", flat=True)]
        for mail in (email.message_from_bytes(content, policy=email.policy.default) for content in contents):
            self.note(f"subject {mail['Subject']}", left_over(mail["Subject"]))
            self.note("mail as text", left_over(mail.get_body(["plain"]).get_content()))
            self.note("mail as HTML", left_over_in_page(mail.get_body(["html"]).get_content()))
        return len(contents)


@pytest.fixture
def walker(marked) -> Iterator[Walker]:
    walker = Walker(raise_request_exception=False)
    yield walker
    assert walker.strange == []


def held_by(walker: Walker, showtime: Showtime, seats: list[str]) -> Booking:
    guest = {"email": "efe@example.test", "name": "Εφε"}
    away = walker.client.post("/booking", {"showtime": showtime.pk, "seats": seats})
    card = walker.get(away["Location"]).content.decode().partition("guest stack")[2]
    [path] = re.findall(r'action="([^"]+)"', card)[:1]
    wish = {"showtime": showtime.pk, "seats": seats, "next": f"/booking/{showtime.pk}"}
    walker.post(path, wish | {"email": "efe", "name": ""}, status=400)
    walker.post(path, wish | {"email": "efe@gmial.com", "name": "Εφε"}, status=400)
    held = walker.post(path, wish | guest)
    return Booking.objects.get(reference=held["Location"].rpartition("/")[2])


def pay(walker: Walker, booking: Booking, *, look: Callable[[str], object]) -> Payment:
    """Pay as the pages lead, and look at the page that waits for the money."""
    walker.client.post("/booking/pay", {"booking": booking.reference, "channel": "card"})
    payment = Payment.objects.filter(booking=booking).latest("pk")
    look(payment.reference)
    control = f"{settings.PAYSTACK_BASE_URL}/_standin/transactions/{payment.reference}/pay"
    assert requests.post(control, json={"card": "4084084084084081"}, timeout=10).ok
    assert walker.client.get("/verify-payment", {"reference": payment.reference}).status_code == 303
    return payment


def test_finding_a_film(walker, showtime):
    film, theatre = showtime.movie.get_absolute_url(), showtime.screen.theatre.get_absolute_url()
    day = showtime.starts_at.astimezone(showtime.screen.theatre.zone).date().isoformat()
    for path in ("/", "/movies", "/theatres", film, theatre):
        walker.get(path)
    for query in ({"search": "ταινια"}, {"search": "ψψψψψ"}, {"status": "coming_soon"}, {"date": "x", "city": "Ρώμη"}):
        walker.get("/movies", query)
    walker.get("/", {"city": "Ρώμη"})
    walker.get("/theatres", {"near": "6.4,3.4"})
    walker.get("/theatres", {"near": "here"})
    for path in (film, theatre):
        walker.get(path, {"date": day})
        walker.get(path, {"date": "yesterday"})


def test_choosing_seats(walker, showtime):
    walker.get(f"/booking/{showtime.pk}")
    walker.get(f"/booking/{showtime.pk}", {"seats": "C4"})
    walker.get(f"/booking/{showtime.pk}", {"look": "list"})
    best = walker.client.get(f"/booking/{showtime.pk}/best", {"tickets": "2"}).json()
    walker.note("the best seats", left_over(best["said"]))
    walker.get(f"/booking/{showtime.pk}", {"tickets": "9"})
    walker.post("/booking", {"showtime": showtime.pk}, status=400)
    walker.post("/booking", {"showtime": showtime.pk, "seats": ["Z9"]}, status=303)


def test_a_guest_books_pays_cancels_and_is_refunded(walker, showtime):
    let_go = held_by(walker, showtime, ["C6"])
    walker.get(f"/cancel-booking/{let_go.reference}")
    walker.post(f"/cancel-booking/{let_go.reference}")
    walker.get(let_go.get_absolute_url())

    booking = held_by(walker, showtime, ["C4", "C5"])
    page = booking.get_absolute_url()
    walker.get(page)
    walker.post("/booking/pay", {"booking": booking.reference, "channel": "shells"}, status=400)
    pay(walker, booking, look=lambda reference: walker.get("/verify-payment", {"reference": reference}))
    walker.get(page)
    walker.get(f"{page}/ticket")
    ticket = re.findall(r"/tickets/[\w-]+", walker.client.get(f"{page}/ticket").content.decode())
    walker.get(ticket[0].removesuffix("/qr"))

    pdf = PdfReader(BytesIO(walker.client.get(f"{page}/ticket.pdf").content))
    walker.note("ticket.pdf", left_over(" ".join(sheet.extract_text() for sheet in pdf.pages)))
    [entry] = Calendar.from_ical(walker.client.get(f"{page}/ticket.ics").content).walk("VEVENT")
    walker.note("ticket.ics", left_over(" ".join(str(entry[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION"))))

    walker.get(f"/cancel-booking/{booking.reference}")
    walker.post(f"/cancel-booking/{booking.reference}", {"seats": ["C4", "C5"]})
    walker.get(page)
    assert refunded(booking.payments.get().refunds.get())
    walker.get(page)

    assert walker.read_mails() == 3  # tickets; given back, and the money on its way; sent back


def test_money_that_is_looked_for(walker, showtime):
    booking = held_by(walker, showtime, ["C4"])
    walker.get("/find-my-money")
    walker.post("/find-my-money", {"email": "efe", "reference": "?"}, status=400)
    walker.post("/find-my-money", {"email": "else@example.test", "reference": booking.reference}, status=404)
    walker.post("/find-my-money", {"email": booking.email, "reference": booking.reference}, status=200)
    walker.get("/find-my-booking")
    walker.post("/find-my-booking", {"email": "efe"}, status=400)
    walker.get("/verify-payment", {"reference": "MV-0000000000000000"}, status=404)


def test_an_account(walker, showtime):
    walker.get("/auth/user/login")
    walker.post("/auth/user/login", {"email": "ada@example.test", "password": "wrong"}, status=401)
    walker.get("/auth/user/signup")
    walker.post("/auth/user/signup", {"email": "ada", "password": "short"}, status=400)
    person = {"email": "ada@example.test", "password": PASSWORD, "first_name": "Άντα", "last_name": "Λάβλεϊς"}
    walker.post("/auth/user/signup", person)
    for path in ("", "/sessions", "/password", "/second-step", "/connections", "/confirm-email", "/logout"):
        walker.get(f"/auth/user{path}")
    walker.get(walker.client.get("/auth/user/close")["Location"])
    walker.client.post("/auth/user/confirm-access", {"password": PASSWORD})
    walker.get("/auth/user/close")
    walker.post("/auth/user/password", {"oldpassword": "wrong", "password": "short"}, status=400)
    walker.post("/auth/user/close", {}, status=400)
    walker.get("/bookings")
    walker.client.logout()
    walker.get("/auth/user/forgot-password")
    walker.client.post("/auth/user/forgot-password", {"email": "ada@example.test"})
    walker.get("/auth/user/forgot-password/sent")
    assert walker.read_mails() == 2


@pytest.mark.parametrize("name", [*test_every_mail.MAILS, *test_every_mail.OTHERS])
def test_each_mail(walker, showtime, name, monkeypatch):
    monkeypatch.setattr(test_every_mail, "HOSTILE", "Ωμέγα")  # what people typed
    booking = hold(showtime, ["C4", "C5"], now=database_now())
    with transaction.atomic():
        booking_confirm(booking.reference, now=database_now())
    Mail.objects.all().delete()
    Booking.objects.update(language="fr")
    with override("fr"):
        (test_every_mail.MAILS | test_every_mail.OTHERS)[name](Booking.objects.get())
    assert walker.read_mails() == 1


@pytest.mark.django_db
def test_what_goes_wrong(walker, monkeypatch):
    walker.get("/nothing-here", status=404)
    walker.client.force_login(user_make())
    walker.get("/offline")
    walker.look(Client(enforce_csrf_checks=True, headers=FRENCH).post("/booking"), 403, "an old form")
    for error, status in ((ValueError("bug"), 500), (InterfaceError("gone away"), 503)):

        def fail(*_args: object, error: Exception = error, **_kwargs: object) -> None:
            raise error

        monkeypatch.setattr("payments.find_views.FindForm", fail)
        walker.get("/find-my-money", status=status)


def test_the_walk_notices_what_nobody_translated():
    """One English sentence in a page, one in an attribute, one for a script, one in a mail."""
    assert left_over_in_page(f"<p>{OPENED}Bonjour {CLOSED}Sold out</p>") == ["Sold", "out"]
    assert left_over_in_page('<img alt="A poster"><button data-mine="yours" data-prices="{}">7</button>') == [
        "poster",
        "yours",
    ]
    assert left_over(f"{OPENED}Bonjour {OPENED}vous{CLOSED} ici{CLOSED}, Ταινία C4, 3 500 ₦ efe@example.test") == []
    assert left_over("Your tickets") == ["Your", "tickets"]
