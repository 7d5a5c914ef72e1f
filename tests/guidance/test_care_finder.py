"""Which setting is suggested: every path of the rules."""

from dataclasses import replace
from functools import cache
from itertools import chain, combinations, islice, product
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from facilities.guidance.care_finder import (
    QUESTIONS,
    RULES,
    Kind,
    QuestionnaireAnswers,
    Setting,
    as_pairs,
    parse_answers,
    suggest,
)
from facilities.search import FacilityFilterSet

SUBSTANCES = ("opioids", "alcohol", "benzodiazepines", "stimulants", "other", "unsure")
THREE = ("yes", "no", "unsure")
HAZARDS = ("seizures", "illness", "mental", "suicide", "pregnant", "minor")
MEDICATIONS = ("methadone", "buprenorphine", "naltrexone")
STEP = 211  # of 6.2 million; a prime that divides no number of choices
SAFEST = QuestionnaireAnswers(
    substance=frozenset({"opioids"}), dependence="mild", home="yes", company="yes",
    medication="no", **dict.fromkeys(HAZARDS, "no"),
)  # fmt: skip
CHOICES = {
    "substance": tuple(
        frozenset(some) for size in range(1, 7) for some in combinations(SUBSTANCES, size)
    ),
    "dependence": ("mild", "strong", "unsure"),
    **dict.fromkeys((*HAZARDS, "home", "company"), THREE),
    "medication": ("no", *MEDICATIONS, "unsure"),
}


def some_answers():
    """Every 211th of everything that can be answered."""
    return (
        QuestionnaireAnswers(*values)
        for values in islice(product(*CHOICES.values()), 0, None, STEP)
    )


def near(answers: QuestionnaireAnswers):
    """The answers that differ from these in one or two questions."""
    for names in combinations(CHOICES, 2):
        for values in product(*(CHOICES[name] for name in names)):
            yield replace(answers, **dict(zip(names, values, strict=True)))


@cache
def paths():
    """(answers, suggestion) of every 211th answer, and of all near the one that leads home."""
    some = chain(some_answers(), set(near(SAFEST)), [QuestionnaireAnswers()])
    return [(answers, suggest(answers)) for answers in some]


def where(condition):
    found = [(answers, suggestion) for answers, suggestion in paths() if condition(answers)]
    assert found
    return found


def slugs(rules) -> set[str]:
    return {rule.slug for rule in rules}


def settings_in(suggestion) -> set[str]:
    return {slug for group, slug in suggestion.search if group == "setting"}


class TestHome:
    @pytest.mark.slow
    def test_is_suggested_for_two_answers_of_all(self):
        home = {answers for answers, suggestion in paths() if suggestion.setting is Setting.HOME}

        assert home == {SAFEST, replace(SAFEST, medication="buprenorphine")}

    @pytest.mark.parametrize("name", [*HAZARDS, "home", "company"])
    def test_is_not_suggested_with_one_hazard_or_one_doubt(self, name):
        others = {"yes", "no", "unsure"} - {getattr(SAFEST, name)}

        found = {suggest(replace(SAFEST, **{name: answer})).setting for answer in others}

        assert Setting.HOME not in found

    def test_is_never_suggested_with_alcohol_or_benzodiazepines(self):
        for _, suggestion in where(lambda one: one.substance & {"alcohol", "benzodiazepines"}):
            assert suggestion.setting is not Setting.HOME

    def test_carries_medication_and_naloxone(self):
        suggestion = suggest(SAFEST)

        assert {"opioids", "naltrexone"} <= slugs(suggestion.medications_first)
        assert "tolerance" in slugs(suggestion.warnings)


class TestHospital:
    @pytest.mark.parametrize("name", ["seizures", "illness", "mental", "suicide"])
    def test_is_suggested_for_each_serious_condition(self, name):
        for _, suggestion in where(lambda one: getattr(one, name) == "yes"):
            assert suggestion.setting is Setting.HOSPITAL
            assert name in slugs(suggestion.reasons)

    def test_is_suggested_in_pregnancy_with_alcohol_or_benzodiazepines(self):
        for _, suggestion in where(
            lambda one: one.pregnant == "yes" and one.substance & {"alcohol", "benzodiazepines"}
        ):
            assert suggestion.setting is Setting.HOSPITAL


class TestDoubt:
    @pytest.mark.parametrize(
        "name", ["dependence", "seizures", "illness", "mental", "suicide", "home"]
    )
    def test_about_safety_leads_to_staff_day_and_night(self, name):
        for _, suggestion in where(lambda one: getattr(one, name) == "unsure"):
            assert suggestion.setting in (Setting.OVERNIGHT, Setting.HOSPITAL)

    def test_about_the_substance_leads_to_staff_and_to_every_warning(self):
        for _, suggestion in where(lambda one: "unsure" in one.substance):
            assert suggestion.setting in (Setting.OVERNIGHT, Setting.HOSPITAL)
            assert "sedatives" in slugs(suggestion.warnings)
            assert "opioids" in slugs(suggestion.medications_first)

    def test_is_told(self):
        assert suggest(replace(SAFEST, illness="unsure")).open_questions == ("illness",)
        assert suggest(QuestionnaireAnswers()).open_questions == tuple(
            each.name for each in QUESTIONS
        )


class TestOpioids:
    def test_put_medication_first(self):
        for _, suggestion in where(lambda one: "opioids" in one.substance):
            assert {"opioids", "naltrexone"} <= slugs(suggestion.medications_first)
            assert suggestion.medication_search

    def test_are_never_sent_to_detox_alone(self):
        for _, suggestion in where(lambda one: "opioids" in one.substance):
            asked = {slug for group, slug in suggestion.search if group in ("starts", "keeps")}
            stays = settings_in(suggestion) & {"overnight-detox", "hospital-inpatient"}
            assert ("substance", "opioid-detox") not in suggestion.search
            assert asked
            assert not stays or any(slug.startswith("keep-") for slug in asked)

    def test_are_not_detoxed_from_in_pregnancy(self):
        def pregnant(one):
            alone = one.substance <= {"opioids", "stimulants", "other"}
            return "opioids" in one.substance and one.pregnant == "yes" and alone

        for _, suggestion in where(pregnant):
            assert not {slug for slug in settings_in(suggestion) if "detox" in slug}
            assert "pregnant-opioids" in slugs(suggestion.medications_first)
            assert ("people", "pregnant-program") in suggestion.search

    def test_with_alcohol_are_a_danger_but_no_reason_for_refusal(self):
        both = replace(SAFEST, substance=frozenset({"opioids", "alcohol"}))

        assert "opioids-and-sedatives" in slugs(suggest(both).warnings)


class TestAlcoholAndBenzodiazepines:
    @pytest.mark.parametrize("substance", ["alcohol", "benzodiazepines"])
    def test_are_never_to_be_stopped_suddenly_alone(self, substance):
        for answers, suggestion in where(lambda one: substance in one.substance):
            assert "sedatives" in slugs(suggestion.warnings)
            assert suggestion.setting is not Setting.OUTPATIENT or answers.company == "yes"

    def test_ask_for_detox_from_them(self):
        alone = replace(SAFEST, substance=frozenset({"alcohol"}))

        assert suggest(alone).setting is Setting.OUTPATIENT
        assert suggest(alone).search == (
            ("substance", "alcohol-detox"),
            ("setting", "outpatient-detox"),
        )


class TestStimulants:
    def test_alone_are_not_sent_to_detox_or_medication(self):
        for _, suggestion in where(
            lambda one: one.substance == {"stimulants"} and one.medication == "no"
        ):
            assert not {slug for _, slug in suggestion.search if "detox" in slug}
            assert not suggestion.medications_first
            assert "stimulants" in slugs(suggestion.warnings)


class TestMedicationNow:
    @pytest.mark.parametrize("medication", MEDICATIONS)
    def test_is_to_be_stayed_on(self, medication):
        for _, suggestion in where(lambda one: one.medication == medication):
            assert {"on-medication", "disability-act"} <= slugs(suggestion.medications_first)
            assert ("keeps", f"keep-{medication}") in suggestion.search

    def test_that_may_be_is_to_be_stayed_on_too(self):
        for _, suggestion in where(lambda one: one.medication == "unsure"):
            assert {"may-be-on-medication", "disability-act"} <= slugs(suggestion.medications_first)


@pytest.mark.slow
class TestEveryPath:
    def test_has_a_reason_a_warning_and_a_question(self):
        for _, suggestion in paths():
            assert suggestion.reasons
            assert suggestion.questions_to_ask
            assert "tolerance" in slugs(suggestion.warnings)

    def test_names_988_where_suicide_is_not_ruled_out(self):
        for answers, suggestion in paths():
            assert ("suicide-line" in slugs(suggestion.warnings)) == (answers.suicide != "no")

    def test_keeps_young_people_in_places_for_them(self):
        for _, suggestion in where(lambda one: one.minor == "yes"):
            assert ("people", "children") in suggestion.search

    @pytest.mark.django_db
    def test_prepares_searches_that_the_search_page_takes(self):
        asked = {
            pair
            for _, suggestion in paths()
            for pair in (*suggestion.search, *suggestion.medication_search)
        }

        refused = [pair for pair in asked if FacilityFilterSet(QueryDict(urlencode([pair]))).errors]

        assert len(asked) > 15
        assert refused == []


class TestRules:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
    def test_decide_somewhere(self, rule):
        others = tuple(one for one in RULES if one is not rule)
        applying = (one for one, _ in paths() if rule.applies(one))

        assert any(suggest(one) != suggest(one, others) for one in applying)

    @pytest.mark.parametrize(
        "rule",
        [rule for rule in RULES if rule.setting not in (None, Setting.OUTPATIENT)],
        ids=lambda rule: rule.slug,
    )
    @pytest.mark.slow
    def test_decide_a_setting_alone_somewhere(self, rule):
        others = tuple(one for one in RULES if one is not rule)
        applying = (one for one, _ in paths() if rule.applies(one))

        assert any(suggest(one).setting is not suggest(one, others).setting for one in applying)

    def test_say_when_what_and_by_whom(self):
        assert len({rule.slug for rule in RULES}) == len(RULES)
        for rule in RULES:
            assert str(rule.condition_words)
            assert str(rule.outcome_words)
            assert rule.source.name
            assert (rule.setting is not None) == (rule.kind is Kind.SETTING)

    def test_take_the_safer_way_where_none_decides(self):
        assert suggest(SAFEST, ()).setting is Setting.OVERNIGHT


class TestReading:
    @pytest.mark.parametrize(
        "answers", [SAFEST, QuestionnaireAnswers(), replace(SAFEST, home="no")]
    )
    def test_gives_back_what_was_written(self, answers):
        written = QueryDict(urlencode([*as_pairs(answers)]))

        assert parse_answers(written.lists()).answers == answers

    @pytest.mark.parametrize(
        "query",
        ["home=maybe", "home=yes&home=no", "home=YES", "home=yes%00", "home=" + "x" * 100_000],
    )
    def test_takes_what_it_cannot_read_as_not_sure(self, query):
        reading = parse_answers(QueryDict(query).lists())

        assert reading.answers.home == "unsure"
        assert reading.unread == ("home",)

    def test_keeps_known_substances_beside_unknown_ones(self):
        reading = parse_answers(QueryDict("substance=alcohol&substance=glue").lists())

        assert reading.answers.substance == {"alcohol", "unsure"}
        assert reading.unread == ("substance",)
