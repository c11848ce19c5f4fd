"""Which language an answer is in: the one that its reader chose in the footer, else what their browser asks for."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from movy.views import csrf_failure

STAFF_PAGES = ("/admin", "/theatre/")
"""Where the people of theatres work. Only pages and mails for visitors are translated; half of each would be worse."""


class Language(LocaleMiddleware):
    """Django's, but in English where theatres work, whatever the browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(STAFF_PAGES):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        else:
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(settings.STATIC_URL):  # the same in every language
            return response
        return super().process_response(request, response)


@csrf_exempt  # the footer is in pages that are kept whole for everybody, which hold no token: see _is_from_elsewhere
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Put the chosen language into a cookie and lead back to the page where the button was. An unknown one changes
    nothing."""
    if _is_from_elsewhere(request):
        return csrf_failure(request)
    return set_language(request)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the form stood on somebody else's page: browsers say so with every POST (the Fetch standard). One too old
    to say is believed: all that a stranger could do to it is another language."""
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.get_host()}"
    return origin is not None and origin not in (own, *settings.CSRF_TRUSTED_ORIGINS)
