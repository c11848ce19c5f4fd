"""Films, who made them, which theatre shows them, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalog.querysets import (
    CardPriceQuerySet,
    CreditQuerySet,
    ListingQuerySet,
    MovieQuerySet,
    PriceCardQuerySet,
    SharedQuerySet,
    ShowtimePriceQuerySet,
    ShowtimeQuerySet,
)
from movy.lib.clock import local_day, minutes_into_day
from movy.lib.fields import Currency
from movy.lib.text import search_form
from theatres.models import Screen, SeatCategory, Theatre, TicketType


class ShowtimeStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ON_SALE = "on_sale", _("on sale")
    CALLED_OFF = "called_off", _("called off")


class Job(models.TextChoices):
    CAST = "cast", _("cast")
    DIRECTOR = "director", _("director")


class Genre(models.Model):
    tmdb_id = models.PositiveIntegerField(null=True, blank=True, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=40, unique=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("genre")
        verbose_name_plural = _("genres")

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    tmdb_id = models.PositiveBigIntegerField(null=True, blank=True, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    photo = models.FileField(_("photo"), upload_to="people", blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name


class Movie(models.Model):
    """A film. Shared by all theatres, which put it on their list by a Listing."""

    tmdb_id = models.PositiveBigIntegerField(null=True, blank=True, unique=True, editable=False)
    tmdb_fetched_at = models.DateTimeField(null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    original_title = models.CharField(_("original title"), max_length=200, blank=True)
    slug = models.SlugField(_("address on this site"), max_length=100, blank=True)
    tagline = models.CharField(_("tagline"), max_length=300, blank=True)
    overview = models.TextField(_("synopsis"), max_length=4000, blank=True)
    runtime_minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    release_date = models.DateField(_("release date"), null=True, blank=True)
    certification = models.CharField(_("certificate"), max_length=12, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True, help_text=_("Two letters, such as en."))
    poster = models.FileField(_("poster"), upload_to="posters", blank=True)
    backdrop = models.FileField(_("backdrop"), upload_to="backdrops", blank=True)
    trailer_url = models.URLField(_("trailer"), blank=True)
    genres = models.ManyToManyField(Genre, related_name="movies", blank=True, verbose_name=_("genres"))
    people = models.ManyToManyField(Person, through="Credit", related_name="movies")
    search_text = models.CharField(max_length=420, editable=False, default="")
    edited_fields = models.JSONField(
        default=list, editable=False, help_text="Names of fields that a person set: fetching from TMDb leaves them."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MovieQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("movie")
        verbose_name_plural = _("movies")

    def __str__(self) -> str:
        return f"{self.title} ({self.release_date.year})" if self.release_date else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = slugify(self.title)[:100] or "movie"
        self.search_text = search_form(f"{self.title} {self.original_title}")[:420]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("catalog:movie", args=[f"{self.pk}-{self.slug}"])


class Credit(models.Model):
    """Who did what in a film; `position` is the billing order."""

    movie = models.ForeignKey(Movie, models.CASCADE, related_name="credits", verbose_name=_("movie"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="credits", verbose_name=_("person"))
    job = models.CharField(_("job"), max_length=10, choices=Job)
    character = models.CharField(_("character"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CreditQuerySet.as_manager()

    class Meta:
        ordering = ["job", "position", "pk"]
        verbose_name = _("credit")
        verbose_name_plural = _("credits")

    def __str__(self) -> str:
        return f"{self.person} · {self.get_job_display()}"


class Listing(models.Model):
    """A film on a theatre's list: what it may schedule."""

    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="listings", verbose_name=_("theatre"))
    movie = models.ForeignKey(Movie, models.PROTECT, related_name="listings", verbose_name=_("movie"))
    note = models.CharField(
        _("note for visitors"),
        max_length=160,
        blank=True,
        help_text=_("Shown with this film at your theatre alone, such as “with a live organ” or “in French”."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ListingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["theatre", "movie"]
        verbose_name = _("movie on the list")
        verbose_name_plural = _("movies on the list")
        constraints = [models.UniqueConstraint(fields=["theatre", "movie"], name="listing_one_per_movie")]

    def __str__(self) -> str:
        return str(self.movie)


class PriceCard(models.Model):
    """What showings of a kind cost. One that is scheduled takes the prices of the first card that fits it, by
    `position`; from then on they are its own (catalog/prices.py).

    `weekdays` are digits, 1 for Monday. Times are the theatre's own, counted from the beginning of its day at 05:00:
    from 22:00 to before 02:00 is one evening.
    """

    theatre = models.ForeignKey(Theatre, models.CASCADE, related_name="price_cards", verbose_name=_("theatre"))
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(
        _("order"), default=10, help_text=_("Of the cards that fit a showing, the one with the lowest number counts.")
    )
    weekdays = models.CharField(_("days"), max_length=7, blank=True)
    starts_from = models.TimeField(_("starts from"), null=True, blank=True)
    starts_before = models.TimeField(_("starts before"), null=True, blank=True)
    format = models.CharField(_("format"), max_length=20, blank=True, help_text=_("Such as 3D. Empty: every format."))

    objects = PriceCardQuerySet.as_manager()

    class Meta:
        ordering = ["theatre", "position", "pk"]
        verbose_name = _("price card")
        verbose_name_plural = _("price cards")
        constraints = [models.UniqueConstraint(fields=["theatre", "name"], name="pricecard_one_per_name")]

    def __str__(self) -> str:
        return self.name

    def fits(self, starts_at: datetime, *, format: str, timezone: str) -> bool:
        """Say whether a showing of this format that starts then is one of the card's kind."""
        if self.weekdays and str(local_day(starts_at, timezone).isoweekday()) not in self.weekdays:
            return False
        if self.format and self.format.casefold() != format.casefold():
            return False
        minutes = minutes_into_day(starts_at.astimezone(ZoneInfo(timezone)).time())
        if self.starts_from and minutes < minutes_into_day(self.starts_from):
            return False
        return not self.starts_before or minutes < minutes_into_day(self.starts_before)


class CardPrice(models.Model):
    """A price on a card, in the theatre's currency."""

    card = models.ForeignKey(PriceCard, models.CASCADE, related_name="prices", verbose_name=_("price card"))
    category = models.ForeignKey(SeatCategory, models.PROTECT, related_name="+", verbose_name=_("category"))
    ticket_type = models.ForeignKey(TicketType, models.PROTECT, related_name="+", verbose_name=_("ticket type"))
    amount_minor = models.PositiveIntegerField(_("price in the smallest unit"))

    objects = CardPriceQuerySet.as_manager()

    class Meta:
        ordering = ["card", "category", "ticket_type"]
        verbose_name = _("price on a card")
        verbose_name_plural = _("prices on cards")
        constraints = [
            models.UniqueConstraint(fields=["card", "category", "ticket_type"], name="cardprice_one_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.category} · {self.ticket_type}"


class Showtime(models.Model):
    """A film on a screen at an instant. `free_at` is when the screen can start its next show, cleaning counted: between
    `starts_at` and `free_at` no other show runs there (catalog/services.py, under a lock on the screen)."""

    movie = models.ForeignKey(Movie, models.PROTECT, related_name="showtimes", verbose_name=_("movie"))
    screen = models.ForeignKey(Screen, models.PROTECT, related_name="showtimes", verbose_name=_("screen"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"), editable=False)
    free_at = models.DateTimeField(_("screen free at"), editable=False)
    sales_close_at = models.DateTimeField(_("sales close at"), editable=False)
    format = models.CharField(_("format"), max_length=20, default="2D")
    language = models.CharField(_("language"), max_length=8, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ShowtimeStatus, default=ShowtimeStatus.DRAFT)
    on_sale_at = models.DateTimeField(
        _("goes on sale at"), null=True, blank=True, help_text=_("When this draft opens by itself.")
    )
    price_card = models.ForeignKey(
        PriceCard,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="showtimes",
        verbose_name=_("price card"),
        help_text="Whose prices it has; none once it has prices of its own.",
    )
    currency = models.CharField(max_length=3, choices=Currency, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ShowtimeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at", "ends_at", "free_at", "sales_close_at", "price_card"])

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("showtime")
        verbose_name_plural = _("showtimes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at"), free_at__gte=models.F("ends_at")),
                name="showtime_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(on_sale_at=None) | models.Q(status=ShowtimeStatus.DRAFT),
                name="showtime_opens_as_a_draft",
            ),
        ]
        indexes = [
            models.Index(fields=["screen", "starts_at"], name="showtime_of_screen"),
            models.Index(fields=["screen", "movie", "status", "starts_at"], name="showtime_of_film_here"),
            models.Index(fields=["movie", "status", "starts_at"], name="showtime_of_movie"),
            models.Index(fields=["status", "starts_at"], name="showtime_by_time"),
            models.Index(fields=["starts_at"], name="showtime_by_start"),  # for the office's list
        ]

    def __str__(self) -> str:
        local = self.starts_at.astimezone(self.screen.theatre.zone)
        return f"{self.movie.title} · {local:%a %d %b %H:%M} · {self.screen.name}"

    def get_absolute_url(self) -> str:
        return reverse("bookings:seat_map", args=[self.pk])

    def meets(self, other: Showtime) -> bool:
        """Say whether the two, being on one screen, cannot both run, cleaning counted. ShowtimeQuerySet.in_the_way_of
        asks the database the same."""
        return self.starts_at < other.free_at and other.starts_at < self.free_at


class ShowtimePrice(models.Model):
    """What a ticket of one type in one category costs at one showtime, in the showtime's currency."""

    showtime = models.ForeignKey(Showtime, models.CASCADE, related_name="prices", verbose_name=_("showtime"))
    category = models.ForeignKey(SeatCategory, models.PROTECT, related_name="+", verbose_name=_("category"))
    ticket_type = models.ForeignKey(TicketType, models.PROTECT, related_name="+", verbose_name=_("ticket type"))
    amount_minor = models.PositiveIntegerField(_("price in the smallest unit"))

    objects = ShowtimePriceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["showtime", "category", "ticket_type"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["showtime", "category", "ticket_type"], name="showtimeprice_one_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.category} · {self.ticket_type}"


class OpeningAlert(models.Model):
    """Somebody who wants to be told when a film can be booked. Gone once they are told: the e-mail is kept for nothing
    else (catalog/alerts.py)."""

    movie = models.ForeignKey(Movie, models.CASCADE, related_name="opening_alerts")
    email = models.EmailField()
    email_digest = models.CharField(max_length=64, help_text="By which it is found: databases differ about e-mails.")
    city = models.CharField(max_length=80, blank=True, help_text="Where it is to open; anywhere without one.")
    language = models.CharField(max_length=8, help_text="Of the mail.")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movie", "email_digest"], name="openingalert_once_for_a_film"),
        ]
        verbose_name = _("opening alert")
        verbose_name_plural = _("opening alerts")

    def __str__(self) -> str:
        return f"{self.movie_id}"
