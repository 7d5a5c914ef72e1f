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
OVERNIGHT = ServiceSet.of("residential-detox", "hospital-detox")
OUTPATIENT = ServiceSet.of("outpatient-detox")
DETOX = ServiceSet.of("detox", *SUBSTANCES) | OVERNIGHT | OUTPATIENT
MEDICATIONS = ServiceSet.of(
    "buprenorphine", "methadone", "naltrexone", "lofexidine", "clonidine", "acamprosate",
    "disulfiram",
)  # fmt: skip
PAYMENTS = ServiceSet.of(*VOCABULARY.in_category("PAY"))
SHOWN_PAYMENTS = ServiceSet.of(
    "medicaid", "medicare", "private-insurance", "tricare", "self-payment", "no-payment",
    "sliding-scale",
)  # fmt: skip
WOMEN, MEN = ServiceSet.of("women"), ServiceSet.of("men")
NO_MEDICATION = ServiceSet.of("no-opioid-medication")
DENIABLE = ServiceSet.of("opioid-detox", "alcohol-detox")
NOT_TREATED = ServiceSet.of("no-opioid-treatment", "no-alcohol-treatment")


@lru_cache(maxsize=CACHE_SIZE)
def labels(services: ServiceSet, language: str) -> tuple[str, ...]:
    """Plain names in the vocabulary's order."""
    return tuple(service.label(language) for service in services)
