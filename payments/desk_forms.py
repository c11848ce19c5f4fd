"""The shape of what the desk's page sends: never whether a seat is free, nor what it costs."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import email_normal, one_line
from bookings.forms import SeatPickForm
from bookings.phones import phone_normal
from bookings.pricing import SeatPick
from movy.lib.money import major_to_minor
from payments.models import Channel
from theatres.models import Theatre

RANGE_MAX = 50  # seats that one word may name
AT_DESK = [(channel.value, channel.label) for channel in (Channel.CASH, Channel.CARD_TERMINAL)]
_WORD = re.compile(r"(?P<row>[^\s/-]*?)(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?(?:/(?P<kind>\w{1,20}))?", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,9}|\d{1,3}([ ,]\d{3}){1,2})(\.\d{1,2})?", re.ASCII)  # "45,50" is nobody's 4,550


def seats_typed(text: str) -> list[SeatPick]:
    """Return the seats that a line of words names: "c4 c5", "c4-8", "c5/child". What cannot be read stands for itself,
    so that it is refused by name. static/js/desk.js reads the same while one types."""
    picks: list[SeatPick] = []
    for word in text.upper().replace(",", " ").split():
        match = _WORD.fullmatch(word)
        if match is None:
            picks.append(SeatPick(word))
            continue
        first, last = sorted((int(match["first"]), int(match["last"] or match["first"])))
        last = min(last, first + RANGE_MAX - 1)
        kind = {"ticket_type": match["kind"].lower()} if match["kind"] else {}
        picks += [SeatPick(f"{match['row']}{number}", **kind) for number in range(first, last + 1)]
    return picks


class DeskForm(SeatPickForm):
    """A sale: `showtime`, `seats` and `ticket_type.C5` as buyers name them, or typed as a line; how it is paid, what
    was put on the counter, and the buyer's name, e-mail and telephone number if they like."""

    paid_by = forms.ChoiceField(choices=AT_DESK)
    given = forms.CharField(required=False, max_length=20)
    name = forms.CharField(required=False, max_length=150)
    email = forms.EmailField(required=False, max_length=254, label=_("E-mail"))
    phone = forms.CharField(required=False, max_length=30)
    sale = forms.RegexField(r"[\x21-\x7e]{1,255}", required=False)

    def __init__(self, data: QueryDict, *, theatre: Theatre) -> None:
        super().__init__(data)
        self.theatre = theatre
        typed = seats_typed(str(data.get("typed", ""))[:500])
        self.picks += [pick for pick in typed if pick.label not in self.labels]
        self.labels = [pick.label for pick in self.picks]

    def clean_given(self) -> int | None:
        """What was put on the counter, in the smallest unit; None when nobody counted it."""
        text = self.cleaned_data["given"]
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            raise forms.ValidationError(_("Write what was given as a number, such as 5000."))
        return major_to_minor(Decimal(re.sub(r"[ ,]", "", text)), self.theatre.currency)

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_email(self) -> str:
        return email_normal(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"].strip()
        if not text:
            return ""
        try:
            return phone_normal(text, country=self.theatre.country)
        except ValueError:
            raise forms.ValidationError(_("That is no telephone number. Leave it empty, or write all of it.")) from None

    @property
    def problem(self) -> str:
        """The first thing that is wrong with it, as a sentence."""
        return next(str(errors[0]) for errors in self.errors.values())

    @property
    def wish(self) -> str:
        """All that makes it this sale and no other, in one spelling."""
        sent = {name: self.cleaned_data[name] for name in ("showtime", "paid_by", "name", "email", "phone")}
        return json.dumps(sent | {"seats": sorted((pick.label, pick.ticket_type) for pick in self.picks)})
