"""Filters that every page may use."""

from __future__ import annotations

from django import template

from movy.lib.money import money_text
from movy.lib.names import name_text

register = template.Library()
register.filter("money", money_text)
register.filter("known", name_text)
