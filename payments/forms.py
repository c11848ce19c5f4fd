"""The shape of what paying and cancelling send."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from payments.models import Channel


class PayForm(forms.Form):
    booking = forms.CharField(max_length=20)
    channel = forms.ChoiceField(choices=Channel, required=False)

    def clean_channel(self) -> Channel:
        return Channel(self.cleaned_data["channel"] or Channel.CARD)


class CancelForm(forms.Form):
    """`seats` repeated; none named means all of them."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.labels = [label.strip().upper() for label in data.getlist("seats")] if data else []
