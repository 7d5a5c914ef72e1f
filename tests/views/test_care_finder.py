"""The page that suggests a setting: what it asks, answers and keeps to itself."""

import http.client
import re
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.utils.translation import override

from facilities.guidance.care_finder import QUESTIONS, RULES
from facilities.management.translations import messages

from ..support.readability import ease, grade

PLACES = (
    "facilities/guidance/care_finder/",
    "facilities/web/public_form",
    "templates/facilities/choose/",
)
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


# The one answer, but for buprenorphine, that leads home.
HOME_QUERY = (
    "substance=opioids&dependence=mild&seizures=no&illness=no&mental=no&suicide=no&pregnant=no"
    "&minor=no&home=yes&company=yes&medication=no"
)


@pytest.mark.django_db
class TestPage:
    def test_asks_with_emergency_signs_first(self, client):
        html = client.get("/choose/").content.decode()

        assert html.index("danger right now") < html.index("<form")
        assert all(f"<legend>{question.text}" in html for question in QUESTIONS)
        assert "checked" not in html
        assert "data-setting" not in html

    def test_asks_the_database_only_for_the_release(self, client, django_assert_num_queries):
        with django_assert_num_queries(1):
            client.get(f"/choose/?{HOME_QUERY}")

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
        assert '<h2 id="setting">En casa con guía médica</h2>' in html
        assert "Un profesional de la salud decide." in html
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

    def test_lead_to_a_search_without_scripts(self, served, browser):
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{served.url}/choose/")
        page.check("input[name=substance][value=alcohol]")
        page.check("input[name=seizures][value=yes]")
        page.click("form.questions button")
        after_answer, cookies = page.url, page.context.cookies()
        page.fill("#place-setting", "New York")
        page.click("form[aria-labelledby=for-setting] button")

        assert after_answer == f"{served.url}/choose/"
        assert cookies == []
        assert page.url.startswith(f"{served.url}/search/?")
        assert page.is_checked("#setting-hospital-inpatient")
        assert page.is_checked("#substance-alcohol-detox")


class TestWords:
    def written(self):
        """The texts of this page in code and templates."""
        places = (
            "facilities/guidance/care_finder/",
            "facilities/views/public_form",
            "templates/facilities/choose/",
        )
        found = messages(settings.BASE_DIR)
        texts = {message.text for message in found if message.file.startswith(places)}
        return sorted(re.sub(r"<[^>]+>|%\(\w+\)s", " ", text) for text in texts)

    def test_take_eight_years_of_school(self):
        long = [text for text in self.written() if len(text.split()) >= 8]

        assert len(long) > 40
        assert grade(long) <= 8

    def test_are_plain_in_spanish(self):
        with override("es"):
            spoken = [str(rule.outcome_words) for rule in RULES]
            asked = [str(question.text) for question in QUESTIONS]

        assert ease(spoken + asked) >= 60
