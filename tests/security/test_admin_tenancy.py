"""The rival manager walks the whole office, every registered class by every way in, and finds no row, no name and no
change of another theatre. The walk is shown to find leaks when a guard is taken out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from bookings.models import Booking, CallOff
from catalog.models import Genre, Listing, Movie, Person, PriceCard, Showtime, ShowtimePrice
from catalog.tests.factories import ListingFactory, MovieFactory
from movy.admin_site import OfficeSite
from movy.lib import admin as guards
from movy.lib.admin import OwnerOnlyAdmin, TenantAdmin, TenantInline
from movy.outbox.models import Mail
from payments.models import Payment, Refund, WebhookMessage
from tests.security.admin_walk import Model, Rows, Walk, form_data, snapshot, url
from tests.security.admin_world import House, house, person, platform_rows, shared_rows
from theatres.models import Membership, Role, Screen, Seat, SeatCategory, Theatre, TicketType

OF_ONE_THEATRE: list[Model] = [
    *(Theatre, Screen, Seat, Movie, Listing, PriceCard, Showtime),
    *(Booking, Payment, Refund, CallOff),
]
OF_THE_OWNER: list[Model] = [User, Mail, WebhookMessage]
SHARED: list[Model] = [Genre, Person]
WRITTEN: list[Model] = [Theatre, Screen, Movie, PriceCard, Showtime]


@dataclass
class World:
    """The rival manages `mine` and must find nothing of `theirs`. Both list one film, so both see that one."""

    mine: House
    theirs: House
    foreign: Rows

    def walk(self) -> Walk:
        client = signed_in(self.mine.manager)
        return Walk(client, mine=self.mine.rows, foreign=self.foreign, words=["Quartz", "QUBOOKING"])


@pytest.fixture
def world(db: None) -> World:
    theirs, mine = house("Quartz", 1), house("Velvet", 2)
    both = MovieFactory(title="Common Film")
    ListingFactory(theatre=mine.theatre, movie=both)
    theirs.rows[Listing] = ListingFactory(theatre=theirs.theatre, movie=both)
    rows_without_a_class = {
        SeatCategory: theirs.theatre.categories.get(),
        TicketType: theirs.theatre.ticket_types.get(),
    }
    return World(mine, theirs, {**theirs.rows, **rows_without_a_class, **platform_rows("Quartz")})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(models: list[Model]) -> list[str]:
    return [model.__name__ for model in models]


# ---- The matrix


def test_every_class_in_the_office_has_its_row_in_the_matrix() -> None:
    assert set(admin.site._registry) == {*OF_ONE_THEATRE, *OF_THE_OWNER, *SHARED}


def test_every_class_and_inline_has_tenancy() -> None:
    for registered in admin.site._registry.values():
        assert isinstance(registered, TenantAdmin)
        for inline in registered.get_inlines(None, registered.model()):
            assert issubclass(inline, TenantInline)
    assert {type(admin.site._registry[model]).__mro__.count(OwnerOnlyAdmin) for model in OF_THE_OWNER} == {1}


def test_raw_id_fields_are_not_used_because_they_name_any_row() -> None:
    for registered in admin.site._registry.values():
        inlines = registered.get_inlines(None, registered.model())
        assert not registered.raw_id_fields
        assert not any(inline.raw_id_fields for inline in inlines)


def test_a_class_without_tenancy_stops_the_start() -> None:
    class Bare(admin.ModelAdmin):
        pass

    for given in (Bare, None):
        with pytest.raises(ImproperlyConfigured):
            OfficeSite().register(Screen, given)


# ---- The rival


@pytest.mark.parametrize("model", OF_ONE_THEATRE + OF_THE_OWNER, ids=names(OF_ONE_THEATRE + OF_THE_OWNER))
def test_the_rival_finds_nothing_of_another_theatre(world: World, model: Model) -> None:
    assert world.walk().leaks(model) == []


@pytest.mark.parametrize("model", OF_ONE_THEATRE, ids=names(OF_ONE_THEATRE))
def test_the_rival_finds_the_own_row(world: World, model: Model) -> None:
    client = signed_in(world.mine.manager)
    assert url(model, "change", world.mine.rows[model].pk) in client.get(url(model, "changelist")).content.decode()
    assert client.get(url(model, "change", world.mine.rows[model].pk)).status_code == 200
    assert client.get(url(model, "history", world.mine.rows[model].pk)).status_code == 200


@pytest.mark.parametrize("model", WRITTEN, ids=names(WRITTEN))
def test_the_rival_saves_the_own_row_so_it_is_the_foreign_choice_that_is_refused(world: World, model: Model) -> None:
    client, page = signed_in(world.mine.manager), url(model, "change", world.mine.rows[model].pk)
    assert client.post(page, form_data(client.get(page))).status_code == 302


@pytest.mark.parametrize("model", SHARED, ids=names(SHARED))
def test_the_rival_reads_what_all_theatres_share_and_cannot_change_it(world: World, model: Model) -> None:
    client, row = signed_in(world.mine.manager), shared_rows("Common")[model]
    assert "Common" in client.get(url(model, "changelist")).content.decode()
    before = snapshot(row)
    assert client.post(url(model, "change", row.pk), {"name": "Mine now"}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert snapshot(row) == before


def test_the_rival_reads_a_film_that_another_theatre_lists_too_and_cannot_change_it(world: World) -> None:
    client, film = signed_in(world.mine.manager), Movie.objects.get(title="Common Film")
    assert client.get(url(Movie, "change", film.pk)).status_code == 200
    assert client.post(url(Movie, "change", film.pk), {"title": "Mine now"}).status_code == 403
    assert client.post(url(Movie, "delete", film.pk), {"post": "yes"}).status_code == 403


def test_the_index_names_the_own_theatre_and_not_the_owners_classes(world: World) -> None:
    page = signed_in(world.mine.manager).get(reverse("admin:index")).content.decode()
    assert "Velvet Cinema" in page
    assert "Quartz" not in page
    for model in OF_THE_OWNER:
        assert url(model, "changelist") not in page


@pytest.mark.parametrize("wish", ["DELETE", "name", "percent"])
@pytest.mark.parametrize("inline", ["categories", "ticket_types", "refund_steps"])
def test_a_foreign_row_cannot_be_smuggled_into_an_inline_of_the_own_theatre(
    world: World, inline: str, wish: str
) -> None:
    client = signed_in(world.mine.manager)
    page = url(Theatre, "change", world.mine.theatre.pk)
    data = form_data(client.get(page))
    foreign = getattr(world.theirs.theatre, inline).first()
    data |= {f"{inline}-0-id": foreign.pk, f"{inline}-0-{wish}": {"percent": 1}.get(wish, "on")}
    before = snapshot(foreign)
    assert "quartz" not in client.post(page, data, follow=True).content.decode().lower()
    assert snapshot(foreign) == before


def test_a_foreign_price_cannot_be_smuggled_into_the_own_showing(world: World) -> None:
    client = signed_in(world.mine.manager)
    page = url(Showtime, "change", world.mine.rows[Showtime].pk)
    foreign = ShowtimePrice.objects.get(showtime=world.theirs.rows[Showtime])
    data = form_data(client.get(page)) | {"prices-0-id": foreign.pk, "prices-0-amount": "1.00"}
    assert client.post(page, data).status_code == 200
    foreign.refresh_from_db()
    assert foreign.amount_minor == 350_000


def test_the_own_showing_cannot_be_priced_in_a_foreign_category(world: World) -> None:
    client = signed_in(world.mine.manager)
    page = url(Showtime, "change", world.mine.rows[Showtime].pk)
    data = form_data(client.get(page)) | {
        "prices-TOTAL_FORMS": 2,
        "prices-1-category": world.theirs.theatre.categories.get().pk,
        "prices-1-ticket_type": world.mine.theatre.ticket_types.get().pk,
        "prices-1-amount": "100",
    }
    response = client.post(page, data)
    assert response.status_code == 200
    assert "Quartz" not in response.content.decode()
    assert ShowtimePrice.objects.filter(showtime=world.mine.rows[Showtime]).count() == 1


# ---- Who gets in


def doors() -> list[str]:
    """Every page of the office that needs no row."""
    pages = [reverse("admin:index"), reverse("admin:autocomplete"), reverse("admin:jsi18n")]
    for model in admin.site._registry:
        pages += [url(model, "changelist"), url(model, "add")]
    labels = {model._meta.app_label for model in admin.site._registry}
    return pages + [reverse("admin:app_list", args=[label]) for label in sorted(labels)]


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR, "moviegoer", "is_staff without a theatre"])
def test_nobody_but_managers_and_the_owner_gets_in(world: World, role: str) -> None:
    strangers = {
        "moviegoer": person("ada@movy.test"),
        "is_staff without a theatre": person("staff@movy.test", is_staff=True),
    }
    client = signed_in(strangers.get(role) or world.mine.staff[role])
    for page in doors():
        for answer in (client.get(page), client.post(page)):
            assert answer.status_code == 302, page
            assert answer["Location"].startswith(reverse("admin:login"))
    assert client.get(reverse("admin:login")).status_code == 403


def test_who_is_not_signed_in_is_led_to_the_one_sign_in_page(db: None) -> None:
    client = Client()
    for page in doors():
        assert client.get(page)["Location"].startswith(reverse("admin:login"))
    for answer in (client.get(reverse("admin:login")), client.post(reverse("admin:login"), {"username": "a"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_a_password_is_changed_on_the_one_page_for_it(world: World) -> None:
    answer = signed_in(world.mine.manager).get(reverse("admin:password_change"))
    assert answer["Location"] == reverse("account_change_password")


def test_a_lost_role_ends_at_the_next_request(world: World) -> None:
    client = signed_in(world.mine.manager)
    assert client.get(reverse("admin:index")).status_code == 200
    Membership.objects.filter(user=world.mine.manager).update(role=Role.BOX_OFFICE)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_closed_account_ends_at_the_next_request(world: World) -> None:
    client = signed_in(world.mine.manager)
    User.objects.filter(pk=world.mine.manager.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_owner_sees_both_theatres(world: World) -> None:
    client = signed_in(person("owner@movy.test", is_superuser=True))
    for model in [*OF_ONE_THEATRE, *OF_THE_OWNER]:
        page = client.get(url(model, "changelist")).content.decode()
        assert url(model, "change", world.foreign[model].pk) in page, model
        assert client.get(url(model, "change", world.foreign[model].pk)).status_code == 200


def test_what_django_and_allauth_would_bring_is_not_there(db: None) -> None:
    for name in ("auth_group", "account_emailaddress", "mfa_authenticator", "usersessions_usersession"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")


# ---- The walk itself: with a guard out it must find something


@pytest.mark.parametrize("model", OF_ONE_THEATRE, ids=names(OF_ONE_THEATRE))
def test_the_walk_finds_a_list_that_is_not_filtered(
    world: World, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TenantAdmin, "get_queryset", lambda self, request: self.model._default_manager.all())
    assert any("listed under" in leak for leak in world.walk().lists(model))


@pytest.mark.parametrize("model", [Screen, Showtime], ids=names([Screen, Showtime]))
def test_the_walk_finds_choices_that_are_not_filtered(
    world: World, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "choices_visible", lambda related, request, site: related._default_manager.all())
    assert any("stands in form" in leak for leak in world.walk().forms(model))


def test_the_walk_finds_a_filter_that_answers_about_foreign_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TenantAdmin, "lookup_allowed", admin.ModelAdmin.lookup_allowed)
    assert any("for a foreign row" in leak for leak in world.walk().filters(Movie))


@pytest.mark.parametrize("way", ["pages", "autocomplete", "actions", "on_site"])
def test_the_walk_finds_a_foreign_row_by_every_other_way(
    world: World, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TenantAdmin, "get_queryset", lambda self, request: self.model._default_manager.all())
    model = {"autocomplete": Screen, "actions": Seat}.get(way, Booking)
    assert list(getattr(world.walk(), way)(model))
