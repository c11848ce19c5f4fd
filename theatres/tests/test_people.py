"""Who works at a theatre: invited by mail, accepted once, given another role, taken off the list."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import PASSWORD, user_make
from movy.lib.db import again, run_in_transaction
from movy.outbox.models import Mail
from tests.security.admin_walk import url
from tests.security.admin_world import House, house
from theatres.constants import INVITATIONS_AN_HOUR
from theatres.errors import InvitationGone
from theatres.models import Invitation, Membership, Role, Theatre
from theatres.people import invitation_accept, invitation_send, token_new
from theatres.tests.factories import TheatreFactory

NEW = "new@movy.test"


@pytest.fixture
def own(db: None) -> House:
    return house("Velvet", 1)


@pytest.fixture
def client(own: House) -> Client:
    return signed_in(own.manager)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def people(of: House) -> str:
    return reverse("admin:theatres_theatre_people", args=[of.theatre.pk])


def invite(client: Client, of: House, **changes: Any) -> Any:
    return client.post(people(of), {"wish": "invite", "email": NEW, "role": "door"} | changes)


def do(client: Client, of: House, wish: str, pk: int, **data: Any) -> Any:
    return client.post(people(of), {"wish": wish, "id": pk} | data)


def link(mail: Mail | None = None) -> str:
    """The path of the link in the last mail."""
    content = bytes((mail or Mail.objects.latest("pk")).content).decode().replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"https?://[^/\s]+(/invitations/\S+)", content)
    assert found
    return found[1]


def some_time_later() -> None:
    earlier = timezone.now() - timedelta(minutes=30)
    Invitation.objects.update(sent_at=earlier)


# ---- Inviting


def test_an_invitation_is_a_mail_with_a_link_of_which_only_the_digest_is_kept(client: Client, own: House) -> None:
    assert invite(client, own, email=" NEW@movy.test ").status_code == 302
    mail = Mail.objects.get()
    assert mail.recipients == [NEW]
    assert mail.subject == "Velvet Cinema invites you to work with Movy"
    invitation = Invitation.objects.get()
    token = link().rpartition("/")[2]
    assert (invitation.email, invitation.role, invitation.invited_by) == (NEW, Role.DOOR, own.manager)
    assert len(invitation.token_digest) == 64
    assert token not in str(Invitation.objects.values())
    assert not Membership.objects.filter(user__email=NEW).exists()
    assert NEW in client.get(people(own)).content.decode()


@pytest.mark.parametrize("role", ["owner", "is_superuser", "", "MANAGER"])
def test_an_invitation_makes_nobody_more_than_the_three_roles(client: Client, own: House, role: str) -> None:
    assert invite(client, own, role=role).status_code == 400
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_a_form_that_is_not_filled_in_well_keeps_what_was_typed(client: Client, own: House) -> None:
    answer = invite(client, own, email="no address")
    assert answer.status_code == 400
    assert 'value="no address"' in answer.content.decode()


def test_somebody_who_works_here_is_not_invited_again(client: Client, own: House) -> None:
    answer = invite(client, own, email=own.staff[Role.DOOR].email, role="manager")
    assert answer.status_code == 409
    assert "on the list already" in answer.content.decode()
    assert Membership.objects.get(user=own.staff[Role.DOOR]).role == Role.DOOR


def test_one_address_is_not_flooded_nor_is_the_mail_server(client: Client, own: House) -> None:
    assert invite(client, own).status_code == 302
    assert invite(client, own).status_code == 429
    assert do(client, own, "withdraw", Invitation.objects.get().pk).status_code == 302
    assert invite(client, own).status_code == 429  # withdrawing does not begin anew
    for number in range(1, INVITATIONS_AN_HOUR):
        assert invite(client, own, email=f"new{number}@movy.test").status_code == 302
    assert invite(client, own, email="one-too-many@movy.test").status_code == 429
    assert Mail.objects.count() == INVITATIONS_AN_HOUR


@pytest.mark.parametrize("wish", ["resend", "withdraw", "role", "remove", "nonsense", ""])
@pytest.mark.parametrize("pk", ["", "abc", "-1", "987654321", str(10**30)])
def test_a_button_about_nobody_changes_nothing(client: Client, own: House, wish: str, pk: str) -> None:
    assert client.post(people(own), {"wish": wish, "id": pk, "role": "door"}).status_code in (400, 404)
    assert Membership.objects.filter(theatre=own.theatre).count() == 3


# ---- Accepting


def test_a_new_person_signs_up_and_accepts(client: Client, own: House) -> None:
    invite(client, own)
    path, visitor = link(), Client()
    page = visitor.get(path).content.decode()
    assert "Velvet Cinema" in page
    signup = re.search(r'href="(/auth/user/signup\?[^"]+)"', page)
    assert signup
    address = signup[1].replace("&amp;", "&")
    assert f'value="{NEW}"' in visitor.get(address).content.decode()
    form = {"email": NEW, "password": "four words in a row", "first_name": "New", "last_name": "Person"}
    assert visitor.post(address, form | {"next": path})["Location"] == path
    assert not Membership.objects.filter(user__email=NEW).exists()  # signing up is not accepting
    answer = visitor.post(path)
    assert answer.status_code == 303
    assert Membership.objects.get(user__email=NEW, theatre=own.theatre).role == Role.DOOR
    assert EmailAddress.objects.get(email=NEW).verified


def test_somebody_with_an_account_signs_in_and_must_accept_as_well(client: Client, own: House) -> None:
    ada = user_make(email=NEW)
    invite(client, own, role="manager")
    path, visitor = link(), Client()
    assert visitor.post(path)["Location"].startswith("/auth/user/login?next=")
    assert visitor.post("/auth/user/login", {"email": NEW, "password": PASSWORD, "next": path})["Location"] == path
    assert not Membership.objects.filter(user=ada).exists()
    assert visitor.post(path)["Location"] == reverse("admin:index")
    assert visitor.get(reverse("admin:index")).status_code == 200
    assert EmailAddress.objects.get(user=ada).verified


def test_somebody_else_cannot_accept(client: Client, own: House) -> None:
    invite(client, own)
    path, thief = link(), user_make()
    for ask in (signed_in(thief).get, signed_in(thief).post):
        answer = ask(path)
        assert answer.status_code == 403
        assert "another e-mail" in answer.content.decode()
    assert not Membership.objects.filter(user=thief).exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_link_works_once_and_leads_only_its_owner_on(client: Client, own: House) -> None:
    ada = user_make(email=NEW)
    invite(client, own)
    path = link()
    visitor = signed_in(ada)
    first, second = visitor.post(path), visitor.post(path)
    assert first["Location"] == second["Location"] == f"/theatre/{own.theatre.id_slug}/check-in"
    assert Membership.objects.filter(user=ada).count() == 1
    assert visitor.get(path).status_code == 302
    for stranger in (Client(), signed_in(user_make())):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert NEW not in answer.content.decode()
    Membership.objects.filter(user=ada).delete()  # taken off the list again
    assert visitor.post(path).status_code == 404
    assert not Membership.objects.filter(user=ada).exists()


@pytest.mark.parametrize("end", ["run out", "withdrawn", "sent anew", "forged", "cut"])
def test_a_link_that_is_dead_opens_nothing(client: Client, own: House, end: str) -> None:
    ada = user_make(email=NEW)
    invite(client, own)
    path, invitation = link(), Invitation.objects.get()
    match end:
        case "run out":
            Invitation.objects.update(expires_at=timezone.now())
        case "withdrawn":
            assert do(client, own, "withdraw", invitation.pk).status_code == 302
            assert "Nobody is waiting for an answer" in client.get(people(own)).content.decode()
        case "sent anew":
            some_time_later()
            assert do(client, own, "resend", invitation.pk).status_code == 302
            assert link() != path
        case "forged":
            path = f"/invitations/{'a' * 43}:{'b' * 43}"
        case "cut":
            path = path[:-3]
    for ask in (signed_in(ada).get, signed_in(ada).post):
        assert ask(path).status_code == 404
    assert not Membership.objects.filter(user=ada).exists()
    if end == "sent anew":
        assert signed_in(ada).post(link()).status_code == 303


def test_who_has_a_role_by_then_keeps_it(client: Client, own: House) -> None:
    ada = user_make(email=NEW)
    invite(client, own)
    Membership.objects.create(theatre=own.theatre, user=ada, role=Role.MANAGER)
    assert signed_in(ada).post(link()).status_code == 303
    assert Membership.objects.get(user=ada).role == Role.MANAGER


def test_a_used_invitation_cannot_be_sent_again_or_withdrawn(client: Client, own: House) -> None:
    ada = user_make(email=NEW)
    invite(client, own)
    signed_in(ada).post(link())
    some_time_later()
    pk = Invitation.objects.get().pk
    assert do(client, own, "resend", pk).status_code == 404
    assert do(client, own, "withdraw", pk).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_membership() -> None:
    theatre, manager, ada = TheatreFactory(), user_make(), user_make(email=NEW)
    now, token, barrier, given = timezone.now(), token_new(), Barrier(2), []
    fields = {"theatre": theatre, "email": NEW, "role": Role.DOOR, "invited_by": manager, "token": token}
    run_in_transaction(lambda: invitation_send(**fields, now=now), find=again)

    def click() -> None:
        barrier.wait()
        try:
            given.append(run_in_transaction(lambda: invitation_accept(token=token, user=ada, now=now), find=again))
        except InvitationGone:
            given.append(None)
        finally:
            connection.close()

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(given) == 2
    assert Membership.objects.get(user=ada, theatre=theatre) in given
    assert Membership.history.filter(theatre=theatre).count() == 1


# ---- Roles


def member(of: House, role: Role) -> Membership:
    return Membership.objects.get(theatre=of.theatre, user=of.staff[role])


def test_a_role_is_changed_and_a_person_is_removed_from_the_next_request_on(client: Client, own: House) -> None:
    desk = own.staff[Role.BOX_OFFICE]
    assert do(client, own, "role", member(own, Role.BOX_OFFICE).pk, role="manager").status_code == 302
    colleague = signed_in(desk)
    assert colleague.get(reverse("admin:index")).status_code == 200
    assert do(client, own, "remove", Membership.objects.get(user=desk).pk).status_code == 302
    assert colleague.get(reverse("admin:index")).status_code == 302
    kinds = Membership.history.filter(user=desk).order_by("history_id").values_list("history_type", "history_user")
    assert list(kinds) == [("+", None), ("~", own.manager.pk), ("-", own.manager.pk)]


@pytest.mark.parametrize(("wish", "role"), [("remove", ""), ("role", "door")])
def test_nobody_takes_away_their_own_role(client: Client, own: House, wish: str, role: str) -> None:
    Membership.objects.create(theatre=own.theatre, user=user_make(), role=Role.MANAGER)
    answer = do(client, own, wish, member(own, Role.MANAGER).pk, role=role)
    assert answer.status_code == 409
    assert "own role" in answer.content.decode()
    assert member(own, Role.MANAGER).role == Role.MANAGER


@pytest.mark.parametrize(("wish", "role"), [("remove", ""), ("role", "door")])
def test_the_last_manager_stays_even_when_the_owner_asks(own: House, wish: str, role: str) -> None:
    Membership.objects.create(theatre=own.theatre, user=user_make(is_active=False), role=Role.MANAGER)
    owner = signed_in(user_make(is_superuser=True))
    answer = do(owner, own, wish, member(own, Role.MANAGER).pk, role=role)
    assert answer.status_code == 409
    assert "needs somebody who manages it" in answer.content.decode()
    assert member(own, Role.MANAGER).role == Role.MANAGER


# ---- The rival


def test_the_rival_finds_neither_people_nor_invitations(client: Client, own: House) -> None:
    rival = house("Quartz", 2)
    invite(client, own)
    thief, invitation = signed_in(rival.manager), Invitation.objects.get()
    before = sorted(Membership.objects.values_list("user", "theatre", "role"))
    for page in (people(own), reverse("admin:theatres_theatre_people", args=[987_654_321])):
        assert thief.get(page).status_code == 404
        assert thief.post(page, {"wish": "invite", "email": "mole@movy.test", "role": "manager"}).status_code == 404
    for wish, pk in (("resend", invitation.pk), ("withdraw", invitation.pk), ("remove", member(own, Role.DOOR).pk)):
        answer = do(thief, rival, wish, pk)  # a foreign row by way of the own page
        assert answer.status_code == 404
        assert "Velvet" not in answer.content.decode()
    assert do(thief, rival, "role", member(own, Role.DOOR).pk, role="manager").status_code == 404
    assert sorted(Membership.objects.values_list("user", "theatre", "role")) == before
    assert Invitation.objects.get().withdrawn_at is None
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("role", [Role.BOX_OFFICE, Role.DOOR])
def test_box_office_and_door_see_no_people(own: House, role: Role) -> None:
    client = signed_in(own.staff[role])
    for answer in (client.get(people(own)), invite(client, own)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("admin:login"))
    assert not Invitation.objects.exists()


def test_the_theatres_page_leads_to_its_people(client: Client, own: House) -> None:
    assert people(own) in client.get(url(Theatre, "change", own.theatre.pk)).content.decode()
