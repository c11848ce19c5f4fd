"""Booking without an account, on the page that asks people to sign in: accounts know nothing of bookings."""

from __future__ import annotations

from typing import Any

from django import template

from bookings.guest_forms import GuestForm, GuestWish, wish_of_address
from bookings.guests import CONTACT, references_open

register = template.Library()


@register.simple_tag
def guest_wish(address: str | None) -> GuestWish | None:
    """The seats that somebody had chosen before they were asked to sign in. `address`: where that leads to."""
    return wish_of_address(address or "")


@register.inclusion_tag("bookings/_guest_form.html", takes_context=True)
def guest_form(context: dict[str, Any], wish: GuestWish) -> dict[str, Any]:
    """The other way on: by e-mail and name."""
    form = GuestForm(initial=context["request"].session.get(CONTACT))
    return {"wish": wish, "form": form, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("bookings/_guest_bookings.html", takes_context=True)
def guest_bookings(context: dict[str, Any]) -> dict[str, Any]:
    """The ways back to what was booked without an account: in this browser, or by a mail."""
    return {"references": references_open(context["request"])}
