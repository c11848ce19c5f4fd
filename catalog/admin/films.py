"""Films are shared by all theatres, lists are not: a manager sees the films on the own list, and changes one only while
no other theatre lists it."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from catalog.admin.finding import FindPage
from catalog.admin.refreshing import RefreshPage
from catalog.constants import BACKDROP_PIXELS, PHOTO_PIXELS, POSTER_PIXELS
from catalog.errors import PictureNotStored
from catalog.history import LISTING
from catalog.models import Credit, Genre, Listing, Movie, Person
from catalog.pictures import PictureTooLarge, UnusablePicture, picture_jpeg
from catalog.refresh import edits_note
from catalog.services import listing_remove
from movy.lib.admin import HISTORY_MAX, TenantAdmin, TenantInline
from movy.lib.clock import database_now
from movy.lib.long_lists import LongList, LongListPaginator
from movy.lib.text import search_form
from theatres.admin import OfTheatreAdmin
from theatres.history import staff_ever
from theatres.models import Theatre

logger = logging.getLogger(__name__)

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
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return cleaned


def _redrawn(upload: UploadedFile, pixels_max: tuple[int, int]) -> ContentFile[bytes]:
    """Raises ValidationError, with a sentence that says what to upload instead."""
    if upload.size is None or upload.size > UPLOAD_BYTES_MAX:
        raise forms.ValidationError(_("This file is too large. Upload a picture of at most 8 MB."))
    upload.seek(0)  # a form that the service refused is read a second time
    try:
        picture = picture_jpeg(upload.read(), pixels_max=pixels_max)
    except PictureTooLarge as error:
        raise forms.ValidationError(
            _("This picture has too many pixels. Upload a picture of at most 5,000 by 8,000.")
        ) from error
    except UnusablePicture as error:
        raise forms.ValidationError(
            _("This file is no picture that we can read. Upload a picture as JPEG, PNG or WebP.")
        ) from error
    name = (upload.name or "picture").rpartition(".")[0][:60] or "picture"
    return ContentFile(picture, name=f"{name}.jpg")


class MovieForm(PicturesForm):
    sizes = {"poster": POSTER_PIXELS, "backdrop": BACKDROP_PIXELS}


class MovieAddForm(MovieForm):
    """A film typed in by hand goes on a list at once, or its maker would not see it again."""

    theatre = forms.ModelChoiceField(Theatre.objects.none(), label=_("Put on the list of"))


class PersonForm(PicturesForm):
    sizes = {"photo": PHOTO_PIXELS}


class PicturesAdmin(TenantAdmin):
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Raises PictureNotStored: the form then says so, with all that was typed still in it."""
        try:
            super().save_model(request, obj, form, change)
        except OSError as error:
            logger.exception("picture not stored")
            raise PictureNotStored from error


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
class PersonAdmin(PicturesAdmin, SharedAdmin):
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
class MovieAdmin(RefreshPage, PicturesAdmin):
    form = MovieForm
    list_display = ["title", "release_date", "runtime_minutes", "certification", "language"]
    list_filter = ["genres"]
    list_select_related = True
    search_fields = ["search_text"]
    search_help_text = _("Title, with or without accents")
    filter_horizontal = ["genres"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [CreditInline]
    readonly_fields = ["kept_edits"]
    fieldsets = [
        (None, {"fields": ["title", "original_title", "tagline", "overview"]}),
        (_("Facts"), {"fields": ["runtime_minutes", "release_date", "certification", "language", "genres"]}),
        (_("Pictures"), {"fields": ["poster", "backdrop", "trailer_url"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return [(None, {"fields": ["theatre"]}), *fieldsets]
        return [*fieldsets, ("TMDb", {"fields": ["kept_edits"]})] if obj.tmdb_id else fieldsets

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

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What people of the own theatres changed: a film is shared, who works elsewhere is nobody's business."""
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Movie), object_id=unquote(object_id)
        )
        if not request.user.is_superuser:
            entries = entries.filter(user__in=staff_ever(Theatre.objects.visible_to(request.user)).values("pk"))
        entries = entries.select_related("user").order_by("-action_time")
        shown = {"action_list": Paginator(entries, HISTORY_MAX).page(1), "pagination_required": False}
        return super().history_view(request, object_id, shown | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Movie, form: Any, change: bool) -> None:
        """Raises PictureNotStored."""
        edits_note(obj, form.changed_data)
        super().save_model(request, obj, form, change)
        if not change:
            Listing.objects.create(theatre=form.cleaned_data["theatre"], movie=obj)

    @admin.display(description=_("set here, so kept when fetched again"))
    def kept_edits(self, movie: Movie) -> str:
        return ", ".join(str(Movie._meta.get_field(name).verbose_name) for name in movie.edited_fields)  # type: ignore[union-attr]


@admin.register(Listing)
class ListingAdmin(FindPage, OfTheatreAdmin):
    """Put on the list from TMDb, taken off by deleting. A film that TMDb doesn't know is typed in under "Movies". The
    film itself is everybody's; what a theatre says about it, it says here."""

    list_display = ["movie", "theatre", "note", "created_at"]
    list_filter = ["theatre"]
    list_select_related = ["movie", "theatre"]
    ordering = ["-pk"]
    paginator = LongListPaginator
    search_fields = ["movie__title"]
    fields = ["theatre", "movie", "note"]
    kept = [(LISTING, "id")]
    fixed_fields = ["theatre", "movie"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LongList]:
        return LongList

    def delete_model(self, request: HttpRequest, obj: Listing) -> None:
        listing_remove(theatre_id=obj.theatre_id, movie_id=obj.movie_id, now=database_now())
