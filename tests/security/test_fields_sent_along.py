"""What nobody is asked for: status, user, price, total, theatre, rights and more, sent along with every request that
writes. The outcome is the same as without. The requests are those of both matrices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from accounts.models import User
from catalog.models import Listing
from tests.security.admin_walk import form_data, snapshot, url
from tests.security.matrix import Row
from tests.security.office_rows import BOOKINGS, REST, SHOWS
from tests.security.page_rows import PAGES
from tests.security.page_world import PageWorld, page_world, undone
from tests.security.test_api_matrix import ROWS as ENDPOINTS
from tests.security.test_bad_input import allowed
from tests.security.test_forms import whose
from theatres.models import Screen, Theatre

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack", "tmdb", "google")]

APPS = ("accounts", "theatres", "catalog", "bookings", "payments", "account", "mfa", "socialaccount")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
MEANT = {  # what an endpoint or a form does take of it
    "theatre/<int:theatre_id>/showtimes": {"status", "price", "language", "format"},
    "theatre/<int:theatre_id>/showtimes/<int:showtime_id>": {"status", "price", "language", "format"},
}


def forged(here: PageWorld) -> dict[str, Any]:
    """Return what somebody might try, who has read the models: their names, and those of the API's answers."""
    owner, now = here.api.people["owner"].pk, "2031-01-01T00:00:00Z"
    rivals = Theatre.objects.exclude(pk=here.ids["theatre_id"]).values_list("pk", flat=True)[0]
    rights = dict.fromkeys(("is_staff", "is_superuser", "is_owner", "email_verified", "verified", "confirmed"), True)
    people = dict.fromkeys(("user", "user_id", "buyer", "actor", "actor_id", "sold_by", "admitted_by"), owner)
    money = ("price", "price_minor", "total", "total_minor", "amount_minor", "charged_minor", "refund", "discount")
    times = ("hold_expires_at", "held_until", "confirmed_at", "paid_at", "admitted_at", "created_at", "now")
    return (
        rights
        | people
        | dict.fromkeys(money, 1)
        | dict.fromkeys(times, now)
        | {"theatre": rivals, "theatre_id": rivals, "screen_id": 1, "booking_id": here.api.held.pk, "is_active": False}
        | {"status": "confirmed", "payment_status": "paid", "currency": "GHS", "id": 1, "pk": 1, "groups": [1]}
    )


def right(here: PageWorld, row: Row, *, along: bool) -> dict[str, Any]:
    body = row.body(_world(here, row))
    extra = forged(here) if along else {}
    return {name: value for name, value in extra.items() if name not in MEANT.get(row.route, ())} | body


def _world(here: PageWorld, row: Row) -> Any:
    return here.api if row.prefix else here


def outcome(here: PageWorld, row: Row, *, along: bool) -> tuple[int, dict[str, Any]]:
    """Return the status of a request and what the database then holds that matters."""
    known = {model: set(model.objects.values_list("pk", flat=True)) for model in (User, Theatre)}
    body, path = right(here, row, along=along), row.path(_world(here, row))
    with undone():
        if row.prefix:
            client = here.api.client(allowed(row))
            answer = client.generic(row.method, path, json.dumps(body), content_type="application/json")
        else:
            answer = here.browser(whose(row)).post(path, body)
        return answer.status_code, meaning(known)


def meaning(known: dict[type[models.Model], set[int]]) -> dict[str, Any]:
    """Return of every row what somebody would like to choose: states, rights, money, whose it is. Keys of rows that the
    request made are left out, for they differ from one time to the next."""
    found = {}
    for model in (model for label in APPS for model in apps.get_app_config(label).get_models()):
        fields = [field for field in model._meta.concrete_fields if _matters(field)]
        rows = model._default_manager.values_list(*(field.attname for field in fields)) if fields else []
        found[model._meta.label] = sorted(
            repr([_known(field, value, known) for field, value in zip(fields, row, strict=True)]) for row in rows
        )
    return found


def _matters(field: models.Field[Any, Any]) -> bool:
    if field.is_relation:
        return field.related_model in (User, Theatre)
    return (
        bool(field.choices)
        or field.name.endswith("_minor")
        or isinstance(field, (models.BooleanField, models.EmailField))
    )


def _known(field: models.Field[Any, Any], value: Any, known: dict[type[models.Model], set[int]]) -> Any:
    if field.is_relation:
        return "new" if value is not None and value not in known[field.related_model] else value
    return "closed" if isinstance(field, models.EmailField) and not value.endswith("@movy.test") else value


def problems(here: PageWorld, row: Row) -> list[str]:
    (plain, before), (tried, after) = outcome(here, row, along=False), outcome(here, row, along=True)
    told = [f"{row}: {tried}, {plain} without"] if plain != tried else []
    return told + [f"{row}: {label} is another" for label in before if before[label] != after[label]]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row for row in ENDPOINTS if row.method in WRITES], id="endpoints"),
        pytest.param([row for row in PAGES if row.method == "POST"], id="pages"),
        pytest.param([row for row in (*BOOKINGS, *SHOWS, *REST) if row.method == "POST"], id="office"),
    ],
)
def test_what_is_sent_along_changes_nothing(rows):
    here = page_world()
    wrong = [problem for row in rows for problem in problems(here, row)]
    assert not wrong, "\n".join(wrong)


def test_a_right_that_was_given_would_be_noticed(monkeypatch):
    here, save = page_world(), User.save
    row = next(row for row in ENDPOINTS if row.route == "auth/user/signup")
    plain = outcome(here, row, along=False)

    def save_with_rights(self: User, *args: Any, **kwargs: Any) -> None:
        self.is_superuser = True
        save(self, *args, **kwargs)

    monkeypatch.setattr(User, "save", save_with_rights)
    assert outcome(here, row, along=True) != plain


def test_a_manager_does_not_set_what_the_owner_sets_in_the_offices_own_forms():
    """The account that money goes to, the currency, whose a row is: sent along with a form that is saved."""
    here = page_world()
    client = here.browser("manager")
    tried = {"currency": "GHS", "timezone": "Africa/Accra", "slug": "mine", "paystack_subaccount": "ACCT_mine"}
    elsewhere = Theatre.objects.exclude(pk=here.ids["theatre_id"])[0]
    for model, sent in ((Theatre, tried), (Screen, {"theatre": elsewhere.pk}), (Listing, {"theatre": elsewhere.pk})):
        page = url(model, "change", here.rows[model].pk)
        before = snapshot(here.rows[model])
        assert client.post(page, form_data(client.get(page)) | sent).status_code == 302, model
        assert snapshot(here.rows[model]) == before
