"""What visitors choose theatres by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TheatreFilterForm(forms.Form):
    """`near`: degrees "latitude,longitude"; the cleaned value is the two numbers, or None."""

    city = forms.CharField(label=_("City"), required=False, max_length=80)
    theatre = forms.IntegerField(label=_("Theatre"), required=False, min_value=1, max_value=2**63 - 1)
    near = forms.CharField(label=_("Near"), required=False, max_length=60)

    def clean_near(self) -> tuple[float, float] | None:
        text = self.cleaned_data["near"]
        if not text:
            return None
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            raise forms.ValidationError(_("Give latitude,longitude in degrees, such as 6.43,3.42.")) from None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # "nan" is in no range either
            raise forms.ValidationError(_("Latitude goes from -90 to 90, longitude from -180 to 180."))
        return latitude, longitude
