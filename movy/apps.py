from django.apps import AppConfig


class MovyConfig(AppConfig):
    name = "movy"
