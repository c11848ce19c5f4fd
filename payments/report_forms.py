"""What a report is asked for: days, film, grouping, and in which form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.models import Movie
from payments.reports.catalogue import Report
from payments.reports.scope import Scope, scope_of
from theatres.models import Theatre

DAYS_MAX = 366
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FORMATS = ("csv", "xlsx", "pdf")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput
    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)


class ReportForm(forms.Form):
    """A report of one theatre that the caller has found visible. Films offered, and taken, are those it has shown."""

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
    movie = forms.ModelChoiceField(Movie.objects.none(), label=_("Film"), required=False, empty_label=_("All films"))
    by = forms.ChoiceField(label=_("Added up by"), required=False)
    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS], required=False)

    def __init__(self, query: QueryDict, *, theatre: Theatre, report: Report, days: tuple[date, date]) -> None:
        self.theatre, self.report = theatre, report
        first, last = days
        super().__init__({"first": first.isoformat(), "last": last.isoformat()} | query.dict())
        movies = Movie.objects.filter(showtimes__screen__theatre=theatre).distinct()
        self.fields["movie"].queryset = movies  # type: ignore[attr-defined]
        if report.choices:
            self.fields["by"].choices = list(report.choices.items())  # type: ignore[attr-defined]
        else:
            del self.fields["by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days >= DAYS_MAX:
            self.add_error("last", _("Choose %d days at most.") % DAYS_MAX)
        return cleaned

    @property
    def scope(self) -> Scope:
        """What was asked about; of a valid form."""
        asked = self.cleaned_data
        movie = asked["movie"]
        return scope_of(self.theatre, asked["first"], asked["last"], movie_id=movie.pk if movie else None)

    @property
    def grouping(self) -> str:
        """What to add up by: as asked, else the report's first choice."""
        return self.cleaned_data.get("by") or next(iter(self.report.choices), "")
