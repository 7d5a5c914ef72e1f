"""The search by API: the page's facilities in the page's order, in each format, and errors."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from facilities.models import Facility
from facilities.search import GROUPS, FacilityFilterSet

from ..support.factories import log_changes, make_facility, make_release

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/facilities/"
ALBANY = {"city": "Albany", "state": "NY", "zip": "12207", "county_fips": "36001"}


@pytest.fixture
def three():
    release = make_release()
    made = [
        make_facility(name=name, services=services, latitude=42.65 + number / 100, longitude=-73.75,
                      phone=f"518-555-010{number}", source_release=release, **ALBANY)
        for number, (name, services) in enumerate([
            ("Alder House", "methadone medicaid"),
            ("Birch House", "no-opioid-treatment"),
            ("Cedar House", "buprenorphine medicaid"),
        ])
    ]  # fmt: skip
    log_changes()
    return made


def names(response) -> list[str]:
    return [record["name"] for record in response.json()["results"]]


def written(queries) -> list[str]:
    """The statements that change something; large answers are read through a cursor."""
    statements = [query["sql"] for query in queries]
    return [each for each in statements if not each.startswith(("SELECT", "DECLARE"))]


class TestList:
    def test_answers_what_the_parameters_ask_for(self, client, three):
        answer = client.get(SEARCH, {"place": "12207", "payment": "medicaid"}).json()

        assert answer["total"] == 2
        assert [each["name"] for each in answer["results"]] == ["Alder House", "Cedar House"]
        assert answer["next"] is None
        assert answer["results"][0]["miles"] < answer["results"][1]["miles"]

    def test_tells_three_answers_apart(self, client, three):
        records = client.get(SEARCH, {"place": "12207"}).json()["results"]
        answers = {each["name"]: each["services"].get("methadone") for each in records}

        assert answers == {"Alder House": "yes", "Birch House": "no", "Cedar House": None}

    def test_dates_each_facility_by_its_source(self, client, three):
        record = client.get(SEARCH, {"place": "12207"}).json()["results"][0]
        days = (date.today() - date(2023, 12, 31)).days

        assert record["source"] == {
            "source": "directory",
            "title": "SAMHSA National Directory",
            "edition": "2023",
            "published_on": "2023-12-31",
            "age_days": days,
            "passed_on_by": None,
        }
        assert record["last_verified_on"] is None

    def test_counts_choices_where_it_is_asked_to(self, client, three):
        plain = client.get(SEARCH, {"place": "12207"}).json()
        counted = client.get(SEARCH, {"place": "12207", "counts": "true"}).json()

        assert "counts" not in plain
        assert counted["counts"]["payment"]["medicaid"] == 2

    def test_says_what_free_words_were_read_as(self, client, three):
        answer = client.get(SEARCH, {"q": "methadone 12207"}).json()

        assert answer["understood"]["medication"] == ["methadone"]
        assert [each["name"] for each in answer["results"]] == ["Alder House"]

    def test_is_in_the_language_of_its_address(self, client, three):
        english, spanish = (
            client.get(prefix + SEARCH, {"place": "12207", "q": "birch"}).json()["results"][0]
            for prefix in ("", "/es")
        )

        assert english["exclusions"] == ["Does not treat opioid use disorder"]
        assert spanish["exclusions"] == ["No trata el trastorno por consumo de opioides"]
        assert spanish["url"].startswith("http://testserver/es/facility/")

    def test_takes_the_same_queries_for_any_number_of_facilities(self, client, three):
        counts = []
        for limit in (1, 3):
            client.get(SEARCH, {"place": "12207", "limit": limit})  # writes the SQL
            with CaptureQueriesContext(connection) as queries:
                client.get(SEARCH, {"place": "12207", "limit": limit})
            counts.append(len(queries))

        # the tag's version, the place, the version for the index, the facilities, the releases'
        assert counts == [4, 4]


class TestCursor:
    def walk(self, client, **parameters) -> list[str]:
        found, parameters = [], parameters | {"limit": 1}
        while parameters.get("cursor", "first") is not None:
            response = client.get(SEARCH, parameters)
            found += names(response)
            parameters["cursor"] = response.json()["next"]
        return found

    def test_leads_to_each_facility_once(self, client, three):
        assert self.walk(client, place="12207") == ["Alder House", "Birch House", "Cedar House"]

    def test_stands_in_a_link_as_well(self, client, three):
        first = client.get(SEARCH, {"place": "12207", "limit": "2"})
        address = first["Link"].partition(">")[0].removeprefix("<http://testserver")

        assert first["Link"].endswith('; rel="next"')
        assert names(client.get(address)) == ["Cedar House"]

    def test_leaves_out_nobody_where_one_before_it_goes(self, client, three):
        cursor = client.get(SEARCH, {"place": "12207", "limit": "2"}).json()["next"]
        Facility.objects.filter(name="Alder House").update(status="hidden")
        log_changes()

        assert names(client.get(SEARCH, {"place": "12207", "cursor": cursor})) == ["Cedar House"]

    def test_goes_on_at_its_number_where_its_facility_is_gone(self, client, three):
        cursor = client.get(SEARCH, {"place": "12207", "limit": "1"}).json()["next"]
        Facility.objects.filter(name="Alder House").update(status="hidden")
        log_changes()

        assert names(client.get(SEARCH, {"place": "12207", "cursor": cursor})) == ["Cedar House"]

    @pytest.mark.parametrize("cursor", ["x", "1.2.3", "1.1.00000000"])
    def test_of_another_search_is_refused(self, client, three, cursor):
        response = client.get(SEARCH, {"place": "12207", "cursor": cursor})

        assert response.status_code == 400
        assert response.json()["errors"][0]["parameter"] == "cursor"


class TestFormats:
    def test_geojson_has_a_feature_for_each_facility(self, client, three):
        make_facility(name="Dune House", **ALBANY)
        log_changes()
        response = client.get(SEARCH, {"place": "Albany County, NY", "format": "geojson"})
        features = {each["properties"]["name"]: each for each in response.json()["features"]}

        assert response["Content-Type"] == "application/geo+json"
        assert features["Alder House"]["geometry"] == {
            "type": "Point",
            "coordinates": [-73.75, 42.65],
        }
        assert features["Dune House"]["geometry"] is None

    def test_csv_has_a_cell_for_each_service(self, client, three):
        response = client.get(SEARCH, {"place": "12207", "format": "csv"})
        rows = [*csv.DictReader(io.StringIO(response.content.decode()))]

        assert [row["name"] for row in rows] == ["Alder House", "Birch House", "Cedar House"]
        assert [row["methadone"] for row in rows] == ["yes", "no", ""]

    def test_csv_runs_nothing_in_a_spreadsheet(self, client, three):
        Facility.objects.filter(name="Alder House").update(name="=1+1")
        rows = csv.DictReader(
            io.StringIO(client.get(SEARCH, {"place": "12207", "format": "csv"}).content.decode())
        )

        assert next(rows)["name"] == "'=1+1"

    def test_hold_the_same_facilities(self, client, three):
        answers = {
            form: client.get(SEARCH, {"place": "12207", "sort": "name", "format": form})
            for form in ("json", "geojson", "csv")
        }
        rows = csv.DictReader(io.StringIO(answers["csv"].content.decode()))
        features = answers["geojson"].json()["features"]

        codes = [record["code"] for record in answers["json"].json()["results"]]
        assert [row["code"] for row in rows] == codes
        assert [feature["id"] for feature in features] == codes


class TestPost:
    @pytest.mark.parametrize("is_json", [True, False])
    def test_answers_as_a_get_does(self, client, three, is_json):
        asked = {"place": "12207", "payment": ["medicaid"], "limit": 1, "counts": True}
        if is_json:
            response = client.post(SEARCH, json.dumps(asked), content_type="application/json")
        else:
            form = QueryDict(mutable=True)
            form.update({"place": "12207", "payment": "medicaid", "limit": "1", "counts": "true"})
            response = client.post(
                SEARCH, form.urlencode(), content_type="application/x-www-form-urlencoded"
            )
        by_get = client.get(SEARCH, asked | {"counts": "true"})

        assert response.json() == by_get.json()
        assert "Link" not in response.headers
        assert response["Cache-Control"] == "no-store"

    def test_writes_nothing(self, client, three):
        with CaptureQueriesContext(connection) as queries:
            client.post(SEARCH, {"place": "12207"}, content_type="application/json")

        assert written(queries) == []

    def test_of_another_type_is_refused(self, client):
        response = client.post(SEARCH, "<place/>", content_type="text/xml")

        assert response.status_code == 415
        assert response["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "body",
        ["{", "[]", '"Ohio"', "\xff", '{"place": {"zip": 1}}', '{"place": null}',
         '{"place": 43215}',
         '{"payment": "medicaid"}', '{"counts": "true"}', '{"limit": true}', '{"lat": NaN}'],
    )  # fmt: skip
    def test_that_cannot_be_read_is_refused(self, client, body):
        response = client.post(SEARCH, body.encode("latin-1"), content_type="application/json")

        assert response.status_code == 400


class TestProblem:
    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("place=zzqqzz", "place"),
            ("place=Springfield", "place"),
            ("place=12207&within=3", "within"),
            ("place=12207&sort=best", "sort"),
            ("place=12207&substance=gold", "substance"),
            ("place=12207&colour=red", "colour"),
            ("place=12207&page=2", "page"),
            ("place=12207&limit=0", "limit"),
            ("place=12207&limit=1&limit=2", "limit"),
            ("place=12207&format=xml", "format"),
            ("place=12207&counts=maybe", "counts"),
            ("place=12207&payment=", "payment"),
            ("place=%20", "place"),
            ("lat=900&lon=0", "lat"),
            ("q=methadone", "place"),
            ("phone=12", "phone"),
        ],
    )
    def test_names_the_parameter(self, client, query, parameter):
        response = client.get(f"{SEARCH}?{query}")
        problem = response.json()

        assert response.status_code == problem["status"] == 400
        assert response["Content-Type"] == "application/problem+json"
        assert parameter in [error["parameter"] for error in problem["errors"]]
        assert problem["type"] == "http://testserver/api/#invalid-parameter"

    def test_offers_the_places_that_may_be_meant(self, client):
        assert "Springfield, IL" in client.get(SEARCH, {"place": "Springfield"}).json()["choices"]

    @pytest.mark.parametrize(
        ("method", "address", "status"),
        [("get", "/api/v1/nothing/", 404), ("get", "/api/nothing", 404), ("put", SEARCH, 405),
         ("post", "/api/v1/changes/", 405)],
    )  # fmt: skip
    def test_stands_for_every_error_of_an_address(self, client, method, address, status):
        response = getattr(client, method)(address)

        assert response.status_code == response.json()["status"] == status
        assert response["Content-Type"] == "application/problem+json"

    def test_tells_when_to_ask_again(self, client, settings):
        settings.API_REQUESTS_PER_MINUTE = 2
        with CaptureQueriesContext(connection) as queries:
            statuses = [
                client.get("/api/v1/places/", {"q": "12207"}, REMOTE_ADDR="192.0.2.77")
                for _ in range(3)
            ]

        assert [each.status_code for each in statuses[:2]] == [200, 200]
        assert statuses[2].status_code == 429
        assert 1 <= int(statuses[2]["Retry-After"]) <= 60
        assert written(queries) == []

    def test_stands_for_the_closed_site(self, client, settings, tmp_path):
        settings.MAINTENANCE_FILE = tmp_path / "maintenance"
        settings.MAINTENANCE_FILE.touch()

        response = client.get(SEARCH)

        assert response.status_code == response.json()["status"] == 503
        assert response["Retry-After"] == "600"


class TestAnswer:
    def test_is_not_sent_again_while_nothing_changes(self, client, three):
        tag = client.get(SEARCH, {"place": "12207"})["ETag"]
        with CaptureQueriesContext(connection) as queries:
            again = client.get(SEARCH, {"place": "12207"}, headers={"If-None-Match": tag})
        count = len(queries)
        log_changes()
        changed = client.get(SEARCH, {"place": "12207"}, headers={"If-None-Match": tag})

        assert (again.status_code, again.content, count) == (304, b"", 1)
        assert changed.status_code == 200

    def test_changes_its_tag_with_language_software_and_day(self, client, settings):
        tags = [client.get(SEARCH)["ETag"], client.get("/es" + SEARCH)["ETag"]]
        settings.SOFTWARE_VERSION = "1.0.1"
        tags.append(client.get(SEARCH)["ETag"])
        with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
            tags.append(client.get(SEARCH)["ETag"])

        assert len({*tags}) == 4

    def test_sets_no_cookie_and_is_open_to_pages_of_other_sites(self, client):
        origin = {"Origin": "https://county.example.org"}
        response = client.get(SEARCH, headers=origin)
        preflight = client.options(
            SEARCH, headers=origin | {"Access-Control-Request-Method": "POST"}
        )

        assert not response.cookies
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "POST" in preflight["Access-Control-Allow-Methods"]

    @pytest.mark.parametrize("address", ["/", "/search/", "/es/help-now/", "/admin/login/"])
    def test_of_a_page_is_not_open_to_them(self, client, address):
        response = client.get(address, headers={"Origin": "https://county.example.org"})

        assert "Access-Control-Allow-Origin" not in response.headers

    @pytest.mark.parametrize("form", ["json", "geojson", "csv"])
    def test_is_in_no_index(self, client, form):
        assert client.get(SEARCH, {"format": form})["X-Robots-Tag"] == "noindex"

    def test_to_head_has_no_content(self, client, three):
        response = client.head(SEARCH, {"place": "12207"})

        assert (response.status_code, response.content) == (200, b"")


slugs = {
    group.name: st.sets(st.sampled_from(sorted(group.options)), max_size=2) for group in GROUPS
}


def query_scalars(query: QueryDict) -> dict[str, str]:
    """The parameters that JSON has as texts; the others are lists."""
    return {name: query[name] for name in query if name not in slugs}


class TestRandomSearches:
    """The API, the page and SQL: the same total, and the same facilities in the same order."""

    @settings(
        max_examples=40, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(
        place=st.sampled_from(["11206", "California", "Cook County, IL", "99501", "00926", ""]),
        within=st.sampled_from(["", "5", "60", "state"]),
        text=st.sampled_from(["", "", "center", "recovery", "de la"]),
        chosen=st.fixed_dictionaries({}, optional=slugs),
        sort=st.sampled_from(["", "distance", "fit", "verified", "name"]),
        is_post=st.booleans(),
    )
    def test_agree_with_the_page(
        self, client, loaded_2023, place, within, text, chosen, sort, is_post
    ):
        query = QueryDict(mutable=True)
        pairs = {"place": place, "within": within if place else "", "q": text, "sort": sort}
        query.update({name: value for name, value in pairs.items() if value})
        for group, picked in chosen.items():
            query.setlist(group, sorted(picked))
        page = client.get(f"/search/?{query.urlencode()}&view=table", follow=True)
        if is_post:
            within = {"within": int(within)} if within.isdigit() else {}
            body = json.dumps(dict(query.lists()) | query_scalars(query) | within)
            response = client.post(SEARCH, body, content_type="application/json")
        else:
            response = client.get(f"{SEARCH}?{query.urlencode()}")

        total = LexborHTMLParser(page.content).css_first("[data-total]")
        if total is None:  # words without a place: the page asks where
            assert response.status_code == 400
            return
        answer = response.json()
        read = (
            QueryDict(page.redirect_chain[-1][0].partition("?")[2])
            if page.redirect_chain
            else query
        )
        in_sql = FacilityFilterSet(read).qs.values_list("uuid", flat=True)
        rows = LexborHTMLParser(page.content).css("tr[data-facility]")
        in_page = [row.attributes["data-facility"] for row in rows]
        assert answer["total"] == int(total.attributes["data-total"]) == len(in_sql)
        assert [record["uuid"] for record in answer["results"]] == in_page
        assert in_page == [str(identity) for identity in in_sql[:50]]
