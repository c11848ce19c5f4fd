"""Booking without an account, on the page that asks people to sign in: accounts know nothing of bookings."""

from __future__ import annotations

from typing import Any

from django import template

from bookings.guest_forms import GuestForm, wish_of_address
from bookings.guests import CONTACT, references_open

register = template.Library()


@register.inclusion_tag("bookings/_guest_form.html", takes_context=True)
def guest_form(context: dict[str, Any], address: str | None) -> dict[str, Any]:
    """The other way on for who has chosen seats, beside signing in. `address`: where the sign-in leads to; nothing is
    shown for one without seats."""
    request = context["request"]
    wish = wish_of_address(address or "")
    form = GuestForm(initial=request.session.get(CONTACT)) if wish else None
    return {"wish": wish, "form": form, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("bookings/_guest_bookings.html", takes_context=True)
def guest_bookings(context: dict[str, Any]) -> dict[str, Any]:
    """The ways back to what was booked without an account: in this browser, or by a mail."""
    return {"references": references_open(context["request"])}
