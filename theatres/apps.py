from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TheatresConfig(AppConfig):
    name = "theatres"
    verbose_name = _("House")
