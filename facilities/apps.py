"""The app's configuration."""

from django.apps import AppConfig
from django.core.checks import register

from . import checks


class FacilitiesConfig(AppConfig):
    name = "facilities"

    def ready(self):
        register(checks.check_vocabulary)
        register(checks.check_service_area)
        register(checks.check_tile_privacy)
        register(checks.check_operator, deploy=True)
