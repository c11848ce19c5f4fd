"""Who goes to the cinema in the town, who works there, and how they signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

from accounts.models import User
from benchmarks.town.bulk import first_id, rows_insert
from movy.lib.sql import sql_value

PASSWORD = "movy-town"
OWNER = "owner@town.test"
SIGNED_IN_EVERY = 4
"""One person in so many has a session."""

FIRST_NAMES = ("Amina", "Bola", "Chidi", "Dayo", "Efua", "Femi", "Gathoni", "Halima", "Ike", "Jomo", "Kwame", "Lanre")
LAST_NAMES = ("Abara", "Boateng", "Chukwu", "Danso", "Eze", "Farah", "Gitau", "Hassan", "Ibe", "Juma", "Kamau", "Lawal")


@dataclass(frozen=True)
class People:
    """Buyers as (id, e-mail, name), guests as (e-mail, name)."""

    users: list[tuple[int, str, str]]
    guests: list[tuple[str, str]]
    first_manager_id: int


def people_build(*, buyers: int, managers: int, now: datetime, seed: int) -> People:
    """Store `buyers` moviegoers with confirmed addresses, some signed in; then the owner, and `managers` who have no
    cinema yet. All have PASSWORD."""
    first = first_id(User)
    random = Random(f"people {seed}")
    password, joined_at = make_password(PASSWORD), sql_value(now - timedelta(days=400))
    users = [(first + number, f"buyer{first + number}@town.test", _name(random)) for number in range(buyers)]
    rows = [_user(pk, email, name, password, joined_at) for pk, email, name in users]
    first_manager = first + buyers + 1
    rows.append(_user(first_manager - 1, OWNER, "Ola Owner", password, joined_at, is_staff=True, is_superuser=True))
    rows += [
        _user(pk, manager_email(pk - first_manager), "Max Manager", password, joined_at, is_staff=True)
        for pk in range(first_manager, first_manager + managers)
    ]
    rows_insert(User, USER, rows)
    rows_insert(EmailAddress, ADDRESS, [(row[0], row[2], True, True) for row in rows])
    expires_at = sql_value(now + timedelta(days=14))
    rows_insert(
        Session,
        ("session_key", "session_data", "expire_date"),
        [
            (salted_hmac("town", str(pk), algorithm="sha256").hexdigest()[:32], "e30", expires_at)
            for pk, _email, _name in users[::SIGNED_IN_EVERY]
        ],
    )
    guests = [(f"guest{number}@town.test", _name(random)) for number in range(buyers // 2)]
    return People(users, guests, first_manager)


def manager_email(number: int) -> str:
    """Return who manages the town's cinema of that number, from 0."""
    return f"manager{number}@town.test"


USER = ("id", "password", "email", "first_name", "last_name", "is_superuser", "is_staff", "is_active", "date_joined")
ADDRESS = ("user_id", "email", "verified", "primary")


def _user(
    pk: int,
    email: str,
    name: str,
    password: str,
    joined_at: object,
    *,
    is_staff: bool = False,
    is_superuser: bool = False,
) -> tuple[object, ...]:
    first_name, last_name = name.split()
    return pk, password, email, first_name, last_name, is_superuser, is_staff, True, joined_at


def _name(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
