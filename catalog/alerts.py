"""Telling people when a film can be booked: once, by mail, and then forgetting their e-mail. Changes run inside the
transaction of their door."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from catalog.models import Movie, OpeningAlert, Showtime
from movy.lib.references import hex_digest

KEPT_FOR = timedelta(days=365)  # a film that opens later was forgotten by whoever asked
PRUNE_AT_ONCE = 500


def alert_make(movie: Movie, *, email: str, city: str, language: str, now: datetime) -> OpeningAlert:
    """Note that somebody wants to be told; who asks twice is told once, of the city they named last.
    email: as accounts.models.email_normal writes it. city: a theatre's, or "" for anywhere."""
    alert, _is_new = OpeningAlert.objects.update_or_create(
        movie=movie,
        email_digest=hex_digest(email),
        defaults={"email": email, "city": city, "language": language},
        create_defaults={"email": email, "city": city, "language": language, "created_at": now},
    )
    return alert


def alerts_due(*, now: datetime, most: int) -> list[int]:
    """Return ids of alerts whose film can be booked now where it was asked for, the oldest first. One query."""
    shows = Showtime.objects.bookable(now).filter(movie=OuterRef("movie"))
    here = shows.filter(screen__theatre__city=OuterRef("city"))
    due = OpeningAlert.objects.filter(Q(Exists(shows), city="") | Q(Exists(here)))
    return list(due.order_by("created_at", "pk").values_list("pk", flat=True)[:most])


def alert_tell(alert_id: int, *, now: datetime) -> bool:
    """Mail somebody that their film can be booked, and forget them; False when another worker was faster. The row goes
    with the mail into the outbox or not at all, so there is one mail."""
    alert = OpeningAlert.objects.select_related("movie").filter(pk=alert_id).first()
    if alert is None:
        return False
    shows = Showtime.objects.bookable(now).filter(movie=alert.movie).select_related("screen__theatre")
    if alert.city:
        shows = shows.filter(screen__theatre__city=alert.city)
    first = shows.order_by("starts_at", "pk").first()
    if first is None or not OpeningAlert.objects.filter(pk=alert_id).delete()[0]:
        return False
    _mail(alert, first)
    return True


def alerts_forget(emails: Iterable[str]) -> int:
    """Forget what these e-mails asked for; return how many alerts that were."""
    return OpeningAlert.objects.filter(email_digest__in=[hex_digest(email) for email in emails]).delete()[0]


def alerts_prune(*, now: datetime) -> int:
    """Forget some of those who asked KEPT_FOR ago; return how many. By key, so that no lock reaches beyond them."""
    old = OpeningAlert.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    ids = list(old.values_list("pk", flat=True)[:PRUNE_AT_ONCE])
    return OpeningAlert.objects.filter(pk__in=ids).delete()[0] if ids else 0


def _mail(alert: OpeningAlert, first: Showtime) -> None:
    theatre = first.screen.theatre
    context = {
        "movie": alert.movie,
        "showtime": first,
        "theatre": theatre,
        "url": settings.BASE_URL + alert.movie.get_absolute_url(),
    }
    with translation.override(alert.language), timezone.override(theatre.zone):
        template = "catalog/email/opening"
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        text = render_to_string(f"{template}_message.txt", context)
        html = render_to_string(f"{template}_message.html", context)
    mail = EmailMultiAlternatives(subject, text, to=[alert.email])
    mail.attach_alternative(html, "text/html")
    mail.send()
