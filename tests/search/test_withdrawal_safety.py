"""What every search about detox and opioids offers, and what no link takes off."""

import pytest
from django.http import QueryDict

from facilities.models import Facility
from facilities.search import FacilityFilterSet
from facilities.search.links import query_string_without_filters
from facilities.search.run import match_facilities
from facilities.search.suggestions import suggest_changes, suggest_medication, suggest_wider_area
from facilities.search.withdrawal_safety import detox_advice, options_kept_for_safety

from ..support.factories import log_changes, make_facility

pytestmark = pytest.mark.django_db

OPIOIDS = "If it is opioids"
ALCOHOL = "If alcohol or benzodiazepines"


def question(query: str):
    filterset = FacilityFilterSet(QueryDict(query))
    assert filterset.query, filterset.errors
    return filterset.query


def names(query: str) -> set[str]:
    """The names found, by SQL and by arrays, which must agree."""
    filterset = FacilityFilterSet(QueryDict(query), queryset=Facility.objects.all())
    by_sql = set(filterset.qs.values_list("name", flat=True))
    ids = match_facilities(filterset.query).ids.tolist()
    assert by_sql == set(Facility.objects.filter(pk__in=ids).values_list("name", flat=True))
    return by_sql


@pytest.fixture
def facilities():
    near = {"city": "Brooklyn", "state": "NY", "zip": "11206", "latitude": 40.7}
    make_facility(name="Any", longitude=-73.94, services="regular-outpatient women men", **near)
    make_facility(name="Alcohol", longitude=-73.94, services="alcohol-only adults men", **near)
    make_facility(
        name="Methadone", longitude=-73.95, **near,
        services="methadone methadone-maintenance opioid-only young-adults pregnant-program",
    )  # fmt: skip
    make_facility(
        name="Refuses", longitude=-73.95, services="no-opioid-treatment alcohol-detox", **near
    )
    log_changes()


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("treats=opioids", {"Any", "Methadone"}),
            ("treats=alcohol", {"Any", "Alcohol", "Refuses"}),
            ("treats=cocaine", {"Any", "Refuses"}),
            ("without=without-methadone", {"Any", "Alcohol", "Refuses"}),
            ("people=age-18-to-25", {"Alcohol", "Methadone"}),
            ("prefers=pregnant-program", {"Any", "Alcohol", "Methadone", "Refuses"}),
        ],
    )
    def test_keep_out_who_says_no_and_nobody_else(self, facilities, query, found):
        assert names(query) == found

    def test_a_preference_comes_first_however_far(self, facilities):
        query = question("place=11206&prefers=pregnant-program")

        first = Facility.objects.get(pk=int(match_facilities(query).ids[0]))
        assert first.name == "Methadone"

    @pytest.mark.parametrize("number", ["7185550142", "7185550143"])
    def test_a_telephone_number_finds_who_answers_it(self, facilities, number):
        make_facility(
            name="Answers", phone="718-555-0142",
            intake_phones=[{"number": "718-555-0143", "extension": ""}],
        )  # fmt: skip
        log_changes()

        assert names(f"phone={number}") == {"Answers"}


class TestLines:
    @pytest.mark.parametrize(
        ("query", "beginnings"),
        [
            ("setting=overnight-detox", [OPIOIDS, ALCOHOL]),
            ("substance=alcohol-detox", [ALCOHOL]),
            ("substance=opioid-detox&substance=benzodiazepine-detox", [ALCOHOL]),
            ("treats=alcohol&setting=overnight-detox", [ALCOHOL]),
            ("substance=opioid-detox", []),
            ("setting=regular-outpatient", []),
            ("setting=overnight-detox&keeps=keep-methadone", []),
            ("setting=overnight-detox&medication=naltrexone", [OPIOIDS, ALCOHOL]),
            ("people=children&treats=alcohol", [ALCOHOL, "17 or younger: who must agree"]),
        ],
    )
    def test_stand_on_searches_for_detox(self, query, beginnings):
        found = [line.text for line in detox_advice(question(query))]

        assert len(found) == len(beginnings)
        assert all(map(str.startswith, found, beginnings))

    @pytest.mark.parametrize(
        "query",
        [
            "setting=hospital-inpatient&substance=alcohol-detox",
            "setting=hospital-inpatient&setting=overnight-detox",
        ],
    )
    def test_lead_nobody_away_from_a_hospital(self, query):
        asked = question(query)

        for line in detox_advice(asked):
            changed = asked.with_options(**line.changes)
            assert "hospital-inpatient" in changed.chosen["setting"]


class TestMedication:
    @pytest.mark.parametrize(
        ("query", "is_offered"),
        [
            ("treats=opioids", True),
            ("substance=opioid-detox", True),
            ("treats=alcohol", False),
            ("medication=naltrexone", False),
            ("starts=start-naltrexone", False),
            ("medication=lofexidine", True),
            ("medication=naltrexone&substance=opioid-detox", True),
            ("medication=methadone", False),
            ("keeps=accepts-opioid-medication&treats=opioids", False),
        ],
    )
    def test_is_offered_wherever_opioids_are_concerned(self, facilities, query, is_offered):
        asked = question(query)

        assert bool(suggest_medication(asked, match_facilities(asked))) is is_offered

    def test_is_offered_from_farther_away_where_none_is_near(self, facilities):
        asked = question("place=12207&substance=opioid-detox")
        offer = suggest_medication(asked, match_facilities(asked))

        assert (offer.label, offer.count) == (
            "Start medication instead: no detox is needed first. Look in the whole state", 1,
        )  # fmt: skip
        assert names(offer.query_string.removeprefix("?")) == {"Methadone"}


class TestProtected:
    @pytest.mark.parametrize(
        ("query", "kept"),
        [
            ("substance=alcohol-detox&payment=medicaid", {"alcohol-detox"}),
            ("treats=opioids&payment=medicaid", {"opioids"}),
            ("setting=hospital-inpatient&language=spanish", {"hospital-inpatient"}),
            ("keeps=keep-methadone&payment=medicaid", {"keep-methadone"}),
            ("people=children&people=women&payment=medicaid", {"children", "women"}),
            ("setting=overnight-detox&payment=medicaid", set()),
            (
                "setting=overnight-detox&treats=alcohol&payment=medicaid",
                {"overnight-detox", "alcohol"},
            ),
        ],
    )
    def test_options_stay_in_every_link(self, facilities, query, kept):
        asked = question(f"place=11206&{query}")
        links = [query_string_without_filters(asked)]
        links += [change.query_string for change in suggest_changes(asked, match_facilities(asked))]

        assert {slug for slugs in options_kept_for_safety(asked).values() for slug in slugs} == kept
        for link in links:
            assert all(f"={slug}" in link for slug in kept), link


class TestWiden:
    def test_goes_no_farther_than_it_must(self, facilities):
        asked = question("place=10001&within=5&substance=alcohol-detox&language=greek")
        assert suggest_wider_area(asked) is None

        make_facility(
            name="Greek", city="Albany", state="NY", zip="12207", latitude=42.65, longitude=-73.75,
            services="alcohol-detox greek",
        )  # fmt: skip
        log_changes()
        wider = suggest_wider_area(asked)

        assert (wider.count, "within=state" in wider.query_string) == (1, True)
