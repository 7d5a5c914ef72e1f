"""Everything known of a facility in the order people choose by: five criteria, then the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from django.utils.translation import gettext_lazy as _

from ..rules.criteria import CriterionResult, evaluate_criteria
from ..taxonomy import (
    VOCABULARY,
    Answer,
    Category,
    Service,
    ServiceSet,
    answer_for_service,
    service_set,
    services_that_decide_answers,
)
from ..taxonomy.groups import DETOX
from ..taxonomy.service_set import union_of_services
from .call_questions import QUESTIONS, CallQuestion

MOST_NAMED = 4
CACHED_ANSWERS = 2_000  # of the 6,000 that the whole directory gives
# Asked on the page alone: a call has more urgent questions.
FURTHER_QUESTIONS = (
    CallQuestion(
        "cows",
        _("How do you measure withdrawal, and how often? Do you use COWS?"),
        criterion="approach",
        only_if=DETOX,
        answered_by=(service_set("cows"),),
    ),
    CallQuestion(
        "home-detox",
        _("Do you supervise detox at home? Which clinician can be called at night?"),
        criterion="approach",
        only_if=DETOX,
        answered_by=(service_set("home-detox"),),
    ),
)


ASKED_ON_PAGE = (*QUESTIONS, *FURTHER_QUESTIONS)


@dataclass(frozen=True)
class SectionHeading:
    """One section of the page: a criterion's services, or whole categories."""

    slug: str
    title: str
    lead: str
    criterion: str = ""
    categories: tuple[str, ...] = ()


HEADINGS = (
    SectionHeading(
        "care",
        _("Detox and kinds of care"),
        _("Where care takes place, and what withdrawal is managed there."),
        categories=("TC", "SET", "DETOX", "HOSP"),
    ),
    SectionHeading(
        "accreditation",
        _("1. Accreditation and licensing"),
        _("Outside bodies that hold this facility to standards."),
        criterion="accreditation",
    ),
    SectionHeading(
        "approach",
        _("2. Treatment approach"),
        _("Medications, counseling and methods. Ask whether they fit your values and needs."),
        criterion="approach",
    ),
    SectionHeading(
        "staff",
        _("3. Staff qualifications"),
        _("Training in addiction medicine, and who is there when withdrawal gets hard."),
        criterion="staff",
    ),
    SectionHeading(
        "amenities",
        _("4. Facilities and amenities"),
        _("What makes a stay bearable."),
        criterion="amenities",
    ),
    SectionHeading(
        "aftercare",
        _("5. Aftercare planning"),
        _("Care and support after detox. Detox alone is only a first step."),
        criterion="aftercare",
    ),
    SectionHeading(
        "payment", _("Paying for care"), _("Ask whether your own plan is taken."),
        categories=("PAY", "PYAS"),
    ),
    SectionHeading(
        "people", _("Who it serves"), _("Who is accepted, and programs made for some people."),
        categories=("AGE", "GN", "SG", "EXCL"),
    ),
    SectionHeading("language", _("Languages"), "", categories=("SL", "OL")),
    SectionHeading("more", _("More about this facility"), ""),
)  # fmt: skip


@dataclass(frozen=True)
class ServiceAnswers:
    """What one facility answers within one category."""

    category: Category
    yes: tuple[Service, ...]
    no: tuple[Service, ...]
    not_listed: tuple[Service, ...]
    not_reported: tuple[Service, ...]

    @cached_property
    def stated(self) -> tuple[tuple[str, Service], ...]:
        """Each answer's kind and service. "limit" is a yes that turns people away."""
        return (
            *(("limit" if service.denies else "yes", service) for service in self.yes),
            *(("no", service) for service in self.no),
            *(("not-listed", service) for service in self.not_listed),
        )


@dataclass(frozen=True)
class FacilitySection:
    """One heading with the categories that belong under it."""

    heading: SectionHeading
    answers: tuple[ServiceAnswers, ...]
    finding: CriterionResult | None
    questions: tuple[str, ...] = ()

    @property
    def is_silent(self) -> bool:
        return not any(each.stated for each in self.answers)

    @cached_property
    def yes(self) -> tuple[Service, ...]:
        """What it offers under this heading, without what it says against people."""
        return tuple(service for each in self.answers for service in each.yes if not service.denies)

    @property
    def preview(self) -> tuple[Service, ...]:
        """As much of that as fits on two lines."""
        return self.yes[:MOST_NAMED]

    @property
    def more_count(self) -> int:
        return len(self.yes) - len(self.preview)

    @cached_property
    def answer_count(self) -> int:
        return sum(len(each.stated) for each in self.answers)

    @cached_property
    def not_reported(self) -> tuple[Service, ...]:
        """What the federal list asks about and this facility has not answered."""
        return tuple(
            service
            for each in self.answers
            if not _is_ours(each.category)
            for service in each.not_reported
        )

    @cached_property
    def never_asked(self) -> tuple[Service, ...]:
        """What no file states: nobody has told us yet.

        Starting and continuing a medication stands apart: files state some of it.
        """
        return tuple(
            service
            for each in self.answers
            if _is_ours(each.category) and each.category.code != "OUR_CONTINUITY"
            for service in each.not_reported
        )


def _is_ours(category: Category) -> bool:
    """Whether the federal list has no codes for its services: only people can report them."""
    return category.code.startswith("OUR_")


@cache
def services_by_section() -> tuple[
    tuple[SectionHeading, tuple[tuple[Category, tuple[Service, ...]], ...]], ...
]:
    """Each service stands under exactly one heading."""
    placed: dict[str, dict[Category, list[Service]]] = {each.slug: {} for each in HEADINGS}
    for service in VOCABULARY:
        if not service.retired:
            placed[_heading_of(service)].setdefault(service.category, []).append(service)
    return tuple(
        (heading, tuple((category, tuple(services)) for category, services in found.items()))
        for heading, found in ((each, placed[each.slug]) for each in HEADINGS)
    )


def _heading_of(service: Service) -> str:
    for heading in HEADINGS:
        if service.category.code in heading.categories:
            return heading.slug
    for heading in HEADINGS:
        if heading.criterion and service.criterion == heading.criterion:
            return heading.slug
    return "more"


def facility_sections(
    offered: ServiceSet, denied: ServiceSet, language: str
) -> Iterator[FacilitySection]:
    """Yield the facility's answers by heading; ``language`` is the active one, for questions."""
    found = {each.criterion.slug: each for each in evaluate_criteria(offered, denied)}
    for heading, asked in _asked_services():
        yield FacilitySection(
            heading,
            tuple(_answers(each, offered & each.inputs, denied & each.inputs) for each in asked),
            found.get(heading.criterion),
            tuple(_questions(heading, offered, denied, language)),
        )


def _questions(
    heading: SectionHeading, offered: ServiceSet, denied: ServiceSet, language: str
) -> Iterator[str]:
    for question in _never_asked_questions(heading.criterion):
        if question.is_open(offered, denied):
            yield question.render(offered, denied, language).text


@cache
def _never_asked_questions(criterion: str) -> tuple[CallQuestion, ...]:
    """The questions about a criterion that no file can answer."""
    return tuple(question for question in ASKED_ON_PAGE if _is_never_asked(question, criterion))


def _is_never_asked(question: CallQuestion, criterion: str) -> bool:
    subject = union_of_services(question.answered_by)
    is_about_this = criterion and question.criterion == criterion
    return bool(is_about_this and subject and all(_is_ours(each.category) for each in subject))


@dataclass(frozen=True, eq=False)
class SectionServices:
    """Services of one category, and what may be offered that decides their answers."""

    category: Category
    services: tuple[Service, ...]
    inputs: ServiceSet


@cache
def _asked_services() -> tuple[tuple[SectionHeading, tuple[SectionServices, ...]], ...]:
    return tuple(
        (
            heading,
            tuple(
                SectionServices(
                    category, services, services_that_decide_answers(ServiceSet.of(*services))
                )
                for category, services in categories
            ),
        )
        for heading, categories in services_by_section()
    )


@lru_cache(maxsize=CACHED_ANSWERS)
def _answers(asked: SectionServices, offered: ServiceSet, denied: ServiceSet) -> ServiceAnswers:
    found: dict[Answer, list[Service]] = {kind: [] for kind in Answer}
    for service in asked.services:
        found[answer_for_service(service, offered, denied)].append(service)
    return ServiceAnswers(
        asked.category,
        yes=tuple(found[Answer.YES]),
        no=tuple(found[Answer.NO]),
        not_listed=tuple(found[Answer.NOT_LISTED]),
        not_reported=tuple(found[Answer.NOT_REPORTED]),
    )
