"""The list of guards, by what they protect. Each line says what is taken out and which test is red without it."""

from __future__ import annotations

from tests.mutations.guards.kept import KEPT
from tests.mutations.guards.live import LIVE
from tests.mutations.guards.money import MONEY
from tests.mutations.guards.outside import OUTSIDE
from tests.mutations.guards.people import PEOPLE
from tests.mutations.guards.refunds import REFUNDS
from tests.mutations.guards.seats import SEATS
from tests.mutations.guards.shows import SHOWS
from tests.mutations.guards.tenancy import TENANCY
from tests.mutations.guards.work import WORK
from tests.mutations.mutation import Mutation

GUARDS: list[Mutation] = [*SEATS, *MONEY, *REFUNDS, *SHOWS, *TENANCY, *PEOPLE, *OUTSIDE, *WORK, *LIVE, *KEPT]
