"""How old each fact is, in sight: grades, sources, one warning and no wall of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict

from facilities.curation import FactCheck, record_checks
from facilities.facts.provenance import provenance_of_check
from facilities.facts.registry import fact_age_kind
from facilities.rules.freshness import (
    FreshnessLevel,
    freshness_level,
    is_fresh,
)
from facilities.search import FacilityFilterSet
from facilities.search.run import match_facilities

from ..search.test_search import question
from ..support.factories import TODAY, log_changes, make_listing, make_release, make_verification
from ..support.html import Page

DAY = date(2024, 1, 1)


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


def page(client, listing) -> str:
    return client.get(f"/facility/{listing.slug}/").content.decode()


class TestShelfLife:
    @pytest.mark.parametrize(
        ("fact", "kind"),
        [
            ("phone", "phone"),
            ("intake_phones", "phone"),
            ("name", "other"),
            ("service:methadone", "service"),
            ("service:medicaid", "payment"),
            ("service:gone", "service"),
        ],
    )
    def test_depends_on_the_kind_of_fact(self, fact, kind):
        assert fact_age_kind(fact) == kind

    @pytest.mark.parametrize(("days", "fresh"), [(0, True), (180, True), (181, False)])
    def test_ends(self, days, fresh):
        assert is_fresh("phone", TODAY - timedelta(days=days), TODAY) is fresh


class TestAGrade:
    @pytest.mark.parametrize(
        ("kind", "days", "expected"),
        [
            ("phone", 0, FreshnessLevel.NEW),
            ("phone", 90, FreshnessLevel.NEW),
            ("phone", 91, FreshnessLevel.AGING),
            ("phone", 180, FreshnessLevel.AGING),
            ("phone", 181, FreshnessLevel.STALE),
            ("service", 182, FreshnessLevel.NEW),
            ("service", 365, FreshnessLevel.AGING),
            ("payment", 181, FreshnessLevel.STALE),
        ],
    )
    def test_fades_with_the_shelf_life(self, kind, days, expected):
        assert freshness_level(kind, DAY, DAY + timedelta(days=days)) == expected

    def test_has_words_and_a_shape_of_its_own(self):
        assert (
            len({each.label for each in FreshnessLevel})
            == len({each.symbol for each in FreshnessLevel})
            == 3
        )

    def test_follows_the_setting(self, settings):
        settings.FACT_MAX_AGE = {"phone": timedelta(days=30)}

        assert freshness_level("phone", DAY, DAY + timedelta(days=31)) == FreshnessLevel.STALE
        assert freshness_level("payment", DAY, DAY + timedelta(days=31)) == FreshnessLevel.NEW


class TestACheck:
    @pytest.mark.parametrize(
        ("method", "words"),
        [
            ("phone", "Checked by us on March 1, 2024, by phone."),
            ("website", "Checked by us on March 1, 2024, on its website."),
            ("document", "Checked by us on March 1, 2024, from a document."),
            ("facility", "The facility told us on March 1, 2024."),
        ],
    )
    def test_says_when_and_how(self, method, words):
        check = make_verification(fact="phone", value_after="518-555-0101", days_ago=0)
        check.method = method

        assert provenance_of_check(check, date(2024, 3, 2)).words == words

    def test_that_is_stale_stands_out(self):
        check = make_verification(fact="phone", value_after="518-555-0101", days_ago=0)

        assert not provenance_of_check(check, date(2024, 3, 2)).is_warning
        assert provenance_of_check(check, date(2025, 3, 2)).is_warning


@pytest.mark.django_db
class TestThePage:
    def test_of_an_old_file_dates_it_once_beside_the_number_without_alarm(self, client):
        listing = make_listing(codes="SA BU MD CARF", name1="Alder House")

        shown = Page(page(client, listing))

        assert shown.texts(".warning") == []
        assert shown.texts(".outdated") == []
        assert shown.texts(".key-facts > .source") == [
            "The facility told SAMHSA: SAMHSA National Directory 2023, published on Dec. 31, 2023."
            " Not checked by us: call to confirm."
        ]

    def test_dates_each_fact_that_somebody_checked(self, client, ana, time_machine):
        time_machine.move_to(datetime(2024, 3, 2, tzinfo=UTC), tick=False)
        listing = make_listing(codes="SA DT BU")
        checks = [FactCheck(fact, "confirmed") for fact in ("phone", "service:buprenorphine")]
        record_checks(listing, checks, by=ana, now=datetime(2024, 3, 1, tzinfo=UTC))

        html = page(client, listing)

        checked = Page(html).texts("[data-fact] .checked")
        assert [words.split(" (")[0] for words in checked] == [
            "● Checked by us on March 1, 2024, by phone."
        ] * 2  # medication and the number
        assert (
            html.count("Checked by us on March 1, 2024, by phone.") == 4
        )  # and in the text to copy
        assert 'class="warning"' not in html

    @pytest.mark.parametrize(("published", "says"), [("2024-06-30", False), ("2022-12-31", True)])
    def test_says_if_the_newest_list_is_older_than_18_months(
        self, client, time_machine, published, says
    ):
        time_machine.move_to(datetime(2025, 1, 1, tzinfo=UTC), tick=False)
        make_release(published_on=date.fromisoformat(published))

        assert ("This list is from" in client.get("/").content.decode()) == says


@pytest.mark.django_db
class TestTheFilter:
    def test_finds_what_somebody_checked_on_both_roads(self, ana):
        checked, other = make_listing(name1="Alder"), make_listing(name1="Birch")
        record_checks(checked, [FactCheck("phone", "confirmed")], by=ana, now=datetime.now(UTC))
        log_changes()
        asked = question("checked=checked")

        assert match_facilities(asked).ids.tolist() == [checked.pk]
        in_sql = FacilityFilterSet(QueryDict("checked=checked")).qs
        assert [found.pk for found in in_sql] == [checked.pk]
        assert other.last_verified_on is None
