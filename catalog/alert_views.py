"""Asking to be told when a film can be booked."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.models import email_normal
from accounts.views import see_other
from catalog.flows import alert_ask
from catalog.models import Movie
from catalog.selectors import movie_card, movie_public
from movy.lib.clock import database_now
from movy.lib.errors import NotFound
from movy.lib.limits import Throttled, client_network, tries_check
from movy.lib.references import hex_digest
from theatres.selectors import cities_of, theatres_all

TRIES_OF_AN_ADDRESS = 30  # a minute: a mobile network shares one
TRIES_OF_AN_EMAIL = 6


class AlertForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)

    def __init__(self, *args: object, cities: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [("", _("Wherever it opens first")), *((city, city) for city in cities)]
        self.fields["city"].choices = choices  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return email_normal(self.cleaned_data["email"])


@see_other
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def tell_me(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Ask for an e-mail, and note it. The answer is the same whoever's it is. A film that can be booked is shown."""
    try:
        movie = movie_public(movie_id)
    except NotFound as missing:
        raise Http404 from missing
    if movie_card(movie_id, now=database_now()).next_showtime is not None:
        messages.info(request, _("It can be booked already."))
        return redirect(movie)
    own = request.user.email if request.user.is_authenticated else ""
    data = request.POST if request.method == "POST" else None
    form = AlertForm(data, initial={"email": own}, cities=cities_of(theatres_all()))
    if not form.is_valid():
        return _page(request, movie, form, status=400 if form.is_bound else 200)
    email = form.cleaned_data["email"]
    try:
        tries_check(f"alert:address:{client_network(request)}", most=TRIES_OF_AN_ADDRESS)
        tries_check(f"alert:email:{hex_digest(email)}", most=TRIES_OF_AN_EMAIL)
    except Throttled as error:
        form.add_error(None, str(error.message))
        response = _page(request, movie, form, status=error.status)
        response["Retry-After"] = str(error.extra["retry_after"])
        return response
    alert_ask(movie, email=email, city=form.cleaned_data["city"], language=get_language() or "en")
    messages.success(request, _("We write to %(email)s once it can be booked.") % {"email": email})
    return redirect(movie)


def _page(request: HttpRequest, movie: Movie, form: AlertForm, *, status: int) -> HttpResponse:
    return render(request, "catalog/tell_me.html", {"movie": movie, "form": form}, status=status)
