"""The facilities of an area on paper: by kind of care, in as few words as a call needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..models import Facility
from ..rules.exclusions import EXCLUSION_INPUTS, exclusions
from ..rules.medications import MEDICATIONS
from ..taxonomy import ServiceSet, service_set
from ..taxonomy.groups import (
    HOSPITAL,
    LIVE_IN,
    OUTPATIENT_CARE,
    OVERNIGHT,
    RECOVERY_HOME,
    service_labels,
)
from .card import KIND_INPUTS, describe_address
from .suspended_number_notice import suspended_number_notice

# Each facility stands under the first that it offers.
SECTIONS = (
    ("overnight-detox", _lazy("Overnight detox"), OVERNIGHT),
    ("hospital", _lazy("Hospital"), HOSPITAL),
    ("live-in", _lazy("Live-in treatment"), LIVE_IN),
    ("outpatient", _lazy("Outpatient"), OUTPATIENT_CARE),
    ("recovery-home", _lazy("Recovery home"), RECOVERY_HOME),
)
OTHER = ("other", _lazy("Kind of care not reported"))
# What an entry adds, unless its heading says it.
ALSO = (
    ("live-in", _lazy("live-in"), LIVE_IN),
    ("outpatient", _lazy("outpatient"), OUTPATIENT_CARE),
)
PAYMENTS = service_set("medicaid sliding-scale no-payment")
MEDICINES = ServiceSet.of(*(medication.slug for medication in MEDICATIONS))


@dataclass(frozen=True)
class AreaEntry:
    """One facility: whom to call, where it is, and what decides whether to."""

    facility: Facility
    phone: str
    suspended: str
    address: str
    exclusions: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class AreaSection:
    """The facilities of one kind of care."""

    slug: str
    title: str
    entries: tuple[AreaEntry, ...]


def area_sections(facilities: Iterable[Facility], language: str) -> list[AreaSection]:
    """Return the kinds of care that there are, each with its facilities in the given order."""
    entries: dict[str, list[AreaEntry]] = {}
    for facility in facilities:
        slug = _section_of(facility.offered & KIND_INPUTS)
        entries.setdefault(slug, []).append(_entry(facility, slug, language))
    titles = [(slug, title) for slug, title, _services in SECTIONS] + [OTHER]
    return [
        AreaSection(slug, str(title), tuple(entries[slug]))
        for slug, title in titles
        if slug in entries
    ]


def _section_of(offered: ServiceSet) -> str:
    return next((slug for slug, _title, services in SECTIONS if offered & services), OTHER[0])


def _entry(facility: Facility, section: str, language: str) -> AreaEntry:
    extension = facility.phone_extension
    return AreaEntry(
        facility,
        f"{facility.phone} {_('ext.')} {extension}" if extension else facility.phone,
        suspended_number_notice(facility),
        describe_address(facility),
        exclusions(facility.offered & EXCLUSION_INPUTS, language),
        "; ".join(_words(facility.offered, section, language)),
    )


def _words(offered: ServiceSet, section: str, language: str) -> Iterator[str]:
    """Yield other kinds of care, medication, and the ways to pay that most ask about."""
    also = [str(words) for slug, words, services in ALSO if slug != section and offered & services]
    if also:
        yield _("Also %(kinds)s") % {"kinds": ", ".join(also)}
    for services in (MEDICINES, PAYMENTS):
        if named := [*service_labels(offered & services, language)]:
            yield ", ".join(named)
