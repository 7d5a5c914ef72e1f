"""One invented specimen of each component in each of its states, made without the database."""

import uuid
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

from django.utils.translation import gettext as _

from ..facts.provenance import ProvenanceNote
from ..geo import Point
from ..models import Facility, Release
from ..models.facility import public_code_of
from ..presenters.card import Card, build_card
from ..presenters.comparison.cells import ComparedFacility, data_date_line
from ..presenters.comparison.table import compare_facilities
from ..presenters.filter_panel import FilterPanelGroup, build_filter_group
from ..rules.criteria import CRITERIA, CriterionStatus
from ..rules.freshness import FreshnessLevel
from ..search.filter_groups import PAYMENT, SUBSTANCE
from ..search.suggestions import SuggestedSearch
from ..taxonomy import VOCABULARY, ServiceSet
from .compare import ComparisonColumnHead
from .search import Pager, SearchLink
from .search_cards import ResultCard

ORIGIN = Point(40.70, -73.94)
RELEASE = Release(source="directory", edition="2023", published_on=date(2023, 6, 20))
LONG_NAME = "Northern Sugar Maple Yellow Birch Community Recovery Wellness Center, Brooklyn"
USUAL_SERVICES = (
    "detox opioid-detox residential-detox buprenorphine prescribes-buprenorphine medicaid "
    "medicare self-payment women men"
)
UNUSUAL_SERVICES = (
    "detox opioid-detox alcohol-detox outpatient-detox naltrexone private-insurance women"
)


def sample_facility(name: str, services: str, **fields) -> Facility:
    """Return an invented facility, unsaved; its number may be given to nobody."""
    identity = uuid.uuid5(uuid.NAMESPACE_URL, name)
    words = ServiceSet.of(*services.split()).words()
    given = {"street": "1 Invented Street", "phone": "202-555-0142", **fields}
    return Facility(
        id=identity.int >> 65,
        uuid=identity,
        code=public_code_of(identity),
        name=name,
        city="Brooklyn",
        state="NY",
        zip="11206",
        latitude=40.75,
        longitude=-73.95,
        source_release=RELEASE,
        **{f"service_bits_{number}": word for number, word in enumerate(words)},
        **given,
    )


def sample_card(language: str, shown: Facility, **said) -> Card:
    return build_card(shown, miles=3.5, origin=ORIGIN, near="11206", language=language, **said)


def sample_cards(language: str) -> Iterator[tuple[str, ResultCard]]:
    """Yield (the state it shows, the card)."""
    why = (_("Distance: %(miles)s miles") % {"miles": "3.5"},)
    yield (
        "Usual",
        sample_result(
            sample_card(language, sample_facility("Alder House", USUAL_SERVICES), why=why)
        ),
    )
    hard = sample_facility(
        LONG_NAME,
        UNUSUAL_SERVICES,
        program_name="Outpatient Withdrawal Program",
        phone_extension="4021",
        position_origin="zip",
    )
    doubt = _("This number is from a list published on %(day)s. It may have changed.")
    full = sample_card(
        language,
        hard,
        why=why,
        doubt=doubt % {"day": "2023"},
        available=_("Not checked by us: call to confirm."),
    )
    asked = VOCABULARY["spanish"].label(language)
    yield "Everything at once, long name, asked for", sample_result(full, asked)
    bare = sample_facility("Birch Shelter", "women men", phone="", is_address_confidential=True)
    bare.source_release = None
    yield (
        "Nothing reported, no phone, private address",
        sample_result(sample_card(language, bare)),
    )


def sample_result(card: Card, asked: str = "") -> ResultCard:
    return ResultCard(1, card, asked, card.short_source)


def sample_links(language: str) -> list[SearchLink]:
    return [
        SearchLink(VOCABULARY[slug].label(language), "#chips") for slug in ("medicaid", "women")
    ]


def sample_filter_groups(language: str) -> Iterator[FilterPanelGroup]:
    for group, ticked in ((SUBSTANCE, ()), (PAYMENT, ("medicaid",))):
        counts = dict.fromkeys(group.options, 12) | {"medicare": 0}
        yield build_filter_group(group, counts, ticked, language)


def sample_facts() -> Iterator[dict]:
    slugs = ("buprenorphine", "methadone", "opioid-only", "medicaid")
    for kind, slug, grade in zip(
        ("yes", "no", "limit", "not-listed"), slugs, [*FreshnessLevel, None], strict=True
    ):
        service = VOCABULARY[slug]
        checks = {service.fact: ProvenanceNote(_("Checked by us"), grade)} if grade else {}
        yield {"kind": kind, "service": service, "checks": checks}


def sample_criterion_results() -> Iterator[SimpleNamespace]:
    criterion = CRITERIA[1]
    for answer in CriterionStatus:
        found = {
            CriterionStatus.SHOWN: criterion.evidence,
            CriterionStatus.PARTLY: criterion.evidence[:1],
        }
        signals = criterion.hints if answer is CriterionStatus.NOT_REPORTED else ()
        yield SimpleNamespace(status=answer, evidence=found.get(answer, ()), hints=signals)


def sample_comparison(language: str, today: date) -> dict:
    compared = [
        sample_facility("Alder House", USUAL_SERVICES),
        sample_facility("Birch Clinic", UNUSUAL_SERVICES),
    ]
    answers = [ComparedFacility(each, each.offered, each.denied, {}) for each in compared]
    groups = compare_facilities(answers, language=language, today=today)
    columns = [
        ComparisonColumnHead(
            number, sample_card(language, each), data_date_line(each, is_ours=True), "", ""
        )
        for number, each in enumerate(compared, start=1)
    ]
    payment = [(group, group.rows) for group in groups if group.slug == "payment"]
    return {"columns": columns, "groups": payment, "shows_all": True}


def sample_pager() -> Pager:
    return Pager(2, 3, 1, 20, "#pages", "#pages")


def sample_suggestions() -> list[SuggestedSearch]:
    return [SuggestedSearch(_("Anywhere in the state"), 41, "#notices")]
