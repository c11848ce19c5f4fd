from django.apps import AppConfig


class TheatresConfig(AppConfig):
    name = "theatres"
