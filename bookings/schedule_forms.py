"""What a manager types to schedule: one showing, a repeat, a copy of days, a file. Each form turns it into wishes
(catalog/series.py); whether they can be is not a form's to say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from catalog.admin.showtimes import WallClockField
from catalog.forms import YEARS, language_valid
from catalog.models import Movie, PriceCard, Showtime, ShowtimePrice, ShowtimeStatus
from catalog.prices import AMOUNT_LENGTH, amount_read
from catalog.series import SHOWINGS_MAX, Wish
from catalog.services import Prices
from catalog.sheet import BYTES_MAX, sheet_text, sheet_wishes
from movy.lib.clock import instant_of, local_day
from movy.lib.errors import DomainError
from theatres.models import Screen, Theatre

WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
FORMATS = ("2D", "3D", "IMAX", "4DX")
OPENINGS = [("draft", _("Draft")), ("now", _("On sale now")), ("at", _("On sale at a moment"))]
BY_CARD, OWN_PRICE = "", "own"


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("Enter a day of this century."))
        return day


class TimeField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


class TheatreForm(forms.Form):
    """A form about one theatre's schedule."""

    def __init__(self, *args: Any, theatre: Theatre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theatre = theatre
        screens = Screen.objects.filter(theatre=theatre).select_related("theatre").order_by("name")
        if "screen" in self.fields:
            self.fields["screen"].queryset = screens  # type: ignore[attr-defined]
            self.fields["screen"].label_from_instance = lambda screen: screen.name  # type: ignore[attr-defined]

    def instant(self, name: str) -> datetime | None:
        """Return the instant of a moment on the theatre's clock, or note why there is none."""
        moment = self.cleaned_data.get(name)
        try:
            return instant_of(moment, self.theatre.timezone) if moment else None
        except DomainError as error:
            self.add_error(name, str(error.message))
            return None


class SeriesForm(TheatreForm):
    """Showings to be made, and when they go on sale."""

    opening = forms.ChoiceField(label=_("Sales"), choices=OPENINGS, initial="now")
    opens_on = WallClockField(label=_("Sales begin"), required=False, help_text=_("By the theatre's own clock."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["opens_at"] = None
        if cleaned.get("opening") == "at" and "opens_on" not in self.errors:
            if not cleaned.get("opens_on"):
                self.add_error("opens_on", _("Say when sales begin."))
            cleaned["opens_at"] = self.instant("opens_on")
        return cleaned

    def _days(self, first: date, until: date | None, *, step: int = 1) -> list[date]:
        """Return first, and every `step` days more up to `until`; one more than can be, so that somebody notices."""
        last = until or first
        count = min((last - first).days // step, SHOWINGS_MAX) + 1
        return [first + timedelta(days=number * step) for number in range(count)]

    def _until_check(self, cleaned: dict[str, Any], first: str) -> None:
        until = cleaned.get("until")
        if until and cleaned.get(first) and until < cleaned[first]:
            self.add_error("until", _("That is before the first day."))


class NewShowForm(SeriesForm):
    movie = forms.ModelChoiceField(Movie.objects.none(), label=_("Film"), empty_label=_("Choose a film"))
    screen = forms.ModelChoiceField(Screen.objects.none(), label=_("Screen"), empty_label=None)
    day = DayField(label=_("Day"), help_text=_("The evening it belongs to: 00:30 is the end of that day."))
    at = TimeField(label=_("Time"), help_text=_("By the theatre's own clock."))
    format = forms.CharField(label=_("Format"), max_length=20, initial="2D", required=False)
    language = forms.CharField(
        label=_("Language"),
        max_length=8,
        required=False,
        validators=[language_valid],
        help_text=_("Two letters. Empty: the film's own."),
    )
    price = forms.ChoiceField(label=_("Prices"), required=False)
    amount = forms.CharField(label=_("Price of every seat"), max_length=AMOUNT_LENGTH, required=False)
    until = DayField(label=_("Repeat until"), required=False, help_text=_("Empty: this showing alone."))
    weekdays = forms.MultipleChoiceField(
        label=_("On these days"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cards = list(
            PriceCard.objects.filter(theatre=self.theatre).order_by("position", "pk").values_list("pk", "name")
        )
        self.fields["movie"].queryset = (  # type: ignore[attr-defined]
            Movie.objects.filter(listings__theatre=self.theatre).order_by("title", "pk")
        )
        choices = [(BY_CARD, _("By the price card that fits")), *((str(pk), name) for pk, name in cards)]
        self.fields["price"].initial = BY_CARD if cards else OWN_PRICE
        self.fields["price"].choices = [*choices, (OWN_PRICE, _("One price for every seat"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["prices"] = None
        if cleaned.get("price") == OWN_PRICE:
            try:
                cleaned["prices"] = amount_read(cleaned.get("amount", ""), self.theatre.currency)
            except DomainError as error:
                self.add_error("amount", str(error.message))
        self._until_check(cleaned, "day")
        return cleaned

    def wishes(self) -> list[Wish]:
        typed = self.cleaned_data
        days = [
            day
            for day in self._days(typed["day"], typed["until"])
            if not (typed["until"] and typed["weekdays"]) or str(day.isoweekday()) in typed["weekdays"]
        ]
        card = typed["price"]
        return [
            Wish(
                movie=typed["movie"],
                screen=typed["screen"],
                day=day,
                at=typed["at"],
                format=typed["format"] or "2D",
                language=typed["language"],
                prices=typed["prices"],
                card_id=int(card) if card not in (BY_CARD, OWN_PRICE) else None,
                is_on_sale=typed["opening"] == "now",
                opens_at=typed["opens_at"],
            )
            for day in days
        ]


class CopyForm(SeriesForm):
    """The shows of a day or a week, once more on others: at the same time by the clock, summer time or not."""

    first = DayField(label=_("From"))
    span = forms.TypedChoiceField(label=_("Copy"), choices=[(1, _("this day")), (7, _("seven days"))], coerce=int)
    to = DayField(label=_("To"))
    until = DayField(
        label=_("And again until"), required=False, help_text=_("Every day, or every seven days. Empty: once.")
    )
    screen = forms.ModelChoiceField(
        Screen.objects.none(), label=_("Screen"), required=False, empty_label=_("All screens")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._until_check(cleaned, "to")
        return cleaned

    def wishes(self) -> list[Wish]:
        typed = self.cleaned_data
        shows = self._shows(typed["first"], typed["span"])
        targets = self._days(typed["to"], typed["until"], step=typed["span"])
        wishes = (self._wish(show, target - typed["first"]) for target in targets for show in shows)
        return list(islice(wishes, SHOWINGS_MAX + 1))

    def _shows(self, first: date, span: int) -> list[Showtime]:
        own = Prefetch("prices", ShowtimePrice.objects.select_related("category", "ticket_type"))
        found: list[Showtime] = []
        for number in range(span):
            shows = Showtime.objects.on_day(first + timedelta(days=number), self.theatre.timezone)
            shows = shows.filter(screen__theatre=self.theatre).exclude(status=ShowtimeStatus.CALLED_OFF)
            if self.cleaned_data["screen"]:
                shows = shows.filter(screen=self.cleaned_data["screen"])
            found += shows.select_related("movie", "screen__theatre").prefetch_related(own).order_by("starts_at", "pk")
        return found

    def _wish(self, show: Showtime, later: timedelta) -> Wish:
        return Wish(
            movie=show.movie,
            screen=show.screen,
            day=local_day(show.starts_at, self.theatre.timezone) + later,
            at=show.starts_at.astimezone(self.theatre.zone).time(),
            format=show.format,
            language=show.language,
            prices=None if show.price_card_id else _own_prices(show),
            is_on_sale=self.cleaned_data["opening"] == "now",
            opens_at=self.cleaned_data["opens_at"],
        )


def _own_prices(show: Showtime) -> Prices:
    """Return a showing's prices, without ticket types that are no longer sold."""
    prices: dict[str, dict[str, int]] = {}
    for price in show.prices.all():
        if not price.ticket_type.is_retired:
            prices.setdefault(price.category.code, {})[price.ticket_type.code] = price.amount_minor
    return prices


class ImportForm(TheatreForm):
    """A file, or what was in it: the second time it comes back as text."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(required=False, strip=False, max_length=BYTES_MAX, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload and upload.size > BYTES_MAX:
            self.add_error("file", _("This file is too large. A programme has at most 200 kB."))
        elif upload:
            cleaned["text"] = sheet_text(upload.read())
        elif not cleaned.get("text") and not self.errors:
            self.add_error("file", _("Choose a file."))
        return cleaned

    def wishes(self) -> list[Wish]:
        return sheet_wishes(self.cleaned_data["text"], theatre=self.theatre)


class MoveForm(TheatreForm):
    """Where a showing goes. What is left out stays."""

    screen = forms.ModelChoiceField(Screen.objects.none(), label=_("Screen"), empty_label=None)
    day = DayField(label=_("Day"))
    at = TimeField(label=_("Time"))


class OpenAtForm(TheatreForm):
    opens_on = WallClockField(
        label=_("Goes on sale at"), required=False, help_text=_("By the theatre's own clock. Empty: not by itself.")
    )
