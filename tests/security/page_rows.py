"""The rows of the pages outside the office: every address and method, a request that is right, and who gets what.

A new page needs a row here for each method that it takes. Copy the nearest one, and say what each of PEOPLE gets: the
helpers below name the usual answers.
"""

from __future__ import annotations

from typing import Any

from accounts.tests.factories import PASSWORD
from payments.models import Refund
from tests.security.matrix import Expected, Outcome, Row, everybody
from tests.security.page_world import PageWorld

LOGIN = "/auth/user/login"
NEW_PASSWORD = "another four words"
METROPOLIS = 9000001  # its number at the stand-in of TMDb


def signed_in(outcome: Outcome, *, nobody: Outcome = f"302 {LOGIN}") -> Expected:
    """Nobody is led to the sign-in and back."""
    return everybody(outcome) | {"nobody": nobody}


def sent_signed_in(outcome: Outcome) -> Expected:
    """The same for a form."""
    return signed_in(outcome, nobody=f"303 {LOGIN}")


def ada_alone(outcome: Outcome) -> Expected:
    """Somebody else's is not found, whoever asks."""
    return signed_in(404) | {"ada": outcome}


def staff(*roles: str, outcome: Outcome) -> Expected:
    return signed_in(403) | dict.fromkeys((*roles, "manager", "owner"), outcome)


def visitors_alone(outcome: Outcome) -> Expected:
    """Who has signed in already is led home."""
    return everybody("302 /") | {"nobody": outcome}


def email_and_password(here: PageWorld) -> dict[str, Any]:
    return {"email": here.api.people["ben"].email, "password": PASSWORD}


def new_person(here: PageWorld) -> dict[str, Any]:
    return {"email": "new@movy.test", "password": PASSWORD, "first_name": "New", "last_name": "Person"}


THEATRE = "theatre/<id_slug:theatre_id>/"
RESET = "auth/user/reset-password/<uidb36>-<key>"


def reset_ids(here: PageWorld) -> dict[str, Any]:
    uid, _, key = here.reset_key.partition("-")
    return {"uidb36": uid, "key": key}


PUBLIC = [
    Row("GET", "", everybody(200)),
    Row("GET", "movies", everybody(200)),
    Row("GET", "movies/<id_slug:movie_id>", everybody(200)),
    Row("GET", "showtimes/seats-left", everybody(200)),
    Row("GET", "movies/<id_slug:movie_id>/tell-me", everybody("302 /movies/")),  # it can be booked
    Row("POST", "movies/<id_slug:movie_id>/tell-me", everybody("303 /movies/"), lambda here: {"email": "a@b.test"}),
    Row("GET", "movies/<id_slug:movie_id>/share.png", everybody(200)),
    Row("GET", "theatres/<id_slug:theatre_id>/share.png", everybody(200)),
    Row("GET", "share.png", everybody(200)),
    Row("GET", "theatres", everybody(200)),
    Row("GET", "theatres/<id_slug:theatre_id>", everybody(200)),
    Row("GET", "booking/<int:showtime_id>", everybody(200)),
    Row("GET", "booking/<int:showtime_id>/best", everybody(200), query=lambda here: "?tickets=1"),
    Row("GET", "tickets/<str:code>", everybody(200)),
    Row("GET", "tickets/<str:code>/qr.svg", everybody(200)),
    Row("GET", "media/<path:path>", everybody(404)),
    Row("GET", "worker.js", everybody(200)),
    Row("GET", "offline", everybody(200)),
    Row("GET", "styleguide", everybody(404)),  # outside of DEBUG
    Row("GET", "manifest.webmanifest", everybody(200)),
    Row("GET", "robots.txt", everybody(200)),
    Row("GET", "sitemap.xml", everybody(200)),
    Row("GET", "sitemap-places.xml", everybody(200)),
    Row("GET", "sitemap-films-<int:number>.xml", everybody(200), ids=lambda here: {"number": 1}),
    Row("GET", "healthz", everybody(200)),
    Row("GET", "readyz", everybody(200)),
    Row("GET", "metrics", everybody(404)),  # with a token in the environment: movy/tests/test_metrics.py
    Row("POST", "webhooks/paystack", everybody(401)),
    Row("POST", "language", everybody("302 /"), lambda here: {"language": "en"}),
]
BOOKING = [
    Row("GET", "booking", everybody("302 /movies")),
    Row(
        "POST",
        "booking",
        signed_in("303 /bookings/", nobody=f"303 {LOGIN}"),
        lambda here: {"showtime": here.api.showtime.pk, "seats": ["D1"]},
    ),
    Row(
        "POST",
        "booking/<int:showtime_id>",
        signed_in("303 /bookings/", nobody=f"303 {LOGIN}"),
        lambda here: {"tickets": 1},
    ),
    Row("GET", "bookings", signed_in(200)),
    Row("GET", "bookings/<str:reference>", ada_alone(200)),
    Row("GET", "bookings/<str:reference>/ticket", ada_alone(200)),
    Row("GET", "bookings/<str:reference>/ticket.pdf", ada_alone(200)),
    Row("GET", "bookings/<str:reference>/ticket.ics", ada_alone(200)),
    Row("GET", "bookings/<str:reference>/open/<str:key>", everybody(404)),  # with its key: test_guest_matrix.py
    Row("GET", "find-my-booking", everybody(200)),
    Row("POST", "find-my-booking", everybody(200), lambda here: {"email": here.api.people["ada"].email}),
    Row("GET", "booking/pay", signed_in("302 /bookings")),
    Row("POST", "booking/pay", ada_alone("303 http"), lambda here: {"booking": here.api.held.reference}),
    Row(
        "GET",
        "verify-payment",
        everybody(200) | {"ada": "303 /bookings/"},  # who is not the buyer sees the state alone
        query=lambda here: f"?reference={here.api.payment.reference}",
    ),
    Row("GET", "find-my-money", everybody(200)),
    Row(  # state and money alone, for who knows e-mail and reference (payments/tests/test_find_money.py)
        "POST",
        "find-my-money",
        everybody(200),
        lambda here: {"email": here.api.people["ada"].email, "reference": here.api.payment.reference},
    ),
    Row("GET", "cancel-booking/<str:reference>", ada_alone(200)),
    Row(
        "POST",
        "cancel-booking/<str:reference>",
        ada_alone("303 /bookings/"),
        ids=lambda here: {"reference": here.api.held.reference},
    ),
    *(  # one that needs no bank details: payments/tests/test_refund_details.py has one that does
        Row(
            method,
            "bookings/<str:reference>/refunds/<str:refund_reference>",
            ada_alone(f"{status} /bookings/") | {"nobody": f"{status} {LOGIN}"},
            ids=lambda here: {"reference": here.api.paid.reference, "refund_reference": here.rows[Refund].reference},
        )
        for method, status in (("GET", 302), ("POST", 303))
    ),
]
WORKPLACES = [
    Row("GET", "invitations/<str:token>", everybody(403) | {"nobody": 200, "ben": 200}),
    Row("POST", "invitations/<str:token>", everybody(403) | {"nobody": f"303 {LOGIN}", "ben": "303 /theatre/"}),
    Row("GET", THEATRE + "add-movie", staff(outcome=200)),
    Row("POST", THEATRE + "add-movie", staff(outcome="303 /movies/"), lambda here: {"tmdb_id": METROPOLIS}),
    Row("GET", THEATRE + "box-office", staff("desk", outcome=200)),
    Row(
        "POST",
        THEATRE + "box-office",
        staff("desk", outcome="303 /theatre/"),
        lambda here: {"showtime": here.api.showtime.pk, "seats": ["D1"], "paid_by": "cash"},
    ),
    Row("GET", THEATRE + "box-office/<str:reference>", staff("desk", outcome=200)),
    Row(
        "POST",
        THEATRE + "box-office/<str:reference>",
        staff("desk", outcome="303 /theatre/"),
        lambda here: {"paper": "a4"},
    ),
    Row("GET", THEATRE + "check-in", staff("door", outcome=200)),
    Row("POST", THEATRE + "check-in", staff("door", outcome="303 /theatre/"), lambda here: {"code": here.api.code}),
    Row("GET", THEATRE + "check-in/<int:showtime_id>", staff("door", outcome=200)),
]
ACCOUNTS = [
    Row("GET", "auth/user/signup", visitors_alone(200)),
    Row("POST", "auth/user/signup", everybody("303 /"), new_person),
    Row("GET", "auth/user/login", visitors_alone(200)),
    Row("POST", "auth/user/login", everybody("303 /"), email_and_password),
    Row("GET", "auth/user/logout", signed_in(200, nobody="302 /")),
    Row("POST", "auth/user/logout", everybody("303 /")),
    Row("GET", "auth/user/inactive", everybody(200)),
    Row("GET", "auth/user/forgot-password", everybody(200)),
    Row(
        "POST",
        "auth/user/forgot-password",
        everybody("303 /auth/user/forgot-password/sent"),
        lambda here: {"email": here.api.people["ben"].email},
    ),
    Row("GET", "auth/user/forgot-password/sent", everybody(200)),
    Row("GET", "auth/user/reset-password/done", everybody(200)),
    Row("GET", RESET, everybody("302 /auth/user/reset-password/"), ids=reset_ids),  # hides the key, then asks
    Row("POST", RESET, everybody("303 /auth/user/reset-password/"), ids=reset_ids),
    Row("GET", "auth/user/confirm-email", everybody(200)),
    Row("POST", "auth/user/confirm-email", sent_signed_in("303 /auth/user")),
    Row("GET", "auth/user/confirm-email/<str:key>", everybody(200)),
    Row("POST", "auth/user/confirm-email/<str:key>", everybody("303 /")),
    Row("GET", "auth/user", signed_in(200)),
    Row(
        "POST", "auth/user", sent_signed_in("303 /auth/user"), lambda here: {"first_name": "Other", "last_name": "Name"}
    ),
    Row("GET", "auth/user/password", signed_in(200)),
    Row(
        "POST",
        "auth/user/password",
        sent_signed_in("303 /auth/user"),
        lambda here: {"oldpassword": PASSWORD, "password": NEW_PASSWORD},
    ),
    Row("GET", "auth/user/password/set", signed_in("302 /auth/user/password")),
    Row(
        "POST",
        "auth/user/password/set",
        sent_signed_in("303 /auth/user/password"),
        lambda here: {"password": NEW_PASSWORD},
    ),
    Row("GET", "auth/user/sessions", signed_in(200)),
    Row("POST", "auth/user/sessions", sent_signed_in("303 /auth/user/sessions")),
    Row("GET", "auth/user/close", signed_in("302 /auth/user/confirm-access")),
    Row(
        "POST",
        "auth/user/close",
        signed_in("302 /auth/user/confirm-access", nobody=f"303 {LOGIN}"),
        lambda here: {"sure": "on"},
    ),
    Row("GET", "auth/user/confirm-access", signed_in(200)),
    Row("POST", "auth/user/confirm-access", sent_signed_in("303 /"), lambda here: {"password": PASSWORD}),
    Row("GET", "auth/user/second-step", signed_in(200)),
    Row("GET", "auth/user/second-step/code", everybody("302 /")),
    Row("POST", "auth/user/second-step/code", everybody("303 /")),
    Row("GET", "auth/user/second-step/confirm-access", signed_in("302 /auth/user/confirm-access")),  # by password
    Row("POST", "auth/user/second-step/confirm-access", sent_signed_in("303 /auth/user/confirm-access")),
    Row("GET", "auth/user/second-step/app", signed_in("302 /auth/user/second-step")),  # confirm the e-mail first
    Row("POST", "auth/user/second-step/app", signed_in("303 /auth/user/second-step")),
    Row("GET", "auth/user/second-step/app/remove", signed_in("302 /auth/user/second-step")),
    Row("POST", "auth/user/second-step/app/remove", sent_signed_in("303 /auth/user/second-step")),
    Row("GET", "auth/user/second-step/codes", signed_in("302 /auth/user/second-step")),
    Row("GET", "auth/user/second-step/codes/new", signed_in("302 /auth/user/confirm-access")),
    Row("POST", "auth/user/second-step/codes/new", signed_in("302 /auth/user/confirm-access")),
    Row("GET", "auth/user/second-step/codes/file", signed_in("302 /auth/user/second-step")),
    Row("GET", "auth/user/connections", signed_in(200)),
    Row("POST", "auth/user/connections", sent_signed_in(400)),
    Row("GET", "auth/google", everybody(200)),
    Row("POST", "auth/google", everybody("303 http")),
    Row("GET", "auth/google/callback", everybody(401)),
    Row("GET", "auth/google/signup", everybody(f"302 {LOGIN}")),
    Row("POST", "auth/google/signup", everybody(f"303 {LOGIN}")),
    Row("GET", "auth/google/cancelled", everybody(200)),
    Row("GET", "auth/google/error", everybody(401)),
]
PAGES = [*PUBLIC, *BOOKING, *WORKPLACES, *ACCOUNTS]
