from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class MovyConfig(AppConfig):
    name = "movy"


class OfficeConfig(admin_apps.AdminConfig):
    """Django's admin with Movy's own site in it."""

    default = False  # or Django would take it for the app `movy` too
    default_site = "movy.admin_site.OfficeSite"
