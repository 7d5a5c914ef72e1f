"""What a person searched for, as a call sheet needs it: how a listing answers it, and what to ask.

The three questions that open every call are worded by these needs: a place today, who pays, and
the person's medication. Beside each stands what the listing says of it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Facility
from ..rules.predicates import AllOf, AnyOf, EitherOf, NoneOf, Predicate, is_met_by_services
from ..search.filter_types import FilterGroup, FilterOption
from ..search.query import SearchQuery
from ..taxonomy import VOCABULARY, Answer, ServiceSet, answer_for_service, service_set
from ..taxonomy.service_set import union_of_services
from .call_questions import RenderedCallQuestion
from .card import Card

INSURANCE = service_set("medicaid medicare private-insurance tricare state-insurance")
FREE_CARE = service_set("no-payment")


ANSWER_WORDS = {
    Answer.YES: gettext_lazy("yes"),
    Answer.NO: gettext_lazy("no"),
    Answer.NOT_LISTED: gettext_lazy("not listed (ask)"),
    Answer.NOT_REPORTED: gettext_lazy("not reported (ask)"),
}


@dataclass(frozen=True)
class NeedAnswer:
    """One thing searched for, and what the listing says of it."""

    label: str
    answer: Answer

    @property
    def words(self) -> str:
        return str(ANSWER_WORDS[self.answer])


@dataclass(frozen=True)
class CallerNeeds:
    """The options that were searched for, and the words that no filter knows."""

    options: tuple[tuple[FilterGroup, FilterOption], ...] = ()
    unknown_words: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: SearchQuery | None) -> "CallerNeeds":
        if query is None:
            return cls()
        return cls(tuple(query.options), query.carried_values("ignored"))

    def labels(self, language: str, *group_names: str) -> list[str]:
        labels = (
            option.label(language) for group, option in self.options if group.name in group_names
        )
        return [*dict.fromkeys(labels)]

    def slugs(self, *group_names: str) -> list[str]:
        return [option.slug for group, option in self.options if group.name in group_names]

    def answers(self, facility: Facility, language: str) -> list[NeedAnswer]:
        return [
            NeedAnswer(need_label(group, option, language), need_answer(option, facility))
            for group, option in self.options
            if services_meeting(option.predicate)
        ]


def need_label(group: FilterGroup, option: FilterOption, language: str) -> str:
    """ "Buprenorphine" alone would not say: started or continued?"""
    label = option.label(language)
    return f"{group.heading}: {label}" if option.label_service else label


def need_answer(option: FilterOption, facility: Facility) -> Answer:
    """Yes if the facility meets the option, no if it refuses; else what is reported."""
    if is_met_by_services(option.predicate, facility.offered):
        return Answer.YES
    if is_refused(option.predicate, facility.offered):
        return Answer.NO
    answers = {
        answer_for_service(service, facility.offered, facility.denied)
        for service in services_meeting(option.predicate)
    }
    return next(
        (each for each in (Answer.NOT_REPORTED, Answer.NOT_LISTED) if each in answers), Answer.NO
    )


def is_refused(predicate: Predicate, offered: ServiceSet) -> bool:
    match predicate:
        case NoneOf():
            return not is_met_by_services(predicate, offered)
        case AllOf(predicates):
            return any(is_refused(part, offered) for part in predicates)
    return False


def services_meeting(predicate: Predicate) -> ServiceSet:
    """Return the services any of which would show that the predicate is met."""
    match predicate:
        case AnyOf(services):
            return services
        case AllOf(predicates) | EitherOf(predicates):
            return union_of_services(services_meeting(part) for part in predicates)
    return ServiceSet()


def first_questions(card: Card, needs: CallerNeeds, language: str) -> list[RenderedCallQuestion]:
    """Return the three questions that open the call, then what no filter knows."""
    payment = payment_question(card.facility, needs, language)
    questions = [
        RenderedCallQuestion("place-today", vacancy_question(needs, language), card.available),
        RenderedCallQuestion("payment-plan", payment, card.payment),
        RenderedCallQuestion("my-medication", medication_question(needs, language), card.treatment),
    ]
    for number, words in enumerate(needs.unknown_words, start=1):
        text = _("I am also looking for this: %(words)s. Is that possible?") % {"words": words}
        questions.append(RenderedCallQuestion(f"need-{number}", text))
    return questions


def vacancy_question(needs: CallerNeeds, language: str) -> str:
    question = _("Do you have a place for me today? If not, within 48 hours?")
    care = needs.labels(language, "setting", "substance")
    if not care:
        return question
    return _("I am looking for: %(care)s.") % {"care": ", ".join(care)} + " " + question


def payment_question(facility: Facility, needs: CallerNeeds, language: str) -> str:
    chosen = needs.slugs("payment")
    plans = [slug for slug in chosen if slug in INSURANCE]
    if plans:
        labels = ", ".join(VOCABULARY[slug].label(language) for slug in plans)
        return _("I have: %(plans)s. Do you take my exact plan? What will I pay?") % {
            "plans": labels
        }
    if chosen:
        return _("I have no insurance. What will I pay, and is there help with the cost?")
    if facility.offered & FREE_CARE:
        return _("Is care free for everyone? Is there anything I would have to pay?")
    return _("Do you take my insurance? (Read out the exact name of the plan.) What will I pay?")


def medication_question(needs: CallerNeeds, language: str) -> str:
    options = {
        name: [
            VOCABULARY[option.label_service or option.slug].label(language)
            for group, option in needs.options
            if group.name == name and option.slug != "accepts-opioid-medication"
        ]
        for name in ("keeps", "starts", "medication")
    }
    if options["keeps"]:
        question = _("I take %(medications)s. Can I stay on it with you, from the first day?")
        return question % {"medications": ", ".join(options["keeps"])}
    wanted = options["starts"] or options["medication"]
    if wanted:
        question = _("Can I start this with you, or stay on it: %(medications)s?")
        return question % {"medications": ", ".join(wanted)}
    return _("Can I stay on the medication prescribed to me? (Read out its name.)")
