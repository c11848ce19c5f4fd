"""Fetching a film from TMDb again: first what would change, then what a person ticks of it."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Movie
from catalog.refresh import FIELDS, Difference, differences, film_fetch, movie_refresh, pictures_fetch
from movy.lib.admin import TenantAdmin
from movy.lib.clock import database_now
from movy.lib.db import again, run_in_transaction
from movy.lib.errors import DomainError
from theatres.models import Theatre


class RefreshPage(TenantAdmin):
    """Mixed into the film's admin class. Whoever may not change a film may not fetch it anew either."""

    change_form_template = "admin/catalog/movie/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        refresh = path(
            "<path:object_id>/refresh/", self.admin_site.admin_view(self.refresh_view), name="catalog_movie_refresh"
        )
        return [refresh, *super().get_urls()]

    def refresh_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        movie = self.get_object(request, unquote(object_id))
        if movie is None or movie.tmdb_id is None:
            raise Http404
        if not self.has_change_permission(request, movie):
            raise PermissionDenied
        try:
            if request.method == "POST":
                return self._take(request, movie)
            changes = differences(movie, film_fetch(movie.tmdb_id), country=_country(request, movie))
        except DomainError as error:
            return self._refresh_page(request, movie, [], refusal=error)
        return self._refresh_page(request, movie, changes)

    def _take(self, request: HttpRequest, movie: Movie) -> HttpResponse:
        """Raises TmdbNotFound, TmdbUnavailable."""
        fields = [name for name in FIELDS if name in request.POST.getlist("take")]
        if not fields:
            self.message_user(request, _("You chose nothing, so everything stays as it was."))
            return HttpResponseRedirect(reverse("admin:catalog_movie_change", args=[movie.pk]))
        fetched = pictures_fetch(film_fetch(cast(int, movie.tmdb_id)), fields=fields)
        country, now = _country(request, movie), database_now()

        def refresh() -> Movie:
            refreshed = movie_refresh(movie_id=movie.pk, fetched=fetched, fields=fields, country=country, now=now)
            self.log_change(
                request, refreshed, [{"changed": {"name": "TMDb", "object": str(refreshed), "fields": fields}}]
            )
            return refreshed

        run_in_transaction(refresh, find=again)
        told = ngettext("%d field was taken from TMDb.", "%d fields were taken from TMDb.", len(fields)) % len(fields)
        self.message_user(request, told)
        return HttpResponseRedirect(reverse("admin:catalog_movie_change", args=[movie.pk]))

    def _refresh_page(
        self, request: HttpRequest, movie: Movie, changes: list[Difference], *, refusal: DomainError | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Fetch from TMDb again"),
            "subtitle": str(movie),
            "opts": self.opts,
            "movie": movie,
            "changes": changes,
            "refusal": refusal.message if refusal else None,
        }
        status = refusal.status if refusal else 200
        return TemplateResponse(request, "admin/catalog/movie/refresh.html", context, status=status)


def _country(request: HttpRequest, movie: Movie) -> str:
    """Return whose certificate counts: the country of a theatre that lists the film, the own one first."""
    own = Theatre.objects.visible_to(request.user).filter(listings__movie=movie).first()
    return own.country if own else ""
