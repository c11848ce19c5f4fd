"""Adding a film: searched for at TMDb, seen with its poster, put on a theatre's list by one click.

The posters come straight from TMDb's picture host, which this page's Content-Security-Policy allows, and no other
page's. Handing them through Movy would keep web threads waiting for twenty strangers' answers a search; a film that is
added has its pictures copied as ever.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.flows import movie_add
from catalog.imports import FoundMovie, FoundPage, movies_search
from catalog.models import Listing, Movie
from catalog.tmdb import tmdb
from catalog.tmdb.answers import ID_MAX
from catalog.tmdb.client import QUERY_MAX
from movy.lib.admin import TenantAdmin
from movy.lib.errors import DomainError
from theatres.models import Theatre


class FindForm(forms.Form):
    """What to look for, and for which of the own theatres."""

    q = forms.CharField(label=gettext_lazy("Title"), max_length=QUERY_MAX, required=False)
    theatre = forms.ModelChoiceField(Theatre.objects.none(), label=gettext_lazy("For the list of"), empty_label=None)
    page = forms.IntegerField(required=False, min_value=1, max_value=500, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, theatres: Any) -> None:
        super().__init__(data)
        self.fields["theatre"].queryset = theatres  # type: ignore[attr-defined]


class AddForm(FindForm):
    tmdb_id = forms.IntegerField(min_value=1, max_value=ID_MAX)


class FindPage(TenantAdmin):
    """Mixed into the admin class of the theatre's list, whose form for adding it replaces."""

    def get_urls(self) -> list[URLPattern]:
        find = path("find/", self.admin_site.admin_view(self.find_view), name="catalog_listing_find")
        return [find, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_listing_find"))

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """GET searches, POST puts one film of the result on the list."""
        own = Theatre.objects.visible_to(request.user)
        first = own.first()
        if first is None:
            raise Http404  # a platform without theatres yet
        if request.method == "POST":
            add = AddForm(request.POST, theatres=own)
            if not add.is_valid():
                return self._page(request, FindForm({"theatre": first.pk}, theatres=own), status=400)
            return self._add(request, add, own)
        return self._page(request, FindForm({"theatre": first.pk} | request.GET.dict(), theatres=own))

    def _add(self, request: HttpRequest, add: AddForm, own: Any) -> HttpResponse:
        """TMDb is asked before the transaction begins, by the flow: a slow answer must not hold anything."""
        theatre = add.cleaned_data["theatre"]
        try:
            added = movie_add(theatre=theatre, tmdb_id=add.cleaned_data["tmdb_id"])
        except DomainError as error:
            return self._page(request, FindForm(request.POST, theatres=own), refusal=error, status=error.status)
        self._tell(request, theatre, added.movie, is_new=added.is_new_on_list)
        back = {name: request.POST.get(name, "") for name in ("q", "theatre", "page")}
        return HttpResponseRedirect(f"{reverse('admin:catalog_listing_find')}?{urlencode(back)}")

    def _tell(self, request: HttpRequest, theatre: Theatre, movie: Movie, *, is_new: bool) -> None:
        words = (
            _("{movie} is on the list of {theatre} now.")
            if is_new
            else _("{movie} was on the list of {theatre} already.")
        )
        if not movie.runtime_minutes:
            words = f"{words} {_('TMDb does not know how long it runs: fill that in before you schedule it.')}"
        link = format_html('<a href="{}">{}</a>', reverse("admin:catalog_movie_change", args=[movie.pk]), movie)
        self.message_user(request, format_html(words, movie=link, theatre=theatre))

    def _page(
        self, request: HttpRequest, form: FindForm, *, refusal: DomainError | None = None, status: int = 200
    ) -> HttpResponse:
        found: FoundPage | None = None
        words = ""
        if form.is_valid():
            words = form.cleaned_data["q"].strip()
            if words and refusal is None:
                try:
                    found = movies_search(words, page=form.cleaned_data["page"] or 1)
                except DomainError as error:
                    refusal, status = error, error.status
        else:
            status = 400
        theatre = form.cleaned_data.get("theatre")
        page = form.cleaned_data.get("page") or 1
        here = {"q": words, "theatre": theatre.pk if theatre else ""}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add a film"),
            "opts": self.opts,
            "form": form,
            "theatre": theatre,
            "words": words,
            "page": page,
            "found": found,
            "results": _results(theatre, found),
            "refusal": refusal.message if refusal else None,
            "next_url": f"?{urlencode(here | {'page': page + 1})}" if found and found.has_next else None,
            "previous_url": f"?{urlencode(here | {'page': page - 1})}" if page > 1 else None,
            "by_hand_url": f"{reverse('admin:catalog_movie_add')}?{urlencode(here | {'title': words})}",
        }
        response = TemplateResponse(request, "admin/catalog/listing/find.html", context, status=status)
        response._csp_update = {"img-src": [tmdb().picture_origin]}  # type: ignore[attr-defined]
        return response


def _results(theatre: Theatre | None, found: FoundPage | None) -> list[tuple[FoundMovie, int | None]]:
    """Return the found films, each with our number of it if the theatre lists it. One query."""
    if theatre is None or found is None:
        return []
    numbers = [movie.film.tmdb_id for movie in found.movies]
    rows = Listing.objects.filter(theatre=theatre, movie__tmdb_id__in=numbers)
    listed = dict(rows.values_list("movie__tmdb_id", "movie_id"))
    return [(movie, listed.get(movie.film.tmdb_id)) for movie in found.movies]
