"""Movy with the guard of its refresh tokens taken out, for the test that must fail then: trades of one sign-in's tokens
don't wait for each other."""

from __future__ import annotations

from importlib import import_module

from movy.wsgi import application

__all__ = ["application"]

tokens = import_module("accounts.api.tokens")  # not before the application above has set Django up
tokens.session_lock = lambda key: None
tokens.run_in_transaction = lambda function, find: function()
