"""Model fields shared by the apps."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Currency(models.TextChoices):
    NGN = "NGN", _("Nigerian naira")
    GHS = "GHS", _("Ghanaian cedi")
    KES = "KES", _("Kenyan shilling")
    ZAR = "ZAR", _("South African rand")
    USD = "USD", _("US dollar")
    XOF = "XOF", _("West African franc")


def timezone_valid(value: str) -> None:
    """Raise ValidationError unless `value` is an IANA name such as Africa/Lagos."""
    if value not in available_timezones():
        raise ValidationError(_("%(value)s is not a time zone such as Africa/Lagos."), params={"value": value})
