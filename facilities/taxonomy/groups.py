"""Named sets of services: detox settings, medications, payments and the like, defined once."""

from functools import lru_cache

from django.utils.translation import gettext_lazy

from . import VOCABULARY, ServiceSet

CACHE_SIZE = 20_000  # label lists

SUBSTANCES = {
    "opioid-detox": gettext_lazy("opioids"),
    "alcohol-detox": gettext_lazy("alcohol"),
    "benzodiazepine-detox": gettext_lazy("benzodiazepines"),
    "cocaine-detox": gettext_lazy("cocaine"),
    "methamphetamine-detox": gettext_lazy("methamphetamine"),
}


def service_group(name: str) -> ServiceSet:
    """Return the services whose ``groups`` in services.csv hold ``name``."""
    return ServiceSet.of(*VOCABULARY.in_group(name))


OVERNIGHT = service_group("overnight-detox")
DETOX_SETTINGS = service_group("detox-settings")
OUTPATIENT = DETOX_SETTINGS - OVERNIGHT
DETOX_SUBSTANCES = service_group("detox-substances")
HOSPITAL = service_group("hospital")
LIVE_IN = service_group("live-in")
OUTPATIENT_CARE = service_group("outpatient-care")
RECOVERY_HOME = ServiceSet.of("recovery-housing")
DETOX = ServiceSet.of("detox") | DETOX_SUBSTANCES | DETOX_SETTINGS
MEDICATION_SERVICES = service_group("medications")
# Data quality asks whether the question of medications for opioid use was answered at all.
OPIOID_MEDICATION_ANSWERS = service_group("opioid-medication-answers")
PAYMENTS = ServiceSet.of(*VOCABULARY.in_category("PAY"))
CARD_PAYMENTS = service_group("card-payments")  # the ways to pay that fit on a card
AGES = service_group("ages")
SEXES = service_group("sexes")
ADULT_PROGRAMS = service_group("adult-programs")
GROUP_NAMES = frozenset(
    [
        "overnight-detox",
        "detox-settings",
        "detox-substances",
        "medications",
        "card-payments",
        "ages",
        "sexes",
        "opioid-medication-answers",
        "adult-programs",
        "hospital",
        "live-in",
        "outpatient-care",
    ]
)
NO_MEDICATION = ServiceSet.of("no-opioid-medication")


@lru_cache(maxsize=CACHE_SIZE)
def service_labels(services: ServiceSet, language: str) -> tuple[str, ...]:
    return tuple(service.label(language) for service in services)
