"""The app's configuration."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from . import checks
from .rules import freshness


class FacilitiesConfig(AppConfig):
    name = "facilities"

    def ready(self):
        freshness.set_max_ages(settings.SHELF_LIVES)
        register(checks.vocabulary_is_sound)
        register(checks.service_area_is_known)
        register(checks.tiles_are_known_to_cost_privacy)
