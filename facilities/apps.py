"""The app's configuration."""

from django.apps import AppConfig
from django.core.checks import register

from . import checks


class FacilitiesConfig(AppConfig):
    name = "facilities"

    def ready(self):
        register(checks.vocabulary_is_sound)
        register(checks.service_area_is_known)
        register(checks.tiles_are_known_to_cost_privacy)
