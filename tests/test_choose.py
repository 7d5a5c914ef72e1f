"""Which setting is suggested: every path of the rules, and the page that asks."""

import http.client
import re
from dataclasses import replace
from functools import cache
from itertools import chain, combinations, islice, product
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import QueryDict

from facilities.choosing import QUESTIONS, RULES, Answers, Kind, Setting, as_pairs, read, suggest
from facilities.filters import FacilityFilterSet

SUBSTANCES = ("opioids", "alcohol", "benzodiazepines", "stimulants", "other", "unsure")
THREE = ("yes", "no", "unsure")
HAZARDS = ("seizures", "illness", "mental", "suicide", "pregnant", "minor")
MEDICATIONS = ("methadone", "buprenorphine", "naltrexone")
STEP = 211  # of 6.2 million; a prime that divides no number of choices
SAFEST = Answers(
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
    return (Answers(*values) for values in islice(product(*CHOICES.values()), 0, None, STEP))


def near(answers: Answers):
    """The answers that differ from these in one or two questions."""
    for names in combinations(CHOICES, 2):
        for values in product(*(CHOICES[name] for name in names)):
            yield replace(answers, **dict(zip(names, values, strict=True)))


@cache
def paths():
    """(answers, suggestion) of every 211th answer, and of all near the one that leads home."""
    some = chain(some_answers(), set(near(SAFEST)), [Answers()])
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
        assert suggest(Answers()).open_questions == tuple(each.name for each in QUESTIONS)


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
    @pytest.mark.parametrize("answers", [SAFEST, Answers(), replace(SAFEST, home="no")])
    def test_gives_back_what_was_written(self, answers):
        written = QueryDict(urlencode([*as_pairs(answers)]))

        assert read(written.lists()).answers == answers

    @pytest.mark.parametrize(
        "query",
        ["home=maybe", "home=yes&home=no", "home=YES", "home=yes%00", "home=" + "x" * 100_000],
    )
    def test_takes_what_it_cannot_read_as_not_sure(self, query):
        reading = read(QueryDict(query).lists())

        assert reading.answers.home == "unsure"
        assert reading.unread == ("home",)

    def test_keeps_known_substances_beside_unknown_ones(self):
        reading = read(QueryDict("substance=alcohol&substance=glue").lists())

        assert reading.answers.substance == {"alcohol", "unsure"}
        assert reading.unread == ("substance",)


OURS = {"Sec-Fetch-Site": "same-origin"}


def token_in(html: str) -> str:
    return re.search(r'name="form_token" value="([^"]+)"', html)[1]


def post(client, query: str = "", address: str = "/choose/"):
    form = client.get(address).content.decode()
    token = token_in(form)
    return client.post(
        address, data=f"form_token={token}&{query}", headers=OURS,
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip


def setting_in(html: str) -> str:
    return re.search(r'data-setting="(\w+)"', html)[1]


HOME_QUERY = urlencode([*as_pairs(SAFEST)])


@pytest.mark.django_db
class TestPage:
    def test_asks_with_emergency_signs_first(self, client):
        html = client.get("/choose/").content.decode()

        assert html.index("danger right now") < html.index("<form")
        assert all(f"<legend>{question.text}" in html for question in QUESTIONS)
        assert "checked" not in html
        assert "data-setting" not in html

    def test_answers_with_emergency_signs_first(self, client):
        html = post(client, "suicide=yes").content.decode()

        assert html.index("You told us of thoughts of suicide") < html.index("data-setting")
        assert setting_in(html) == "hospital"

    def test_says_that_a_clinician_decides_and_who_says_so(self, client):
        html = post(client, HOME_QUERY).content.decode()

        assert "A clinician decides." in html
        assert "Treatment Improvement Protocol 63" in html

    def test_gives_the_emergency_plan_with_home_and_only_there(self, client):
        assert "A written emergency plan" in post(client, HOME_QUERY).content.decode()
        assert "A written emergency plan" not in post(client, "home=yes").content.decode()

    def test_takes_the_safer_way_from_an_empty_form(self, client):
        response = post(client)

        assert response.status_code == 200
        assert setting_in(response.content.decode()) == "overnight"
        assert "Left open, so we took the safer way" in response.content.decode()

    def test_takes_the_safer_way_from_what_it_cannot_read(self, client):
        garbage = HOME_QUERY.replace("home=yes", "home=%F0%9F%8F%A0&home=<script>")

        html = post(client, garbage).content.decode()

        assert setting_in(html) == "overnight"
        assert "We could not read these answers" in html
        assert "<script>" not in html

    def test_refuses_more_fields_than_a_form_has(self, client):
        assert post(client, "home=yes&" * 2000).status_code == 400

    def test_shows_the_answers_again_to_change(self, client):
        html = post(client, "home=no&substance=alcohol&substance=opioids").content.decode()

        ticked = re.findall(r'name="(\w+)" value="(\w+)" checked', html)
        assert {("home", "no"), ("substance", "alcohol"), ("substance", "opioids")} <= {*ticked}
        assert ("company", "unsure") in ticked

    def test_prepares_a_search_that_asks_for_a_place(self, client):
        html = post(client, "substance=opioids&dependence=strong").content.decode()

        forms = re.findall(r'<form class="prepared" action="([^"]+)"(.*?)</form>', html, re.S)
        assert [address for address, _ in forms] == ["/search/", "/search/"]
        assert all('name="place"' in form for _, form in forms)
        assert 'name="starts" value="start-buprenorphine"' in forms[0][1]
        assert "Methadone, Buprenorphine" in forms[0][1]

    def test_reads_in_spanish(self, client):
        html = post(client, HOME_QUERY, "/es/choose/").content.decode()

        assert '<html lang="es">' in html
        assert "En casa" in html
        assert "A clinician decides." not in html
        assert 'action="/es/search/"' in html

    def test_goes_over_to_the_other_language_with_the_answers(self, client):
        html = post(client, HOME_QUERY).content.decode()

        form = re.search(r'<form method="post" action="/es/choose/">(.*?)</form>', html, re.S)[1]
        fields = re.findall(r'name="([^"]+)" value="([^"]+)"', form)
        other = post(client, urlencode(fields[1:]), "/es/choose/").content.decode()
        assert fields[0][0] == "form_token"
        assert setting_in(other) == "home"


@pytest.mark.django_db
class TestLink:
    def test_is_made_only_on_request(self, client):
        html = post(client, "home=no&substance=alcohol").content.decode()

        form = re.search(r'<form method="get" action="/choose/">(.*?)</form>', html, re.S)[1]
        fields = re.findall(r'name="([^"]+)" value="([^"]+)"', form)
        assert fields == [("substance", "alcohol"), ("home", "no")]
        assert "substance=alcohol" not in html

    def test_shows_the_same_answer_and_says_what_it_holds(self, client):
        response = client.get(f"/choose/?{HOME_QUERY}")
        html = response.content.decode()

        assert setting_in(html) == "home"
        assert "address holds your answers" in html
        assert '<meta name="robots" content="noindex">' in html
        assert response.cookies == {}

    @pytest.mark.parametrize(
        "query", ["home=maybe", "suicide=%00", "substance=" + "x" * 5000, "minor=yes&minor=no"]
    )
    def test_that_is_damaged_takes_the_safer_way(self, client, query):
        html = client.get(f"/choose/?{query}").content.decode()

        assert setting_in(html) == "overnight"
        assert "We could not read these answers" in html

    def test_with_other_parameters_is_the_bare_form(self, client):
        assert "data-setting" not in client.get("/choose/?utm_source=x").content.decode()


class TestAnswers:
    def test_reach_no_cookie_address_or_log(self, served):
        connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
        connection.request("GET", "/choose/")
        token = token_in(connection.getresponse().read().decode())
        body = urlencode({"form_token": token, "medication": "naltrexone", "seizures": "yes"})
        headers = OURS | {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/choose/", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.request("GET", "/choose/?medication=naltrexone&seizures=yes")
        connection.getresponse().read()

        assert (answer.status, answer.getheader("Set-Cookie"), answer.getheader("Location")) == (
            200, None, None,
        )  # fmt: skip
        assert " POST /choose/ 200 " in served.log_text()
        assert not {"naltrexone", "seizures", token} & set(re.split(r"[\s?=&]", served.log_text()))
