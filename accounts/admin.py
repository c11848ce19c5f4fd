"""People, for the platform owner. A theatre finds its people by e-mail on its own page (theatres/admin.py)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User, email_normal
from movy.lib.admin import OwnerOnlyAdmin


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_email(self) -> str:
        """In the stored form, so that the check for a second account with this e-mail compares the right thing."""
        return email_normal(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(OwnerOnlyAdmin):
    form = UserForm
    list_display = ["email", "first_name", "last_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    list_select_related = True
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name"]}),
        (
            _("What they may do"),
            {
                "fields": ["is_active", "is_superuser"],
                "description": _("What a person may do in one theatre is set on that theatre's page."),
            },
        ),
        (_("When"), {"fields": ["date_joined", "last_login"]}),
    ]
    readonly_fields = ["date_joined", "last_login"]
    fixed_fields = ["email"]  # allauth keeps who confirmed which e-mail; people change theirs themselves

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Closing an account keeps what the books need; deleting a row would not."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Nobody shuts themselves out."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "is_active", "is_superuser"] if obj == request.user else fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A person added here chooses a password by "forgot password"; nobody else ever knows it."""
        if not change:
            obj.set_unusable_password()
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)
