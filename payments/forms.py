"""The shape of what paying and cancelling send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.drafts import InvalidPick
from payments.finding import reference_read
from payments.gateway.paystack import Bank
from payments.models import Channel


class PayForm(forms.Form):
    booking = forms.CharField(max_length=20)
    channel = forms.ChoiceField(choices=Channel, required=False)

    def clean_channel(self) -> Channel:
        return Channel(self.cleaned_data["channel"] or Channel.CARD)


class CancelForm(forms.Form):
    """`seats` repeated; none named means all of them. But on a page with a box for each seat, which says so by
    `picked`, no tick means no seat: who unticked all of them doesn't want to lose all. `look`: only tell what would
    come back."""

    picked = forms.BooleanField(required=False)
    look = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.labels = [label.strip().upper() for label in data.getlist("seats")]

    @property
    def labels_meant(self) -> list[str] | None:
        """The seats to give back, None for all. Raises InvalidPick when none is ticked."""
        if self.labels:
            return self.labels
        if self.cleaned_data["picked"]:
            raise InvalidPick("seats", str(_("Tick the seats that you give back.")))
        return None


class FindForm(forms.Form):
    """`email`, and a payment's or a booking's `reference` as people type it."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The one that you booked with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    reference = forms.CharField(
        label=_("Reference of the payment or the booking"),
        max_length=60,
        help_text=_("MV- and 16 signs, or the booking's 10 letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_reference(self) -> str:
        reference = reference_read(self.cleaned_data["reference"])
        if not reference:
            raise forms.ValidationError(
                _("This is not one of our references. They look like MV-7KQ2ZH4MXW3N9BTE or 7KQ2ZH4MXW.")
            )
        return reference


class BankForm(forms.Form):
    """Where a refund is to go. The banks are Paystack's list for the currency."""

    bank = forms.ChoiceField(label=_("Bank or wallet"))
    account_number = forms.RegexField(
        r"^[0-9]{6,20}$",
        label=_("Account number"),
        help_text=_("Sent to Paystack and not kept here, but for its last four digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("An account number has 6 to 20 digits and nothing else.")},
    )

    def __init__(self, *args: Any, banks: list[Bank], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("Choose one")), *((bank.bank_id, bank.name) for bank in banks)]
        self.fields["bank"].choices = choices  # type: ignore[attr-defined]
