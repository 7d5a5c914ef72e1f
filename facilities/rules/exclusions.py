"""Whom a facility turns away by its own word."""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from ..taxonomy import EXCLUSIVE_SERVICES, ServiceSet, service_set
from ..taxonomy.groups import ADULT_PROGRAMS, AGES, SEXES, labels
from .inconsistencies import accepts_children_alone

CACHE_SIZE = 20_000  # different sets of services
# The services that exclusions depend on. Masked with them, few different sets remain to cache.
EXCLUSION_INPUTS = (
    EXCLUSIVE_SERVICES
    | SEXES
    | AGES
    | ADULT_PROGRAMS
    | service_set("no-opioid-treatment opioid-detox no-alcohol-treatment alcohol-detox")
)


@lru_cache(maxsize=CACHE_SIZE)
def exclusions(offered: ServiceSet, language: str) -> tuple[str, ...]:
    """Return whom a facility turns away, one sentence each; shown before anything else."""
    # The cache key is ``language``. Without the switch, a call for English while Spanish is
    # active would keep Spanish sentences for every English reader after it.
    with override(language):
        return tuple(_sentences(offered, language))


def _sentences(offered: ServiceSet, language: str) -> Iterator[str]:
    yield from labels(offered & EXCLUSIVE_SERVICES, language)
    if len(offered & SEXES) == 1:
        yield _("Women only") if "women" in offered else _("Men only")
    if accepts_children_alone(offered):
        yield _("Children and teens only")
    if "no-opioid-treatment" in offered:
        yield (
            _("The listing contradicts itself about opioid detox. Ask.")
            if "opioid-detox" in offered
            else _("Does not treat opioid use disorder")
        )
    if "no-alcohol-treatment" in offered and "opioid-only" not in offered:
        yield (
            _("The listing contradicts itself about alcohol detox. Ask.")
            if "alcohol-detox" in offered
            else _("Does not treat alcohol use disorder")
        )
