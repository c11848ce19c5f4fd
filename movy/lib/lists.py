"""Lists of the API: {next, previous, results}. What grows with time goes by cursor (movy/lib/cursors.py), what the size
of the house bounds by page number; a page behind the last one is empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from movy.lib.cursors import Cut

PAGE_SIZE = 24
PAGE_SIZE_MAX = 100
PAGE_MAX = 10_000
CURSOR_LENGTH_MAX = 200


class SizeForm(forms.Form):
    page_size = forms.IntegerField(required=False, min_value=1, max_value=PAGE_SIZE_MAX)


class PageForm(SizeForm):
    page = forms.IntegerField(required=False, min_value=1, max_value=PAGE_MAX)


class CursorForm(SizeForm):
    cursor = forms.CharField(
        required=False,
        strip=False,
        max_length=CURSOR_LENGTH_MAX,
        validators=[RegexValidator(r"^[A-Za-z0-9_.-]+\Z")],
        help_text="A place in this list, as `next` and `previous` name it. Without it: the newest.",
    )


@dataclass(frozen=True)
class ListPage:
    """Which part of a list is asked for. Fetch `limit` rows from `offset`: one more than are shown tells if there is a
    next page."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def limit(self) -> int:
        return self.size + 1

    @property
    def rows(self) -> slice:
        return slice(self.offset, self.offset + self.limit)


def list_page(request: Request) -> ListPage:
    """Read `page` and `page_size`. Raises ValidationError."""
    asked = query_read(request, PageForm)
    return ListPage(number=asked["page"] or 1, size=asked["page_size"] or PAGE_SIZE)


def query_read(request: Request, form_class: type[forms.Form]) -> dict[str, Any]:
    """Return what a form makes of the query. Raises ValidationError, which becomes a 400 that names the fields."""
    form = form_class(request.query_params)
    if not form.is_valid():
        raise ValidationError(
            {
                name: [ErrorDetail(row["message"], row["code"] or "invalid") for row in rows]
                for name, rows in form.errors.get_json_data().items()
            }
        )
    return form.cleaned_data


def list_response(request: Request, page: ListPage, results: Sequence[Any]) -> Response:
    """Answer with a page of already written results, of which there may be one too many."""
    return page_response(request, page.number, results[: page.size], has_next=len(results) > page.size)


def page_response(request: Request, number: int, results: Sequence[Any], *, has_next: bool) -> Response:
    """Answer with a page of a list whose pages somebody else cuts."""
    return Response(
        {
            "next": _url(request, page=number + 1) if has_next else None,
            "previous": _url(request, page=number - 1) if number > 1 else None,
            "results": list(results),
        }
    )


def cut_response(request: Request, page: Cut, results: Sequence[Any]) -> Response:
    """Answer with a page of a list that goes by cursor, of already written results."""
    return Response(
        {
            "next": None if page.older is None else _url(request, cursor=page.older),
            "previous": None if page.newer is None else _url(request, cursor=page.newer),
            "results": list(results),
        }
    )


def _url(request: Request, **place: object) -> str:
    """Return the address that was asked for, with another place in the list."""
    query = request.query_params.copy()
    for name, value in place.items():
        query[name] = str(value)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
