"""Films are shared by all theatres, lists are not: a manager sees the films on the own list, and changes one only while
no other theatre lists it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from catalog.constants import BACKDROP_PIXELS, PHOTO_PIXELS, POSTER_PIXELS
from catalog.models import Credit, Genre, Listing, Movie, Person
from catalog.pictures import UnusablePicture, picture_jpeg
from catalog.services import listing_remove, movie_fetch, movie_import
from movy.lib.admin import TenantAdmin, TenantInline
from movy.lib.clock import database_now
from movy.lib.errors import DomainError
from movy.lib.text import search_form
from theatres.admin import OfTheatreAdmin
from theatres.models import Theatre

UPLOAD_BYTES_MAX = 8 * 1024 * 1024


class PicturesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Pictures that people upload are decoded and written anew: what we serve is a JPEG of our own making."""

    sizes: dict[str, tuple[int, int]] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, pixels_max in self.sizes.items():
            upload = cleaned.get(name)
            if isinstance(upload, UploadedFile):
                try:
                    cleaned[name] = _redrawn(upload, pixels_max)
                except UnusablePicture:
                    self.add_error(name, _("Upload a picture (JPEG, PNG or WebP) of at most 8 MB."))
        return cleaned


def _redrawn(upload: UploadedFile, pixels_max: tuple[int, int]) -> ContentFile[bytes]:
    """Raises UnusablePicture."""
    if upload.size is None or upload.size > UPLOAD_BYTES_MAX:
        raise UnusablePicture
    name = (upload.name or "picture").rpartition(".")[0][:60] or "picture"
    return ContentFile(picture_jpeg(upload.read(), pixels_max=pixels_max), name=f"{name}.jpg")


class MovieForm(PicturesForm):
    sizes = {"poster": POSTER_PIXELS, "backdrop": BACKDROP_PIXELS}


class MovieAddForm(MovieForm):
    """A film typed in by hand goes on a list at once, or its maker would not see it again."""

    theatre = forms.ModelChoiceField(Theatre.objects.none(), label=_("Put on the list of"))


class PersonForm(PicturesForm):
    sizes = {"photo": PHOTO_PIXELS}


class SharedAdmin(TenantAdmin):
    """Names that all theatres use: everybody may choose them, the platform owner changes them."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and bool(request.user.is_superuser)


@admin.register(Genre)
class GenreAdmin(SharedAdmin):
    list_display = ["name"]
    list_select_related = True
    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and bool(request.user.is_superuser)


@admin.register(Person)
class PersonAdmin(SharedAdmin):
    form = PersonForm
    list_display = ["name"]
    list_select_related = True
    search_fields = ["name"]


class CreditInline(TenantInline):
    model = Credit
    autocomplete_fields = ["person"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("person")


@admin.register(Movie)
class MovieAdmin(TenantAdmin):
    form = MovieForm
    list_display = ["title", "release_date", "runtime_minutes", "certification", "language"]
    list_filter = ["genres"]
    list_select_related = True
    search_fields = ["search_text"]
    search_help_text = _("Title, with or without accents")
    filter_horizontal = ["genres"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [CreditInline]
    fieldsets = [
        (None, {"fields": ["title", "original_title", "tagline", "overview"]}),
        (_("Facts"), {"fields": ["runtime_minutes", "release_date", "certification", "language", "genres"]}),
        (_("Pictures"), {"fields": ["poster", "backdrop", "trailer_url"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else [(None, {"fields": ["theatre"]}), *fieldsets]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        form = super().get_form(request, obj, change, **(kwargs | {"form": MovieAddForm}))
        own = Theatre.objects.visible_to(request.user)
        form.base_fields["theatre"].queryset = own
        form.base_fields["theatre"].initial = own.first()
        return form

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_form(search_term))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody rewrites a film under another theatre's audience."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.is_superuser or not self._is_listed_elsewhere(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and bool(request.user.is_superuser)

    def _is_listed_elsewhere(self, request: HttpRequest, movie: Movie) -> bool:
        own = Theatre.objects.visible_to(request.user)
        return Listing.objects.filter(movie=movie).exclude(theatre__in=own).exists()

    def save_model(self, request: HttpRequest, obj: Movie, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            Listing.objects.create(theatre=form.cleaned_data["theatre"], movie=obj)


class ListingForm(forms.ModelForm):  # type: ignore[type-arg]
    tmdb_id = forms.IntegerField(
        label=_("TMDb number"),
        min_value=1,
        max_value=2**31,
        help_text=_("The number in the film's address on themoviedb.org: 653 in /movie/653-nosferatu."),
    )


@admin.register(Listing)
class ListingAdmin(OfTheatreAdmin):
    """Put on the list from TMDb, taken off by deleting. A film that TMDb doesn't know is typed in under "Movies"."""

    form = ListingForm
    list_display = ["movie", "theatre", "created_at"]
    list_filter = ["theatre"]
    list_select_related = ["movie", "theatre"]
    search_fields = ["movie__title"]
    fields = ["theatre", "movie"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["theatre", "movie"] if obj else ["theatre", "tmdb_id"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """TMDb is asked before the transaction begins: a slow answer must not hold anything."""
        if request.method == "POST" and self.has_add_permission(request):
            field = ListingForm.base_fields["tmdb_id"]
            try:
                request.fetched = movie_fetch(field.clean(request.POST.get("tmdb_id")))  # type: ignore[attr-defined]
            except DomainError as error:
                request.office_refusal = error.message  # type: ignore[attr-defined]
            except forms.ValidationError:
                pass  # the form says so itself
        return super().add_view(request, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Listing, form: Any, change: bool) -> None:
        imported = movie_import(
            theatre=obj.theatre,
            tmdb_id=form.cleaned_data["tmdb_id"],
            fetched=request.fetched,  # type: ignore[attr-defined]
            now=database_now(),
        )
        obj.movie = imported.movie
        obj.pk = Listing.objects.get(theatre=obj.theatre, movie=obj.movie).pk

    def delete_model(self, request: HttpRequest, obj: Listing) -> None:
        listing_remove(theatre_id=obj.theatre_id, movie_id=obj.movie_id, now=database_now())
