"""What a result card says of a facility: whom it excludes first, then the facts people ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, wraps
from typing import TypeVar

from django.utils.formats import date_format
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..facts.provenance import ListingSource, listing_source, other_lists, passed_on_by_text
from ..geo import Point, compass_direction
from ..models import Facility
from ..rules import medications as continuity
from ..rules.exclusions import EXCLUSION_INPUTS, exclusions
from ..rules.inconsistencies import has_doubtful_ages
from ..taxonomy import VOCABULARY, ServiceSet, service_set
from ..taxonomy.groups import (
    ADULT_PROGRAMS,
    AGES,
    CARD_PAYMENTS,
    DETOX,
    HOSPITAL,
    LIVE_IN,
    MEDICATION_SERVICES,
    NO_MEDICATION,
    OUTPATIENT,
    OUTPATIENT_CARE,
    OVERNIGHT,
    PAYMENTS,
    RECOVERY_HOME,
    SEXES,
    SUBSTANCES,
    service_labels,
)
from ..taxonomy.service_set import union_of_services

COMPASS = {
    "N": pgettext_lazy("compass point", "N"),
    "NE": pgettext_lazy("compass point", "NE"),
    "E": pgettext_lazy("compass point", "E"),
    "SE": pgettext_lazy("compass point", "SE"),
    "S": pgettext_lazy("compass point", "S"),
    "SW": pgettext_lazy("compass point", "SW"),
    "W": pgettext_lazy("compass point", "W"),
    "NW": pgettext_lazy("compass point", "NW"),
}
KINDS = (
    (ServiceSet.of("veterans-affairs"), _lazy("Veterans Affairs (VA), mainly for veterans")),
    (ServiceSet.of("defense-department"), _lazy("Department of Defense, mainly for the military")),
    (ServiceSet.of("indian-health-service"), _lazy("Indian Health Service")),
    (HOSPITAL, _lazy("Hospital")),
    (LIVE_IN, _lazy("Live-in treatment")),
    (OVERNIGHT, _lazy("Overnight detox")),
    (OUTPATIENT_CARE, _lazy("Outpatient")),
    (RECOVERY_HOME, _lazy("Recovery home")),
)
# The services that each line of a card depends on. Masked with them, few sets remain to cache.
KIND_INPUTS = union_of_services(services for services, _label in KINDS)
ADULT_AGES = service_set("young-adults adults seniors")
CHILDREN = ServiceSet.of("children")
PEOPLE_INPUTS = SEXES | AGES | ADULT_PROGRAMS
MEDICATION_INPUTS = MEDICATION_SERVICES | NO_MEDICATION
TREATMENT_INPUTS = MEDICATION_INPUTS | continuity.INPUT_SERVICES
PAYMENT_INPUTS = PAYMENTS | CARD_PAYMENTS
CACHE_SIZE = 20_000  # different lines of cards

Value = TypeVar("Value")


def cached_by_language(function: Callable[..., Value]) -> Callable[..., Value]:
    """Cache a function and run it in the language that is its last positional argument.

    The language is part of the key. Without the switch, a call for Spanish while English is
    active would keep English words under "es".
    """

    @lru_cache(maxsize=CACHE_SIZE)
    @wraps(function)
    def cached(*arguments, **options) -> Value:
        with override(arguments[-1]):
            return function(*arguments, **options)

    return cached


@dataclass(frozen=True)
class Card:
    """One result, in the words of a language, which is the active one.

    The words are made when a page asks for them: no page shows them all.
    """

    facility: Facility
    language: str
    is_ours: bool = True
    distance: str = ""
    why: tuple[str, ...] = ()
    doubt: str = ""
    available: str = ""

    @cached_property
    def offered(self) -> ServiceSet:
        return self.facility.offered

    @cached_property
    def exclusions(self) -> tuple[str, ...]:
        return exclusions(self.offered & EXCLUSION_INPUTS, self.language)

    @cached_property
    def address(self) -> str:
        return describe_address(self.facility)

    @cached_property
    def kind(self) -> str:
        return describe_kind(self.offered & KIND_INPUTS, self.language)

    @cached_property
    def accepts(self) -> str:
        return describe_people(self.offered & PEOPLE_INPUTS, self.language)

    @cached_property
    def detox(self) -> str:
        return describe_detox(self.offered & DETOX, self.language)

    @cached_property
    def medications(self) -> str:
        return describe_medications(self.offered & MEDICATION_INPUTS, self.language)

    @cached_property
    def treatment(self) -> str:
        return describe_medication_use(self.offered & TREATMENT_INPUTS, self.language)

    @cached_property
    def warning(self) -> str:
        return continuity.detox_warning(self.offered)

    @cached_property
    def payment(self) -> str:
        return describe_payment(self.offered & PAYMENT_INPUTS, self.language)

    @cached_property
    def source(self) -> str:
        return describe_source(self.facility, self.language, is_ours=self.is_ours)

    @cached_property
    def short_source(self) -> str:
        return describe_source_briefly(self.facility, self.language, is_ours=self.is_ours)


def build_card(
    facility: Facility,
    *,
    miles: float | None,
    origin: Point | None,
    near: str,
    language: str,
    why: tuple[str, ...] = (),
    doubt: str = "",
    available: str = "",
    is_ours: bool = True,
) -> Card:
    """The card of a facility that lies ``miles`` from ``origin``, a place called ``near``.

    ``is_ours``: in the area that this site's curators look after.
    """
    distance = "" if miles is None else describe_distance(facility, miles, origin, near)
    return Card(facility, language, is_ours, distance, why, doubt, available)


def describe_address(facility: Facility) -> str:
    """One line; a confidential address is no more than city and state."""
    if facility.is_address_confidential:
        kept = _("street address kept private")
        return f"{facility.city}, {facility.state} ({kept})"
    street = f"{facility.street}, {facility.street2}" if facility.street2 else facility.street
    return f"{street}, {facility.city}, {facility.state} {facility.zip}"


def describe_source(facility: Facility, language: str, *, is_ours: bool = True) -> str:
    """Who said what the listing says, when, and whether anybody checked."""
    return _source_line(facility, language, is_ours=is_ours, is_brief=False)


def describe_source_briefly(facility: Facility, language: str, *, is_ours: bool = True) -> str:
    """The same in one line, for a card among many of the same source."""
    return _source_line(facility, language, is_ours=is_ours, is_brief=True)


def _source_line(facility: Facility, language: str, *, is_ours: bool, is_brief: bool) -> str:
    source, others = listing_source(facility), other_lists(facility)
    return _source_words(
        source, others, facility.last_verified_on, language, is_ours=is_ours, is_brief=is_brief
    )


@cached_by_language
def _source_words(
    source: ListingSource | None,
    others: tuple[str, ...],
    verified_on: date | None,
    language: str,
    *,
    is_ours: bool,
    is_brief: bool,
) -> str:
    if source is None:
        return describe_last_check(verified_on, is_ours=is_ours)
    if not source.is_of_samhsa:
        sentence = _("From %(source)s %(edition)s.")
    elif is_brief:
        sentence = _("The facility told SAMHSA (%(edition)s).")
    else:
        sentence = _("The facility told SAMHSA: %(source)s %(edition)s.")
    sentences = (
        sentence % {"source": source.title, "edition": source.edition},
        passed_on_by_text(source.via),
        _("Some facts are from %(lists)s.") % {"lists": "; ".join(others)} if others else "",
        describe_last_check(verified_on, is_ours=is_ours or not source.is_of_samhsa),
    )
    return " ".join(filter(None, sentences))


def describe_last_check(verified_on: date | None, *, is_ours: bool) -> str:
    """Whether and when anybody checked a listing. ``is_ours``: in our curators' area."""
    if verified_on:
        return _("Last checked by us on %(day)s.") % {"day": date_format(verified_on)}
    if is_ours:
        return _("Not checked by us: call to confirm.")
    return _("Federal list only, not checked by us: call to confirm.")


def describe_distance(facility: Facility, miles: float, origin: Point, near: str) -> str:
    """ "3.4 miles NW of Columbus, OH"; "about" where the facility's position is approximate."""
    number = f"{miles:.1f}" if miles < 10 else f"{miles:.0f}"
    point = compass_direction(origin, facility.point)
    is_at_door = miles < 0.1 and not facility.is_approximate
    words = _distance_words(
        point, get_language(), is_at_door=is_at_door, is_approximate=facility.is_approximate
    )
    return words % {"miles": number, "place": near}


@cached_by_language
def _distance_words(point: str, language: str, *, is_at_door: bool, is_approximate: bool) -> str:
    """Return a sentence for a point of the compass, with places for the miles and the place."""
    values = {"miles": "%(miles)s", "direction": COMPASS.get(point, ""), "place": "%(place)s"}
    if not point:  # both lie at the center of the same ZIP code
        words = _("near %(place)s (exact distance not known)")
    elif is_at_door:
        words = _("in %(place)s")
    elif is_approximate:
        words = _("about %(miles)s miles %(direction)s of %(place)s")
    else:
        words = _("%(miles)s miles %(direction)s of %(place)s")
    return words % values


@cached_by_language
def describe_kind(offered: ServiceSet, language: str) -> str:
    """What kind of place it is: a clinic, a bed, a hospital; several may hold."""
    kinds = [str(label) for services, label in KINDS if offered & services]
    return " · ".join(kinds) or _("Kind of care not reported")


@cached_by_language
def describe_people(offered: ServiceSet, language: str) -> str:
    """Whom it takes by sex and age; "" where it reports neither."""
    sexes = ""
    if offered & SEXES == SEXES:
        sexes = _("women and men")
    elif offered & SEXES:
        sexes = _("women only") if "women" in offered else _("men only")
    ages, adults = offered & AGES, offered & ADULT_AGES
    if has_doubtful_ages(offered):
        said = _("lists only children and teens, but has programs for adults: ask")
    elif ages == AGES:
        said = _("all ages")
    elif adults == ADULT_AGES:
        said = _("18 and older")
    else:
        said = ", ".join(service_labels(ages, language)).lower()
    return ", ".join(filter(None, (sexes, said)))


@cached_by_language
def describe_detox(offered: ServiceSet, language: str) -> str:
    """Where detox happens and from what; empty for a facility that offers none."""
    if not offered & DETOX:
        return ""
    overnight, outpatient = bool(offered & OVERNIGHT), bool(offered & OUTPATIENT)
    if overnight and outpatient:
        setting = _("overnight and outpatient")
    elif overnight:
        setting = _("overnight")
    else:
        setting = _("outpatient") if outpatient else _("setting not reported")
    substances = [str(name) for slug, name in SUBSTANCES.items() if slug in offered]
    return f"{setting}: {', '.join(substances) or _('substances not reported')}"


@cached_by_language
def describe_medications(offered: ServiceSet, language: str) -> str:
    if named := service_labels(offered & MEDICATION_SERVICES, language):
        return ", ".join(named)
    if "no-opioid-medication" in offered:
        return _("says it uses none for opioid use disorder")
    return _("not reported")


@cached_by_language
def describe_medication_use(offered: ServiceSet, language: str) -> str:
    """Each medication with whether it is started or continued there, in one line."""
    answers = continuity.reported_medications(offered)
    named = dict.fromkeys([*answers, *(each.slug for each in offered & MEDICATION_SERVICES)])
    said = [_named(VOCABULARY[slug].label(language), answers.get(slug, "")) for slug in named]
    if offered & continuity.ACCEPTS_EXTERNAL_PRESCRIPTION:
        said.append(_("accepts medication for opioid use prescribed elsewhere: ask which"))
    return ", ".join(said) or describe_medications(offered & NO_MEDICATION, language)


def _named(medication: str, answer: str) -> str:
    return f"{medication} ({answer})" if answer else medication


@cached_by_language
def describe_payment(offered: ServiceSet, language: str) -> str:
    named = [*service_labels(offered & CARD_PAYMENTS, language)]
    if not offered & PAYMENTS:
        if not named:
            return _("not reported")
        return _("%(named)s; other ways not reported") % {"named": ", ".join(named)}
    if "medicaid" not in offered and "no-payment" not in offered:
        named.append(_("Medicaid not listed"))
    return ", ".join(named)
