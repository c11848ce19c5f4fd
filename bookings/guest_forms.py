"""What somebody without an account types, and what goes with it: the seats that were picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from bookings.guests import guest_email
from movy.lib.references import reference_new

MISTYPED = {
    "gamil.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
    "gmal.com": "gmail.com",
    "gmial.com": "gmail.com",
    "hotmail.con": "hotmail.com",
    "hotmial.com": "hotmail.com",
    "outlok.com": "outlook.com",
    "yaho.com": "yahoo.com",
    "yahoo.con": "yahoo.com",
    "yhoo.com": "yahoo.com",
}
"""Domains that people mean and don't hit. Asked once: some of them exist."""

FIELDS_CARRIED = 60  # seats, ticket types and the like: more is nobody's wish
ATTEMPT_LENGTH = 24
NOT_OF_THE_WISH = {"csrfmiddlewaretoken", "showtime", "email", "name", "sure", "attempt", "choose_types"}


class GuestEmailForm(forms.Form):
    """`email` of somebody without an account."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        try:
            email = guest_email(self.cleaned_data["email"])
        except UnicodeError:
            email = ""
        if not 0 < len(email) <= 254:
            raise forms.ValidationError(_("Enter a valid email address."), code="invalid")
        return email


class GuestForm(GuestEmailForm):
    """`email` and `name`; beside them `sure`, an e-mail that looks mistyped and that somebody insists on, and
    `attempt`, by which a form that was sent twice is known. `mistyped`: the e-mail to ask about."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    mistyped = ""

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="guest_%s")  # the form to sign in may stand beside it
        sent = data.get("attempt", "")[:ATTEMPT_LENGTH] if data else ""
        self.attempt = sent or reference_new(ATTEMPT_LENGTH)
        self.fields["email"].help_text = _("Your tickets go there, with a link to your booking.")

    def clean_email(self) -> str:
        email = super().clean_email()
        name, _at, domain = email.rpartition("@")
        if domain in MISTYPED and self.data.get("sure") != email:
            self.mistyped = email
            words = {"meant": f"{name}@{MISTYPED[domain]}", "email": email}
            raise forms.ValidationError(
                _("Did you mean %(meant)s? If %(email)s is right, continue once more."), code="mistyped", params=words
            )
        return email

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


@dataclass(frozen=True)
class GuestWish:
    """What somebody had chosen before they were asked who they are. `pairs`: the fields of the map's forms, as they
    were sent, but those that say who; whether they can be read is the forms' own business."""

    showtime_id: int
    pairs: Sequence[tuple[str, str]]

    @property
    def labels(self) -> list[str]:
        """The seats that were picked; none for a wish for the best ones."""
        return [value for name, value in self.pairs if name == "seats"]

    @property
    def action(self) -> str:
        """Where the wish is sent: as from the map."""
        return reverse("bookings:reserve") if self.labels else reverse("bookings:seat_map", args=[self.showtime_id])

    @property
    def back(self) -> str:
        """The map with all of it chosen, where a sign-in leads back to."""
        return f"{reverse('bookings:seat_map', args=[self.showtime_id])}?{urlencode(self.pairs)}"


def wish_sent(showtime_id: int, data: QueryDict) -> GuestWish:
    """Return the wish of a form that was sent."""
    pairs = [(name, value) for name, values in data.lists() if name not in NOT_OF_THE_WISH for value in values]
    return GuestWish(showtime_id, pairs[:FIELDS_CARRIED])


def wish_of_address(address: str) -> GuestWish | None:
    """Return the wish in a map's address, as it stands behind `next` while somebody is asked to sign in; None for any
    other address, and for a map on which nothing is chosen."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404):  # what is no address at all, such as //[, and none of ours
        return None
    if parts.netloc or match.view_name != "bookings:seat_map" or not parts.query:
        return None
    return wish_sent(match.kwargs["showtime_id"], QueryDict(parts.query))
