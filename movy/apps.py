from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.backends.signals import connection_created


class MovyConfig(AppConfig):
    default = True  # or Django, which finds the imported ones here too, would choose none
    name = "movy"

    def ready(self) -> None:
        from movy import freshness  # noqa: PLC0415 - it needs the models

        connection_created.connect(freshness.watch)


class OfficeConfig(admin_apps.AdminConfig):
    """Django's admin with Movy's own site in it."""

    default = False  # or Django would take it for the app `movy` too
    default_site = "movy.admin_site.OfficeSite"


class StaticConfig(StaticFilesConfig):
    """Static files without what nobody asks for: compressing all that drf-spectacular-sidecar brings takes minutes. The
    style sheet's map stays, because the style sheet names it."""

    default = False
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "oauth2-redirect.*",
        "swagger-ui-bundle.js.map",
        "swagger-ui-standalone-preset.*",
    ]
