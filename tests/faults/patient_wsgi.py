"""Movy that waits a minute for Paystack while a person waits, so that on a busy machine, too, fifty checkouts hang at
once. That nobody waits longer than 10 s is for tests/faults/test_paystack_away.py to hold."""

from __future__ import annotations

from importlib import import_module

from movy.wsgi import application

__all__ = ["application"]

gateway = import_module("payments.gateway.paystack")  # not before the application above has set Django up
gateway.PERSON_WAITS = gateway.Outside(connect_seconds=3, read_seconds=60, deadline_seconds=60)
