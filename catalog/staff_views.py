"""The page by which a theatre's manager puts a film on the list by its number at TMDb."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.flows import movie_add
from catalog.forms import AddMovieForm
from movy.lib.errors import DomainError
from theatres.models import Role, Theatre
from theatres.pages import staff_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Role.MANAGER)
def add_movie(request: HttpRequest, theatre: Theatre) -> HttpResponse:
    """GET: the form. POST: fetch the film, put it on the list and lead to its page; a refusal keeps what was typed."""
    form = AddMovieForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                added = movie_add(theatre=theatre, tmdb_id=form.cleaned_data["tmdb_id"])
            except DomainError as error:
                form.add_error("tmdb_id", str(error.message))
                status = error.status
            else:
                told = _("%(film)s is on the list.") % {"film": added.movie}
                messages.success(request, told)
                return HttpResponseRedirect(added.movie.get_absolute_url(), status=303)
    return render(request, "catalog/add_movie.html", {"theatre": theatre, "form": form}, status=status)
