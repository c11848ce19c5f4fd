"""A hall, a film on the list, a manager and a Monday, for every test of the schedule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from catalog.models import Listing
from catalog.tests.factories import ListingFactory
from movy.lib.clock import database_now, local_day
from theatres.models import Screen, Theatre
from theatres.tests.factories import ScreenFactory
from theatres.tests.people import browser_of


@pytest.fixture
def screen() -> Screen:
    """A hall of two seats in Lagos, where cleaning takes 15 minutes."""
    return ScreenFactory(name="Grand Hall")


@pytest.fixture
def theatre(screen) -> Theatre:
    return screen.theatre


@pytest.fixture
def listing(theatre) -> Listing:
    """A film of 100 minutes on the theatre's list."""
    return ListingFactory(theatre=theatre, movie__title="Metropolis")


@pytest.fixture
def office(theatre) -> Client:
    return browser_of("manager", theatre)


@pytest.fixture
def monday(theatre) -> date:
    """A Monday that is three weeks away."""
    today = local_day(database_now(), theatre.timezone)
    return today + timedelta(days=28 - today.weekday())
