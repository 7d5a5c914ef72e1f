"""The page that suggests where to look: what it asks, answers and keeps to itself."""

import http.client
import re
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.utils.translation import override

from facilities.guidance.care_finder import QUESTIONS, RULES, SCREENS, Headline
from facilities.management.translations import translatable_messages
from facilities.models import Facility

from ..support.factories import log_changes, make_facility, make_release
from ..support.html import Page, SearchPage
from ..support.readability import ease, grade

URLENCODED = "application/x-www-form-urlencoded"
OURS = {"Sec-Fetch-Site": "same-origin"}


def post(client, query: str = "", address: str = "/choose/"):
    """What the browser does with a form sent: the answer to it, or where it leads to."""
    token = Page(client.get(address)).form_token
    return client.post(address, f"form_token={token}&{query}", URLENCODED, headers=OURS)


def answer(client, query: str = "", address: str = "/choose/") -> str:
    return client.get(post(client, query, address)["Location"]).content.decode()


def setting_in(html: str) -> str:
    return Page(html).attribute("[data-setting]", "data-setting")


def headline_in(html: str) -> str:
    return Page(html).attribute("[data-headline]", "data-headline")


def hidden_fields(page: Page, form: str) -> list[tuple[str, str]]:
    fields = page.all(f"{form} input[type=hidden]")
    return [(field.attributes["name"], field.attributes["value"]) for field in fields]


NEAR_MEDICATION = ".near:has(#near-medication)"
# The one answer, but for buprenorphine, that leads home.
HOME_QUERY = (
    "substance=opioids&shaking=no&seizures=no&illness=no&mental=no&suicide=no&pregnant=no"
    "&age=adult&home=yes&company=yes&medication=no"
)


@pytest.fixture
def near_brooklyn(db):
    """Two places near 11206 that start buprenorphine, a men's one, and a hospital in Ohio."""
    near = {"city": "Brooklyn", "state": "NY", "zip": "11206", "latitude": 40.70}
    starts = "buprenorphine-maintenance buprenorphine-detox regular-outpatient women men adults"
    make_facility(
        name="Alder Clinic", longitude=-73.94, phone="718-555-0100", services=starts, **near
    )
    make_facility(
        name="Birch Clinic", longitude=-73.90, phone="718-555-0101",
        services=f"{starts} young-adults pregnant-program", **near,
    )  # fmt: skip
    make_facility(
        name="Cedar Teens", longitude=-73.92, services="buprenorphine-maintenance children", **near
    )
    make_facility(
        name="Dogwood Hospital", city="Columbus", state="OH", zip="43201", phone="614-555-0100",
        latitude=39.99, longitude=-83.0,
        services="hospital-inpatient alcohol-detox hospital-detox detox adults",
    )  # fmt: skip
    log_changes()


@pytest.mark.django_db
class TestQuestions:
    def test_stand_one_to_a_fragment_that_the_next_links_to(self, client):
        page = Page(client.get("/choose/"))

        fragments = page.attributes("fieldset.screen", "id")
        assert fragments == [f"q-{screen.slug}" for screen in SCREENS]
        assert len(fragments) <= 8
        for before, after in pairwise(fragments):
            assert f"#{after}" in page.links(f"#{before} a")
            assert f"#{before}" in page.links(f"#{after} a")

    def test_say_how_many_there_are_in_words(self, client):
        html = client.get("/choose/").content.decode()

        assert "Question 2 of 8" in html
        assert "Pregunta 2 de 8" in client.get("/es/choose/").content.decode()

    def test_are_sent_once_at_the_end(self, client):
        page = Page(client.get("/choose/"))
        dialog, send = page.all("#q-all button[type=submit]")

        assert (dialog.attributes["formmethod"], "hidden" in dialog.attributes) == ("dialog", True)
        assert send.attributes == {"type": "submit", "class": "primary"}
        assert all(str(question.text) in page.text for question in QUESTIONS)
        assert page.all("input[checked]") == []

    def test_say_at_once_whom_to_call(self, client):
        page = Page(client.get("/choose/"))

        assert page.links('#q-danger [data-danger="now"] a')[0] == "tel:911"
        assert page.links('#q-suicide [data-danger="crisis"] a')[0] == "tel:988"

    def test_may_be_kept_by_the_browser_alone(self, client):
        response = client.get("/choose/")

        assert response["Cache-Control"] == "private, no-cache"
        assert response.cookies == {}

    def test_ask_the_database_only_for_the_release(self, client, django_assert_num_queries):
        with django_assert_num_queries(1):
            client.get(f"/choose/?{HOME_QUERY}")

    def test_refuse_more_fields_than_a_form_has(self, client):
        assert post(client, "home=yes&" * 2000).status_code == 400


@pytest.mark.django_db
class TestAnswer:
    def test_has_an_address_of_its_own_with_no_word_of_it(self, client):
        response = post(client, "suicide=yes&substance=opioids&place=11206")
        address = response["Location"]

        assert response.status_code == 302
        assert address.startswith("/choose/?answer=")
        assert not any(word in address for word in ("suicide", "opioids", "11206"))
        assert "no-store" in response["Cache-Control"]
        shown = client.get(address)
        assert "no-store" in shown["Cache-Control"]
        assert shown.cookies == {}
        assert '<meta name="robots" content="noindex">' in shown.content.decode()

    def test_opens_for_four_hours(self, client, time_machine):
        time_machine.move_to("2026-03-01 08:00")
        address = post(client, HOME_QUERY)["Location"]
        time_machine.move_to("2026-03-01 11:59")
        in_time = client.get(address)
        time_machine.move_to("2026-03-01 12:01")
        too_late = client.get(address)

        assert in_time.status_code == 200
        assert too_late.status_code == 410
        assert "for four hours" in too_late.content.decode()
        assert 'id="q-danger"' in too_late.content.decode()

    @pytest.mark.parametrize("code", ["x", "a:b:c", "%00", "é", "x" * 5000])
    def test_of_a_forged_code_is_the_questions(self, client, code):
        assert client.get(f"/choose/?answer={code}").status_code == 410
        assert client.get(f"/choose/?change={code}").status_code == 410

    def test_names_988_and_the_emergency_room_before_any_list(self, client, near_brooklyn):
        html = answer(client, "suicide=yes&place=11206&substance=opioids")

        assert html.index('data-danger="crisis"') < html.index('id="emergency-room"')
        assert html.index('id="emergency-room"') < html.index("data-headline")
        assert html.index("data-headline") < html.index("Alder Clinic")
        assert setting_in(html) == "hospital"

    def test_puts_the_call_of_a_danger_first_of_all_controls(self, client):
        page = Page(answer(client, "danger=yes&suicide=yes"))

        first = page.all('main h1, main [data-danger="now"]')[0]
        assert first.attributes["data-danger"] == "now"
        assert page.links("main a")[0] == "tel:911"

    def test_names_the_emergency_room_first_in_every_hospital_answer(self, client):
        for query in ("substance=alcohol&seizures=yes", "illness=yes", "mental=yes"):
            html = answer(client, query)
            assert setting_in(html) == "hospital"
            assert html.index("An emergency room first") < html.index("data-headline")

    def test_sends_there_now_unless_it_can_wait_for_a_bed(self, client):
        assert "Go to the nearest emergency room" in answer(client, "seizures=yes")
        assert "If it cannot wait" in answer(client, "illness=yes&substance=stimulants")

    def test_without_danger_shows_no_alarm(self, client):
        html = answer(client, HOME_QUERY)

        assert "data-danger" not in html
        assert "An emergency room first" not in html

    @pytest.mark.parametrize(
        ("query", "headline"),
        [
            ("substance=opioids", "start"),
            ("substance=opioids&medication=methadone", "stay"),
            ("substance=opioids&pregnant=yes", "start"),
            ("substance=opioids&shaking=now", "tonight"),
            ("substance=opioids&medication=naltrexone", "naltrexone"),
            ("substance=opioids&substance=alcohol", "watched_and_medication"),
            ("substance=alcohol", "watched"),
            ("substance=stimulants", "setting"),
            ("", "watched_and_medication"),
        ],
    )
    def test_starts_with_what_comes_first(self, client, query, headline):
        html = answer(client, query)

        assert headline_in(html) == headline
        label = Headline[headline.upper()].label
        assert not label or f'<h2 id="headline">{label}</h2>' in html

    def test_says_that_a_clinician_decides_and_who_says_so(self, client):
        html = answer(client, HOME_QUERY)

        assert "A clinician decides." in html
        assert "Treatment Improvement Protocol 63" in html

    def test_gives_the_emergency_plan_with_home_and_only_there(self, client):
        assert "A written emergency plan" in answer(client, HOME_QUERY)
        assert "A written emergency plan" not in answer(client, "home=yes")

    def test_speaks_to_teens_in_their_own_words(self, client):
        html = answer(client, "age=teen&substance=opioids")

        for words in ("Who must agree", "program made for teens", "Places for adults",
                      "pediatrician"):  # fmt: skip
            assert words in html
        assert "If you are 17 or younger" not in answer(client, HOME_QUERY)

    def test_ends_in_what_to_do_if_no_place_takes_you(self, client):
        for query in ("", HOME_QUERY, "suicide=yes", "substance=stimulants&place=11206"):
            assert "If no place takes you today" in answer(client, query)

    def test_takes_the_safer_way_from_an_empty_form(self, client):
        html = answer(client)

        assert setting_in(html) == "overnight"
        assert "Skipped, so we assume the safer answer" in html

    def test_takes_the_safer_way_from_what_it_cannot_read(self, client):
        garbage = HOME_QUERY.replace("home=yes", "home=%F0%9F%8F%A0&home=<script>")

        html = answer(client, garbage)

        assert setting_in(html) == "overnight"
        assert "We could not read these answers" in html
        assert "<script>" not in html

    def test_leads_back_to_the_questions_with_what_was_ticked(self, client):
        html = answer(client, "home=no&substance=alcohol&substance=opioids&place=Troy, NY")

        [change] = {*Page(html).links('a[href^="/choose/?change="]')}
        questions = client.get(change)
        ticked = {
            (box.attributes["name"], box.attributes["value"])
            for box in Page(questions).all("input[checked]")
        }
        assert {("home", "no"), ("substance", "alcohol"), ("substance", "opioids")} <= ticked
        assert ("company", "unsure") in ticked
        assert Page(questions).attribute("input[name=place]", "value") == "Troy, NY"
        assert "no-store" in questions["Cache-Control"]

    def test_reads_in_spanish(self, client):
        html = answer(client, HOME_QUERY, "/es/choose/")

        assert '<html lang="es">' in html
        assert '<h2 id="headline">Empezar metadona o buprenorfina</h2>' in html
        assert "En casa con guía médica" in html
        assert "Un profesional de la salud decide." in html
        assert "A clinician decides." not in html
        assert 'href="/es/search/?' in html

    def test_goes_over_to_the_other_language_with_the_answers(self, client):
        html = answer(client, HOME_QUERY)

        spanish = Page(html).attribute('a[lang=es][href^="/es/choose/?answer="]', "href")
        assert setting_in(client.get(spanish).content.decode()) == "home"


@pytest.mark.django_db
class TestPlaces:
    def test_are_the_nearest_with_distance_and_phone_and_counted(self, client, near_brooklyn):
        page = Page(answer(client, f"{HOME_QUERY}&place=11206"))

        [first] = page.texts(NEAR_MEDICATION)
        assert page.texts(f"{NEAR_MEDICATION} .name") == ["Alder Clinic", "Birch Clinic"]
        assert re.search(r"\d\.\d miles \w+ of 11206", first)
        assert "718-555-0100" in first
        assert "2 facilities within 25 miles" in first
        [search] = page.links(f"{NEAR_MEDICATION} .all-near")
        assert search.startswith("/search/?place=11206&starts=start-")
        assert "starts=start-buprenorphine" in search

    def test_each_say_where_their_facts_come_from(self, client, near_brooklyn):
        Facility.objects.update(source_release=make_release())

        page = Page(answer(client, f"{HOME_QUERY}&place=11206"))

        [first] = page.texts(NEAR_MEDICATION)
        assert first.count("The facility told SAMHSA (2023).") == 2

    def test_of_the_link_are_those_of_the_search(self, client, near_brooklyn):
        page = Page(answer(client, f"{HOME_QUERY}&place=11206"))

        [link] = page.links(f"{NEAR_MEDICATION} .all-near")
        assert SearchPage(client.get(link)).total == 2

    def test_for_a_pregnant_person_put_a_tailored_program_first_and_leave_none_out(
        self, client, near_brooklyn
    ):
        page = Page(answer(client, "substance=opioids&pregnant=yes&age=adult&place=11206"))

        assert page.texts(f"{NEAR_MEDICATION} .name") == ["Birch Clinic", "Alder Clinic"]

    def test_for_teens_take_teens_and_adult_places_stand_apart(self, client, near_brooklyn):
        page = Page(answer(client, "substance=opioids&age=teen&place=11206"))

        assert page.texts(f"{NEAR_MEDICATION} .name") == ["Cedar Teens"]
        assert "Alder Clinic" in page.texts(".near:has(#near-adults) .name")

    def test_beyond_100_miles_are_named_by_the_nearest(self, client, near_brooklyn):
        html = answer(client, "substance=alcohol&seizures=yes&age=adult&place=Pittsburgh, PA")

        assert "Nothing within 100 miles. The nearest:" in html
        assert re.search(r"1\d\d miles W of Pittsburgh", html)
        assert "Nothing in this list is within reach" not in html

    def test_out_of_reach_lead_to_a_number(self, client, near_brooklyn):
        html = answer(client, "substance=alcohol&seizures=yes&age=adult&place=59301")

        assert "Nothing in this list is within reach" in html
        reach = html[html.index('id="out-of-reach"') :]
        assert reach.index("tel:+18006624357") < reach.index('id="near-setting"')

    def test_that_bear_one_name_are_offered(self, client):
        page = Page(answer(client, "substance=opioids&place=Springfield"))

        assert "Several places bear the name “Springfield”" in page.text
        offers = dict(zip(page.texts(".offers a"), page.links(".offers a"), strict=True))
        chosen = client.get(offers["Springfield, IL"])
        assert "Near Springfield, IL" in chosen.content.decode()

    def test_that_are_none_are_asked_for_again(self, client):
        html = answer(client, "substance=opioids&place=Nowhereville%3Cb%3E")

        assert "We could not find “Nowhereville&lt;b&gt;”" in html
        assert 'aria-invalid="true" aria-describedby="place-problem"' in html

    def test_can_be_given_on_the_answer(self, client, near_brooklyn):
        page = Page(answer(client, HOME_QUERY))

        sent = urlencode([*hidden_fields(page, "form.prepared"), ("place", "11206")])
        with_place = client.post("/choose/", sent, URLENCODED, headers=OURS)
        assert "Alder Clinic" in client.get(with_place["Location"]).content.decode()

    def test_without_a_place_are_searches_that_ask_for_it(self, client):
        page = Page(answer(client, "substance=opioids"))

        link = page.links('.near a.secondary[href^="/search/"]')[0]
        asked = client.get(link).content.decode()
        assert "starts=start-buprenorphine" in link
        assert "Where?" in asked
        assert "data-total" not in asked


@pytest.mark.django_db
class TestPregnancy:
    QUESTION = "Do you take pregnant people before others? How soon?"

    @pytest.mark.parametrize(
        ("query", "times"),
        [
            ("pregnant=yes&substance=opioids", 1),
            ("pregnant=yes&substance=alcohol", 1),
            ("pregnant=yes&substance=opioids&substance=alcohol", 1),
            ("pregnant=no&substance=opioids", 0),
        ],
    )
    def test_is_asked_about_once(self, client, query, times):
        html = client.get(f"/choose/?{query}").content.decode()

        assert html.count(self.QUESTION) == times


@pytest.mark.django_db
class TestLink:
    def test_is_made_only_on_request(self, client):
        html = answer(client, "home=no&substance=alcohol")

        fields = hidden_fields(Page(html), ".share form")
        assert fields == [("substance", "alcohol"), ("home", "no")]
        assert "substance=alcohol&amp;home=no" not in html

    def test_shows_the_same_answer_and_says_what_it_holds(self, client):
        response = client.get(f"/choose/?{HOME_QUERY}")
        html = response.content.decode()

        assert setting_in(html) == "home"
        assert "address holds your answers" in html
        assert '<meta name="robots" content="noindex">' in html
        assert "no-store" in response["Cache-Control"]
        assert response.cookies == {}

    def test_kept_from_before_still_answers(self, client):
        """With the names of questions that have others today."""
        kept = HOME_QUERY.replace("shaking=no", "dependence=mild").replace("age=adult", "minor=no")

        html = client.get(f"/choose/?{kept}").content.decode()

        assert setting_in(html) == "home"
        assert "We could not read these answers" not in html

    @pytest.mark.parametrize(
        "query", ["home=maybe", "suicide=%00", "substance=" + "x" * 5000, "minor=yes&minor=no"]
    )
    def test_that_is_damaged_takes_the_safer_way(self, client, query):
        html = client.get(f"/choose/?{query}").content.decode()

        assert setting_in(html) == "overnight"
        assert "We could not read these answers" in html

    def test_with_other_parameters_is_the_bare_form(self, client):
        assert "data-setting" not in client.get("/choose/?utm_source=x").content.decode()


class TestPrivacy:
    def test_answers_reach_no_cookie_or_log(self, served):
        connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=30)
        connection.request("GET", "/choose/")
        token = Page(connection.getresponse().read().decode()).form_token
        body = urlencode({"form_token": token, "medication": "naltrexone", "seizures": "yes"})
        headers = OURS | {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/choose/", body, headers)
        sent = connection.getresponse()
        sent.read()
        address = sent.getheader("Location")
        connection.request("GET", address)
        connection.getresponse().read()
        connection.request("GET", "/choose/?medication=naltrexone&seizures=yes")
        connection.getresponse().read()

        assert (sent.status, sent.getheader("Set-Cookie")) == (302, None)
        assert " POST - 302 " in served.log_text()
        assert not {"naltrexone", "seizures", token} & set(re.split(r"[\s?=&]", served.log_text()))
        assert address.partition("=")[2] not in served.log_text()


class TestWords:
    def written(self):
        """The texts of this page in code and templates."""
        places = ("facilities/guidance/care_finder/", "templates/public/facilities/care_finder/")
        found = translatable_messages(settings.BASE_DIR)
        texts = {message.text for message in found if message.file.startswith(places)}
        return sorted(re.sub(r"<[^>]+>|%\(\w+\)s", " ", text) for text in texts)

    def test_take_eight_years_of_school(self):
        long = [text for text in self.written() if len(text.split()) >= 8]

        assert len(long) > 80
        assert grade(long) <= 8

    def test_are_plain_in_spanish(self):
        with override("es"):
            spoken = [str(rule.outcome_words) for rule in RULES]
            asked = [str(question.text) for question in QUESTIONS]

        assert ease(spoken + asked) >= 60
