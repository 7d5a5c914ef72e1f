"""Whom a facility turns away by its own word."""

from collections.abc import Iterator
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy, override

from ..taxonomy import EXCLUSIVE_SERVICES, ServiceSet, service_set
from ..taxonomy.groups import ADULT_PROGRAMS, AGES, SEXES, service_labels
from .inconsistencies import takes_only_children

CACHE_SIZE = 20_000  # different sets of services
# The services that exclusions depend on. Masked with them, few different sets remain to cache.
EXCLUSION_INPUTS = (
    EXCLUSIVE_SERVICES
    | SEXES
    | AGES
    | ADULT_PROGRAMS
    | service_set("no-opioid-treatment opioid-detox no-alcohol-treatment alcohol-detox")
)


class Exclusion(models.TextChoices):
    """An exclusion that follows from several services; others are services themselves."""

    WOMEN_ONLY = "women only", gettext_lazy("Women only")
    MEN_ONLY = "men only", gettext_lazy("Men only")
    CHILDREN_ONLY = "children only", gettext_lazy("Children and teens only")
    NO_OPIOID_TREATMENT = "no opioids", gettext_lazy("Does not treat opioid use disorder")
    NO_ALCOHOL_TREATMENT = "no alcohol", gettext_lazy("Does not treat alcohol use disorder")
    OPIOID_DETOX_UNCLEAR = (
        "opioid detox unclear",
        gettext_lazy("The listing contradicts itself about opioid detox. Ask."),
    )
    ALCOHOL_DETOX_UNCLEAR = (
        "alcohol detox unclear",
        gettext_lazy("The listing contradicts itself about alcohol detox. Ask."),
    )


@lru_cache(maxsize=CACHE_SIZE)
def exclusions(offered: ServiceSet, language: str) -> tuple[str, ...]:
    """Return whom a facility turns away, one sentence each; shown before anything else."""
    # The cache key is ``language``. Without the switch, a call for English while Spanish is
    # active would keep Spanish sentences for every English reader after it.
    with override(language):
        return (
            *service_labels(offered & EXCLUSIVE_SERVICES, language),
            *(str(exclusion.label) for exclusion in derived_exclusions(offered)),
        )


def derived_exclusions(offered: ServiceSet) -> Iterator[Exclusion]:
    if len(offered & SEXES) == 1:
        yield Exclusion.WOMEN_ONLY if "women" in offered else Exclusion.MEN_ONLY
    if takes_only_children(offered):
        yield Exclusion.CHILDREN_ONLY
    if "no-opioid-treatment" in offered:
        yield (
            Exclusion.OPIOID_DETOX_UNCLEAR
            if "opioid-detox" in offered
            else Exclusion.NO_OPIOID_TREATMENT
        )
    if "no-alcohol-treatment" in offered and "opioid-only" not in offered:
        yield (
            Exclusion.ALCOHOL_DETOX_UNCLEAR
            if "alcohol-detox" in offered
            else Exclusion.NO_ALCOHOL_TREATMENT
        )
