"""What visitors choose films and shows by: the same filters on pages and in the API."""

from __future__ import annotations

import datetime
import re

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.tmdb.answers import ID_MAX

YEARS = range(2000, 3000)  # those in which a day has bounds in every zone

language_valid = RegexValidator(re.compile(r"^[a-zA-Z]{2,3}(-[a-zA-Z]{2,4})?\Z"), _("Two letters, such as en."))


class MovieStatus(models.TextChoices):
    NOW_SHOWING = "now_showing", _("Now showing")
    COMING_SOON = "coming_soon", _("Coming soon")


class DayForm(forms.Form):
    """A theatre's day, or any."""

    date = forms.DateField(
        label=_("Day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-11-22.")},
    )

    def clean_date(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["date"]
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("Enter a day of this century."))
        return day


class ShowtimeFilterForm(DayForm):
    """Where and when. Nothing is required: what is left out doesn't narrow."""

    city = forms.CharField(label=_("City"), required=False, max_length=80)
    theatre = forms.IntegerField(label=_("Theatre"), required=False, min_value=1, max_value=2**63 - 1)

    field_order = ["city", "theatre", "date"]


class MovieFilterForm(ShowtimeFilterForm):
    search = forms.CharField(label=_("Search"), required=False, max_length=100)
    genre = forms.CharField(label=_("Genre"), required=False, max_length=40)
    language = forms.CharField(label=_("Language"), required=False, max_length=8, validators=[language_valid])
    status = forms.ChoiceField(label=_("When"), required=False, choices=MovieStatus)


class AddMovieForm(forms.Form):
    """A film by its number at TMDb."""

    tmdb_id = forms.IntegerField(
        label=_("Number at TMDb"),
        min_value=1,
        max_value=ID_MAX,
        help_text=_("It stands in the film's address there, such as 961 in themoviedb.org/movie/961."),
    )
