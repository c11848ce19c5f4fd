"""Price cards in the office: when a card counts, and a table of prices as the buyer will see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import CardPrice, PriceCard
from catalog.prices import AMOUNT_LENGTH, amount_read, card_prices_store
from movy.lib.errors import DomainError
from movy.lib.money import minor_to_major
from theatres.admin import OfTheatreAdmin
from theatres.models import SeatCategory, Theatre, TicketType

WEEKDAYS = [
    ("1", _("Mon")),
    ("2", _("Tue")),
    ("3", _("Wed")),
    ("4", _("Thu")),
    ("5", _("Fri")),
    ("6", _("Sat")),
    ("7", _("Sun")),
]


class WeekdaysField(forms.MultipleChoiceField):
    """Days as the digits that PriceCard keeps."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAYS, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(list(initial or ""), data)


class CardForm(forms.ModelForm):  # type: ignore[type-arg]
    weekdays = WeekdaysField(
        label=_("Days"), help_text=_("None ticked: every day. 00:30 belongs to the evening before.")
    )

    class Meta:
        widgets = {
            "starts_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "starts_before": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }


class PricedCardForm(CardForm):
    """With a field for each category and ticket type of the theatre; an empty one is not sold."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theatre: Theatre = self.instance.theatre
        self.currency = theatre.currency
        self.categories = list(SeatCategory.objects.in_use().filter(theatre=theatre))
        self.types = list(TicketType.objects.in_use().filter(theatre=theatre))
        stored = {
            (price.category_id, price.ticket_type_id): price.amount_minor
            for price in CardPrice.objects.filter(card=self.instance)
        }
        for category in self.categories:
            for kind in self.types:
                amount_minor = stored.get((category.pk, kind.pk))
                typed = "" if amount_minor is None else str(minor_to_major(amount_minor, self.currency))
                self.fields[_name(category, kind)] = forms.CharField(
                    label=f"{category.name}, {kind.name}",
                    max_length=AMOUNT_LENGTH,
                    required=False,
                    initial=typed,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
                )

    def grid(self) -> Iterator[tuple[SeatCategory, list[forms.BoundField]]]:
        for category in self.categories:
            yield category, [self[_name(category, kind)] for kind in self.types]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.amounts: dict[tuple[int, int], int] = {}
        for category in self.categories:
            for kind in self.types:
                self._read(cleaned, category, kind)
        return cleaned

    def _read(self, cleaned: dict[str, Any], category: SeatCategory, kind: TicketType) -> None:
        name = _name(category, kind)
        typed = cleaned.get(name, "")
        if not typed:
            return
        try:
            self.amounts[category.pk, kind.pk] = amount_read(typed, self.currency)
        except DomainError as error:
            self.add_error(name, str(error.message))


def _name(category: SeatCategory, kind: TicketType) -> str:
    return f"price-{category.pk}-{kind.pk}"


@admin.register(PriceCard)
class PriceCardAdmin(OfTheatreAdmin):
    form = CardForm
    list_display = ["name", "theatre", "position", "days", "times", "format"]
    list_filter = ["theatre"]
    list_select_related = ["theatre"]
    ordering = ["theatre__name", "position", "pk"]
    search_fields = ["name"]
    fields = ["theatre", "name", "position", "weekdays", "starts_from", "starts_before", "format"]
    change_form_template = "admin/catalog/pricecard/change_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        given = {"form": PricedCardForm} if obj else {}
        return super().get_form(request, obj, change, **(kwargs | given))

    def save_model(self, request: HttpRequest, obj: PriceCard, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            card_prices_store(obj, form.amounts)

    def response_add(self, request: HttpRequest, obj: PriceCard, post_url_continue: str | None = None) -> HttpResponse:
        """A new card needs its prices next."""
        self.message_user(request, _("“%(name)s” was added. Now its prices.") % {"name": obj.name})
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:catalog_pricecard_change", args=[obj.pk]))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Its prices go with it. Showings keep theirs, so there is nothing to warn of."""
        return [str(card) for card in objs], {str(self.opts.verbose_name_plural): len(objs)}, set(), []

    @admin.display(description=_("days"))
    def days(self, card: PriceCard) -> str:
        names = dict(WEEKDAYS)
        return ", ".join(str(names[digit]) for digit in card.weekdays) or str(_("every day"))

    @admin.display(description=_("times"))
    def times(self, card: PriceCard) -> str:
        parts = []
        if card.starts_from:
            parts.append(_("from %(time)s") % {"time": f"{card.starts_from:%H:%M}"})
        if card.starts_before:
            parts.append(_("before %(time)s") % {"time": f"{card.starts_before:%H:%M}"})
        return " ".join(map(str, parts)) or str(_("any time"))
