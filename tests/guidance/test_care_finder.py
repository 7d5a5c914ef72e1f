"""What answers lead to: every path of the rules."""

from dataclasses import replace
from functools import cache
from itertools import chain, combinations, product
from math import prod
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from facilities.guidance.care_finder import (
    QUESTIONS,
    RULES,
    SCREENS,
    CareSetting,
    Headline,
    QuestionnaireAnswers,
    RuleKind,
    answers_as_parameters,
    parse_answers,
    suggest_care,
)
from facilities.search import FacilityFilterSet

SUBSTANCES = ("opioids", "alcohol", "benzodiazepines", "stimulants", "other", "unsure")
EVERY_MIX = tuple(
    frozenset(some) for size in range(1, 7) for some in combinations(SUBSTANCES, size)
)
THREE = ("yes", "no", "unsure")
HAZARDS = ("seizures", "illness", "mental", "suicide", "pregnant")
MEDICATIONS = ("methadone", "buprenorphine", "naltrexone")
SEDATIVES = {"alcohol", "benzodiazepines"}
STEP = 1_000_003  # of 2.4 thousand million; a prime that divides no number of choices
SAFEST = QuestionnaireAnswers(
    danger="no", age="adult", substance=frozenset({"opioids"}), shaking="no", last_use="days",
    home="yes", company="yes", medication="no", **dict.fromkeys(HAZARDS, "no"),
)  # fmt: skip
CHOICES = {
    "danger": ("yes", "no", "unsure"),
    "person": ("me", "someone", "unsure"),
    "age": ("teen", "young", "adult", "unsure"),
    "substance": EVERY_MIX,
    "last_use": ("day", "days", "longer", "unsure"),
    "shaking": ("now", "before", "no", "unsure"),
    "seizures": THREE,
    "medication": ("no", *MEDICATIONS, "unsure"),
    **dict.fromkeys(("pregnant", "suicide", "illness", "mental", "home", "company"), THREE),
    "payment": ("medicaid", "medicare", "private", "tricare", "nothing", "unsure"),
}


def some_answers():
    """One of every million of everything that can be answered."""
    for number in range(0, prod(map(len, CHOICES.values())), STEP):
        values = {}
        for name, choices in CHOICES.items():
            number, position = divmod(number, len(choices))
            values[name] = choices[position]
        yield QuestionnaireAnswers(**values)


def all_that_decide():
    """All that can be answered to what decides most, with everything else settled and harmless."""
    names = ("substance", "shaking", "medication", "pregnant", "age")
    for values in product(*(CHOICES[name] for name in names)):
        yield replace(SAFEST, **dict(zip(names, values, strict=True)))


def near(answers: QuestionnaireAnswers):
    """The answers that differ from these in one or two questions."""
    for names in combinations(CHOICES, 2):
        for values in product(*(CHOICES[name] for name in names)):
            yield replace(answers, **dict(zip(names, values, strict=True)))


@cache
def paths():
    """(answers, suggestion) of all that decide, of all near the safest, and of some of the rest."""
    some = chain(all_that_decide(), set(near(SAFEST)), some_answers(), [QuestionnaireAnswers()])
    return [(answers, suggest_care(answers)) for answers in some]


def where(condition):
    found = [(answers, suggestion) for answers, suggestion in paths() if condition(answers)]
    assert found
    return found


def slugs(rules) -> set[str]:
    return {rule.slug for rule in rules}


def parameters(suggestion, slug: str) -> tuple[tuple[str, str], ...]:
    """The parameters of one prepared search; nothing where there is none."""
    return next((one.parameters for one in suggestion.searches if one.slug == slug), ())


def chosen(pairs, group: str) -> set[str]:
    return {slug for name, slug in pairs if name == group}


def are_opioids_alone(one) -> bool:
    return "opioids" in one.substance and not one.substance & {*SEDATIVES, "unsure"}


class TestScreens:
    def test_are_eight_at_most_in_the_order_of_urgency(self):
        assert [screen.slug for screen in SCREENS] == [
            "danger", "person", "substance", "withdrawal", "medication", "suicide", "health",
            "place",
        ]  # fmt: skip

    def test_ask_for_every_answer_once(self):
        asked = [question.name for screen in SCREENS for question in screen.questions]

        assert sorted(asked) == sorted(QuestionnaireAnswers.__dataclass_fields__)


class TestDanger:
    def test_now_is_told_first(self):
        for answers, suggestion in paths():
            is_told = [rule.alert for rule in suggestion.dangers][:1] == ["a1"]
            assert is_told == (answers.danger == "yes")

    def test_of_suicide_is_told_before_any_list(self):
        for answers, suggestion in paths():
            is_told = "a2" in [rule.alert for rule in suggestion.dangers]
            assert is_told == (answers.suicide == "yes")
            assert suggestion.emergency_room_first or not is_told

    def test_of_withdrawal_now_is_told_where_it_can_kill_and_in_pregnancy(self):
        for answers, suggestion in where(lambda one: one.shaking == "now"):
            may_kill = answers.substance & {*SEDATIVES, "unsure"} or (
                answers.pregnant == "yes" and "opioids" in answers.substance
            )
            is_told = "a3" in [rule.alert for rule in suggestion.dangers]
            assert is_told == bool(may_kill)
            assert suggestion.emergency_room_first or not is_told


class TestHeadline:
    def test_of_opioids_alone_is_medication_whatever_the_setting(self):
        for answers, suggestion in where(are_opioids_alone):
            assert suggestion.headline.is_medication
            assert suggestion.searches[0].slug == "medication"
            if answers.medication in ("methadone", "buprenorphine"):
                assert suggestion.headline is Headline.STAY

    def test_is_a_watched_place_where_sedatives_are_or_may_be_part_of_it(self):
        for answers, suggestion in where(lambda one: one.substance & {*SEDATIVES, "unsure"}):
            needs_medication = answers.substance & {"opioids", "unsure"} or (
                answers.medication in ("methadone", "buprenorphine")
            )
            expected = Headline.WATCHED_AND_MEDICATION if needs_medication else Headline.WATCHED
            assert suggestion.headline is expected
            assert suggestion.searches[0].slug == "setting"

    def test_is_the_setting_where_neither_is_part_of_it(self):
        for _, suggestion in where(lambda one: one.substance <= {"stimulants", "other"}):
            assert suggestion.headline is Headline.SETTING

    def test_of_naltrexone_and_opioids_is_its_own(self):
        def on_both(one):
            return are_opioids_alone(one) and one.medication == "naltrexone"

        for _, suggestion in where(on_both):
            assert suggestion.headline is Headline.NALTREXONE
            assert "naltrexone-while-using" in slugs(suggestion.medications)
            assert "on-medication" not in slugs(suggestion.medications)
            assert "start-buprenorphine" in chosen(parameters(suggestion, "medication"), "starts")

    def test_in_withdrawal_from_opioids_is_to_start_tonight(self):
        suggestion = suggest_care(replace(SAFEST, shaking="now"))

        assert suggestion.headline is Headline.TONIGHT
        assert {"three-days", "too-soon"} <= slugs(suggestion.medications)

    def test_asks_for_both_where_both_are_part_of_it(self):
        both = suggest_care(replace(SAFEST, substance=frozenset({"opioids", "alcohol"})))

        assert both.searches[0].parameters == (
            ("substance", "alcohol-detox"), ("setting", "overnight-detox"),
            ("starts", "start-methadone"), ("starts", "start-buprenorphine"),
            ("keeps", "keep-methadone"), ("keeps", "keep-buprenorphine"), ("people", "adults"),
        )  # fmt: skip


class TestHome:
    def test_is_suggested_for_few_answers_of_all(self):
        home = [
            answers for answers, suggestion in paths() if suggestion.setting is CareSetting.HOME
        ]

        assert {answers.medication for answers in home} == {"no", "buprenorphine"}
        for answers in home:
            assert answers.substance == {"opioids"}
            assert answers.shaking == "no"
            assert answers.age in ("adult", "young")
            assert answers.home == answers.company == "yes"
            assert {getattr(answers, name) for name in HAZARDS} == {"no"}

    @pytest.mark.parametrize("name", [*HAZARDS, "home", "company"])
    def test_is_not_suggested_with_one_hazard_or_one_doubt(self, name):
        others = {"yes", "no", "unsure"} - {getattr(SAFEST, name)}

        found = {suggest_care(replace(SAFEST, **{name: answer})).setting for answer in others}

        assert CareSetting.HOME not in found

    def test_carries_medication_and_naloxone(self):
        suggestion = suggest_care(SAFEST)

        assert suggestion.setting is CareSetting.HOME
        assert suggestion.headline is Headline.START
        assert {"opioids", "naltrexone"} <= slugs(suggestion.medications)
        assert {"tolerance", "naloxone"} <= slugs(suggestion.warnings)


class TestHospital:
    @pytest.mark.parametrize("name", ["seizures", "illness", "mental", "suicide"])
    def test_is_suggested_for_each_serious_condition(self, name):
        for _, suggestion in where(lambda one: getattr(one, name) == "yes"):
            assert suggestion.setting is CareSetting.HOSPITAL
            assert name in slugs(suggestion.reasons)

    def test_is_suggested_in_pregnancy_with_alcohol_or_benzodiazepines(self):
        for _, suggestion in where(lambda one: one.pregnant == "yes" and one.substance & SEDATIVES):
            assert suggestion.setting is CareSetting.HOSPITAL

    def test_names_the_emergency_room_first_and_requires_no_tailored_program(self):
        for _, suggestion in paths():
            assert suggestion.emergency_room_first == (suggestion.setting is CareSetting.HOSPITAL)
            for search in suggestion.searches:
                required = chosen(search.parameters, "people")
                assert not {slug for slug in required if slug.endswith("-program")}

    @pytest.mark.parametrize("name", ["illness", "mental"])
    def test_for_another_illness_alone_can_wait_for_a_bed(self, name):
        ill = replace(SAFEST, **{name: "yes"})

        assert not suggest_care(ill).is_emergency
        assert suggest_care(replace(ill, seizures="yes")).is_emergency
        assert suggest_care(replace(ill, suicide="yes")).is_emergency


class TestDoubt:
    @pytest.mark.parametrize(
        "name", ["shaking", "seizures", "illness", "mental", "suicide", "home"]
    )
    def test_about_safety_leads_to_staff_day_and_night(self, name):
        about_withdrawal = name in ("shaking", "seizures")
        for answers, suggestion in where(lambda one: getattr(one, name) == "unsure"):
            if not about_withdrawal or answers.has_withdrawal_to_watch:
                assert suggestion.setting in (CareSetting.OVERNIGHT, CareSetting.HOSPITAL)

    def test_about_the_substance_leads_to_staff_and_to_every_warning(self):
        for _, suggestion in where(lambda one: "unsure" in one.substance):
            assert suggestion.setting in (CareSetting.OVERNIGHT, CareSetting.HOSPITAL)
            assert {"sedatives", "tolerance", "naloxone"} <= slugs(suggestion.warnings)
            assert "opioids" in slugs(suggestion.medications)

    def test_is_told(self):
        assert suggest_care(replace(SAFEST, illness="unsure")).open_questions == ("illness",)
        assert suggest_care(QuestionnaireAnswers()).open_questions == tuple(
            question.name
            for question in QUESTIONS
            if question.name not in ("danger", "person", "last_use", "place", "payment")
        )

    def test_of_what_is_not_asked_is_none(self):
        stimulants = replace(
            SAFEST, substance=frozenset({"stimulants"}), shaking="unsure", seizures="unsure"
        )

        assert suggest_care(stimulants).open_questions == ()
        assert suggest_care(stimulants).setting is CareSetting.OUTPATIENT


class TestOpioids:
    def test_put_medication_beside_every_setting(self):
        for answers, suggestion in where(lambda one: one.substance & {"opioids", "unsure"}):
            assert "opioids" in slugs(suggestion.medications)
            pairs = parameters(suggestion, "medication")
            expected = "starts" if answers.medication in ("no", "unsure") else "keeps"
            if answers.medication == "naltrexone" and "opioids" in answers.substance:
                expected = "starts"
            assert chosen(pairs, expected)
            assert not chosen(pairs, "setting")

    def test_are_never_sent_to_detox_alone(self):
        for _, suggestion in where(lambda one: one.substance & {"opioids", "unsure"}):
            for search in suggestion.searches:
                asked = chosen(search.parameters, "starts") | chosen(search.parameters, "keeps")
                stays = chosen(search.parameters, "setting")
                stays &= {"overnight-detox", "hospital-inpatient"}
                assert ("substance", "opioid-detox") not in search.parameters
                assert asked
                assert not stays or any(slug.startswith("keep-") for slug in asked)

    def test_are_not_detoxed_from_in_pregnancy(self):
        for _, suggestion in where(lambda one: are_opioids_alone(one) and one.pregnant == "yes"):
            for search in suggestion.searches:
                assert not {slug for _, slug in search.parameters if "detox" in slug}
            assert "pregnant-opioids" in slugs(suggestion.medications)

    def test_with_alcohol_are_a_danger_but_no_reason_for_refusal(self):
        both = replace(SAFEST, substance=frozenset({"opioids", "alcohol"}))

        assert "opioids-and-sedatives" in slugs(suggest_care(both).warnings)


class TestPregnancy:
    def test_prefers_a_tailored_program_and_never_requires_one(self):
        for answers, suggestion in paths():
            for search in suggestion.searches:
                is_preferred = ("prefers", "pregnant-program") in search.parameters
                assert is_preferred == (answers.pregnant == "yes")
                assert ("people", "pregnant-program") not in search.parameters


class TestAlcoholAndBenzodiazepines:
    @pytest.mark.parametrize("substance", ["alcohol", "benzodiazepines"])
    def test_are_never_to_be_stopped_suddenly(self, substance):
        for answers, suggestion in where(lambda one: substance in one.substance):
            assert "sedatives" in slugs(suggestion.warnings)
            assert suggestion.setting is not CareSetting.HOME
            assert suggestion.setting is not CareSetting.OUTPATIENT or answers.company == "yes"

    @pytest.mark.parametrize("substance", ["alcohol", "benzodiazepines"])
    def test_are_looked_for_where_detox_from_them_is_offered(self, substance):
        for _, suggestion in where(lambda one: substance in one.substance):
            assert ("substance", f"{substance.removesuffix('s')}-detox") in parameters(
                suggestion, "setting"
            )

    def test_ask_for_detox_from_them(self):
        suggestion = suggest_care(replace(SAFEST, substance=frozenset({"alcohol"})))

        assert suggestion.setting is CareSetting.OUTPATIENT
        assert suggestion.searches[0].parameters == (
            ("substance", "alcohol-detox"), ("setting", "outpatient-detox"),
            ("setting", "overnight-detox"), ("people", "adults"),
        )  # fmt: skip


class TestToleranceAndNaloxone:
    def test_tolerance_is_left_out_of_alcohol_and_of_stimulants_alone(self):
        for answers, suggestion in paths():
            concerns_opioids = bool(answers.substance & {"opioids", "unsure"}) or (
                answers.medication in MEDICATIONS
            )
            assert ("tolerance" in slugs(suggestion.warnings)) == concerns_opioids

    def test_naloxone_stays_wherever_street_drugs_or_pills_are_used(self):
        for answers, suggestion in paths():
            is_told = "naloxone" in slugs(suggestion.warnings)
            assert is_told == (answers.substance != {"alcohol"})


class TestStimulants:
    def test_alone_are_not_sent_to_detox_or_medication(self):
        for _, suggestion in where(
            lambda one: one.substance == {"stimulants"} and one.medication == "no"
        ):
            assert not {
                slug
                for search in suggestion.searches
                for _, slug in search.parameters
                if "detox" in slug
            }
            assert not suggestion.medications
            assert "stimulants" in slugs(suggestion.warnings)


class TestMedicationNow:
    @pytest.mark.parametrize("medication", MEDICATIONS)
    def test_is_to_be_stayed_on(self, medication):
        for answers, suggestion in where(lambda one: one.medication == medication):
            assert "disability-act" in slugs(suggestion.medications)
            if medication == "naltrexone" and "opioids" in answers.substance:
                continue
            assert "on-medication" in slugs(suggestion.medications)
            for search in suggestion.searches:
                assert ("keeps", f"keep-{medication}") in search.parameters

    def test_that_may_be_is_to_be_stayed_on_too(self):
        for _, suggestion in where(lambda one: one.medication == "unsure"):
            assert {"may-be-on-medication", "disability-act"} <= slugs(suggestion.medications)


class TestTeens:
    def test_get_their_own_words(self):
        for answers, suggestion in paths():
            is_told = slugs(suggestion.for_teens) == {
                "teen-programs", "teen-consent", "teen-privacy", "teen-pediatrician",
                "teen-adult-places",
            }  # fmt: skip
            assert is_told == (answers.age == "teen")

    def test_look_for_places_that_take_them_first(self):
        for answers, suggestion in paths():
            first, *others = suggestion.searches
            takes_teens = [
                ("people", "children") in search.parameters for search in suggestion.searches
            ]
            if answers.age == "teen":
                assert takes_teens == [*[True] * (len(others)), False]
                assert others[-1].slug == "adults"
                assert set(others[-1].parameters) == {*first.parameters} - {("people", "children")}
            else:
                assert not any(takes_teens)


@pytest.mark.slow
class TestEveryPath:
    def test_has_a_reason_a_search_and_a_question(self):
        for _, suggestion in paths():
            assert str(suggestion.label)
            assert suggestion.reasons
            assert suggestion.searches
            assert suggestion.questions_to_ask

    def test_names_988_where_suicide_is_not_ruled_out(self):
        for answers, suggestion in paths():
            assert ("suicide-line" in slugs(suggestion.warnings)) == (answers.suicide != "no")

    def test_looks_for_the_payment_that_was_named(self):
        for answers, suggestion in paths():
            for search in suggestion.searches:
                assert bool(chosen(search.parameters, "payment")) == (answers.payment != "unsure")

    def test_of_no_insurance_is_never_cash_alone(self):
        search, *_ = suggest_care(replace(SAFEST, payment="nothing")).searches

        assert "self-payment" not in chosen(search.parameters, "payment")
        assert {"no-payment", "sliding-scale"} <= chosen(search.parameters, "payment")

    @pytest.mark.django_db
    def test_prepares_searches_that_the_search_page_takes(self):
        asked = {
            pair
            for _, suggestion in paths()
            for search in suggestion.searches
            for pair in search.parameters
        }

        refused = [pair for pair in asked if FacilityFilterSet(QueryDict(urlencode([pair]))).errors]

        assert len(asked) > 25
        assert refused == []


class TestRules:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
    def test_decide_somewhere(self, rule):
        others = tuple(one for one in RULES if one is not rule)
        applying = (one for one, _ in paths() if rule.applies(one))

        if rule.headline is Headline.SETTING:  # is what is said where no rule decides
            assert suggest_care(SAFEST, others) == suggest_care(SAFEST)
        else:
            assert any(suggest_care(one) != suggest_care(one, others) for one in applying)

    @pytest.mark.parametrize(
        "rule",
        [rule for rule in RULES if rule.setting not in (None, CareSetting.OUTPATIENT)],
        ids=lambda rule: rule.slug,
    )
    @pytest.mark.slow
    def test_decide_a_setting_alone_somewhere(self, rule):
        others = tuple(one for one in RULES if one is not rule)
        applying = (one for one, _ in paths() if rule.applies(one))

        assert any(
            suggest_care(one).setting is not suggest_care(one, others).setting for one in applying
        )

    def test_say_when_what_and_by_whom(self):
        assert len({rule.slug for rule in RULES}) == len(RULES)
        for rule in RULES:
            assert str(rule.condition_words)
            assert str(rule.outcome_words)
            assert rule.source.name
            assert (rule.setting is not None) == (rule.kind is RuleKind.SETTING)
            assert (rule.headline is not None) == (rule.kind is RuleKind.HEADLINE)
            assert bool(rule.alert) == (rule.kind is RuleKind.DANGER)

    def test_take_the_safer_way_where_none_decides(self):
        assert suggest_care(SAFEST, ()).setting is CareSetting.OVERNIGHT


class TestReading:
    @pytest.mark.parametrize(
        "answers",
        [SAFEST, QuestionnaireAnswers(), replace(SAFEST, home="no", place="Troy, NY")],
    )
    def test_gives_back_what_was_written(self, answers):
        written = QueryDict(urlencode([*answers_as_parameters(answers)]))

        assert parse_answers(written.lists()).answers == answers

    @pytest.mark.parametrize(
        "query",
        ["home=maybe", "home=yes&home=no", "home=YES", "home=yes%00", "home=" + "x" * 100_000],
    )
    def test_takes_what_it_cannot_read_as_not_sure(self, query):
        reading = parse_answers(QueryDict(query).lists())

        assert reading.answers.home == "unsure"
        assert reading.unread == ("home",)

    @pytest.mark.parametrize("place", ["x" * 101, "Troy%00", "Troy%0D%0AX"])
    def test_takes_a_place_that_it_cannot_read_as_none(self, place):
        reading = parse_answers(QueryDict(f"place={place}").lists())

        assert (reading.answers.place, reading.unread) == ("", ("place",))

    def test_keeps_known_substances_beside_unknown_ones(self):
        reading = parse_answers(QueryDict("substance=alcohol&substance=glue").lists())

        assert reading.answers.substance == {"alcohol", "unsure"}
        assert reading.unread == ("substance",)

    @pytest.mark.parametrize(
        ("query", "name", "answer"),
        [
            ("minor=yes", "age", "teen"),
            ("minor=no", "age", "adult"),
            ("dependence=mild", "shaking", "no"),
            ("dependence=strong", "shaking", "before"),
            ("dependence=perhaps", "shaking", "unsure"),
        ],
    )
    def test_understands_links_kept_from_before(self, query, name, answer):
        reading = parse_answers(QueryDict(query).lists())

        assert getattr(reading.answers, name) == answer
        assert reading.unread == ((name,) if "perhaps" in query else ())
