"""How good the directory is: the audit and its intervals, the metrics, the page, the commands."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from facilities.curation.audits import create_audit, next_call, record_call, summarize_audit
from facilities.data_quality import METRICS, MetricScope
from facilities.data_quality.wilson import wilson_interval
from facilities.models import Audit, AuditCall, Report
from facilities.places.service_area import read_service_area

from ..support.factories import (
    TODAY,
    make_facility,
    make_listing,
    make_release,
    make_verification,
    restate,
)
from ..support.html import Page

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 15, tzinfo=UTC)
EVERYWHERE = read_service_area([])
SCRIPTS_OF_EVERY_PAGE = ["/static/facilities/exit.js", "/static/facilities/my-list.js"]


def measured(slug, *, area=EVERYWHERE) -> dict[str, int]:
    """The bars of a metric: label -> count."""
    metric = next(each for each in METRICS if each.slug == slug)
    return {bar.label: bar.count for bar in metric.measure(MetricScope(area, TODAY)).bars}


def words(slug) -> str:
    metric = next(each for each in METRICS if each.slug == slug)
    return metric.measure(MetricScope(EVERYWHERE, TODAY)).words


def called(audit, *outcomes) -> None:
    for call, outcome in zip(audit.calls.order_by("pk"), outcomes, strict=False):
        record_call(call, outcome=outcome, note="", by=None, now=NOW)


class TestInterval:
    # Worked by hand with z = 1.95996: (p + z²/2n ± z√(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    @pytest.mark.parametrize(
        ("found", "total", "low", "high"),
        [
            (91, 100, 0.838, 0.952),
            (0, 10, 0.000, 0.278),
            (10, 10, 0.722, 1.000),
            (5, 10, 0.237, 0.763),
            (1, 1, 0.207, 1.000),
            (392, 697, 0.525, 0.599),
        ],
    )
    def test_is_wilsons(self, found, total, low, high):
        interval = wilson_interval(found, total)

        assert (round(interval.low, 3), round(interval.high, 3)) == (low, high)

    @pytest.mark.parametrize(("found", "total"), [(0, 0), (2, 1), (-1, 5)])
    def test_of_no_share_is_refused(self, found, total):
        with pytest.raises(ValueError, match="is no share"):
            wilson_interval(found, total)


@pytest.mark.django_db
class TestDraw:
    def drawn(self, *, seed, size=5, area=EVERYWHERE) -> list[int]:
        audit = create_audit(size=size, seed=seed, area=area, today=TODAY)
        return list(audit.calls.order_by("pk").values_list("facility_id", flat=True))

    def test_is_the_same_for_the_same_seed_and_another_for_another(self):
        for _ in range(30):
            make_facility()

        assert self.drawn(seed=7) == self.drawn(seed=7)
        assert self.drawn(seed=7) != self.drawn(seed=8)
        assert self.drawn(seed=7, size=9)[:5] == self.drawn(seed=7)

    def test_takes_each_listing_about_as_often(self):
        keys = {make_facility().pk: 0 for _ in range(10)}
        for seed in range(200):
            for key in self.drawn(seed=seed):
                keys[key] += 1

        # 200 draws of 5 in 10: 100 expected, standard deviation 7.1
        assert all(70 <= times <= 130 for times in keys.values())

    def test_is_of_listed_ones_in_the_service_area(self):
        wanted = {make_facility(state="OH").pk, make_facility(state="TX", county_fips="48453").pk}
        for fields in ({"state": "TX"}, {"state": "OH", "status": "withdrawn"}, {"state": "NY"}):
            make_facility(**fields)

        area = read_service_area(["OH", "Travis County, TX"])

        assert set(self.drawn(seed=1, area=area)) == wanted

    def test_is_called_in_its_order(self):
        for _ in range(3):
            make_facility()
        audit = create_audit(size=3, seed=1, area=EVERYWHERE, today=TODAY)

        called(audit, "right", "wrong")

        assert next_call(audit) == audit.calls.order_by("pk")[2]
        found = summarize_audit(audit)
        assert (found.drawn, found.call_count, found.right, found.reached_count) == (3, 2, 1, 1)


@pytest.mark.django_db
class TestCommand:
    def run(self, name, **options) -> str:
        out = StringIO()
        call_command(name, stdout=out, **options)
        return out.getvalue()

    def test_draw_audit_says_what_it_drew(self):
        for _ in range(3):
            make_facility()

        said = self.run("create_audit", size=2, seed=7)

        assert "Drew 2 listings with --seed 7" in said
        assert (Audit.objects.get().size, AuditCall.objects.count()) == (2, 2)

    @pytest.mark.parametrize(
        "options", [{"size": 0}, {"size": 2001}, {"seed": -1}, {"seed": 2**31}]
    )
    def test_draw_audit_refuses_what_cannot_be(self, options):
        make_facility()

        with pytest.raises(CommandError, match="must be from"):
            self.run("create_audit", **options)

    def test_draw_audit_of_an_empty_directory_says_so(self):
        with pytest.raises(CommandError, match="load a release first"):
            self.run("create_audit")

    def test_quality_prints_every_metric_of_the_page(self, client):
        make_facility()
        said, html = self.run("report_quality"), client.get("/quality/").content.decode()

        for metric in METRICS:
            assert str(metric.name) in said
            assert f'data-metric="{metric.slug}"' in html


@pytest.mark.django_db
class TestMetrics:
    def test_of_checks_count_listings_by_age(self):
        for days in (0, 90, 91, 180, 181, 365, 366, 900):
            make_facility(last_verified_on=TODAY - timedelta(days=days))
        make_facility()
        make_facility(status="withdrawn", last_verified_on=TODAY)

        assert list(measured("checked").values()) == [2, 2, 2, 2, 1]
        assert words("checked") == "8 of 9 listings have been checked by us."

    def test_of_missing_facts_count_what_nobody_said(self):
        make_facility(phone="518-555-0101", services="medicaid methadone")
        make_facility(website="https://example.org", hours={"always": True})

        found = measured("missing")

        assert (found["Phone"], found["Website"]) == (1, 1)
        assert (found["Payment accepted"], found["Hours of the intake line"]) == (1, 1)
        assert found["Medications for opioid use disorder"] == 1
        assert found["Staff qualifications"] == 2

    def test_of_positions_tell_where_distances_come_from(self):
        for origin in ("street", "hand", "zip", "city"):
            make_facility(latitude=42.0, longitude=-73.0, position_origin=origin)
        make_facility()

        assert list(measured("positions").values()) == [2, 2, 1]

    def test_of_conflicts_count_listings_and_facts(self):
        listing = make_listing(name1="Alder House", phone="518-555-0101")
        for fact, value in (("name", "Birch House"), ("phone", "518-555-0102")):
            make_verification(fact=fact, value_after=value, facility=listing)
        restate(listing, make_release(edition="2024"), name1="Cedar House", phone="518-555-0103")

        assert list(measured("conflicts").values()) == [1]
        assert words("conflicts").endswith("contradicts 2 facts that we checked.")

    def test_of_reports_tell_how_long_they_take(self):
        facility = make_facility()

        def report(number, state, days):
            Report.objects.create(
                facility=facility, topic="closed", receipt=str(number), state=state,
                reported_on=TODAY - timedelta(days=days),
                closed_at=NOW if state == "corrected" else None,
            )  # fmt: skip

        for number, days in enumerate((1, 3, 8, 40)):
            report(number, "corrected", days)
        report(8, "open", 4)
        report(9, "in_progress", 4)
        Report.objects.filter(receipt="3").update(closed_at=NOW - timedelta(days=365, hours=20))

        assert list(measured("reports").values()) == [1, 1, 3]
        assert words("reports").endswith("took 3 days or less.")

    def test_of_a_report_closed_at_once_name_no_days(self):
        Report.objects.create(
            facility=make_facility(), topic="closed", receipt="1", state="corrected",
            reported_on=TODAY, closed_at=NOW,
        )  # fmt: skip

        assert words("reports").endswith("were closed on the day they came.")

    def test_are_of_the_service_area_alone(self):
        make_facility(state="OH", last_verified_on=TODAY)
        make_facility(state="NY", last_verified_on=TODAY)

        assert list(measured("checked", area=read_service_area(["OH"])).values()) == [1, 0, 0, 0, 0]

    def test_of_an_empty_directory_are_all_nothing(self):
        assert all(
            bar.share == 0
            for metric in METRICS
            for bar in metric.measure(MetricScope(EVERYWHERE, TODAY)).bars
        )

    def test_of_the_audit_begin_with_its_first_call(self):
        for _ in range(4):
            make_facility()
        audit = create_audit(size=4, seed=1, area=EVERYWHERE, today=date(2024, 2, 1))
        assert words("accuracy") == "We have not measured this copy yet."

        called(audit, "right", "reached", "no_answer")

        assert measured("accuracy") == {"Everything right": 1, "Right enough to reach care": 2}
        assert "Of 4 listings drawn at random on Feb. 1, 2024 we have called 3" in words("accuracy")

    def test_of_the_audit_are_the_newest_ones(self):
        make_facility()
        for seed, outcome in ((1, "wrong"), (2, "right")):
            called(create_audit(size=1, seed=seed, area=EVERYWHERE, today=TODAY), outcome)

        assert measured("accuracy")["Everything right"] == 1


@pytest.mark.django_db
class TestPage:
    def test_shows_rates_with_intervals_and_counts(self, client):
        for _ in range(100):
            make_facility()
        audit = create_audit(size=100, seed=1, area=EVERYWHERE, today=TODAY)
        called(audit, *["right"] * 91, *["wrong"] * 9)

        page = Page(client.get("/quality/"))

        assert "91% (91 of 100); of all listings 83.8 to 95.2%" in page.text
        assert "91.00" in [bar.attributes["width"] for bar in page.all(".part")]
        assert page.all('.range[x="83.8"][width="11.42"]')

    def test_promises_nothing_before_the_first_call_of_an_audit(self, client):
        make_facility()
        create_audit(size=1, seed=1, area=EVERYWHERE, today=TODAY)
        texts = {path: Page(client.get(path)).text for path in ("/", "/quality/")}

        for text in texts.values():
            assert "We have not measured this copy yet." in text
        assert "nobody has called a random sample of it" in texts["/quality/"]
        assert "drawn at random and publish" not in texts["/"]

    def test_tells_of_the_audit_after_its_first_call(self, client):
        make_facility()
        called(create_audit(size=1, seed=1, area=EVERYWHERE, today=TODAY), "right")

        assert "drawn at random and publish how often" in Page(client.get("/")).text
        assert "how often calls found this one right" in Page(client.get("/quality/")).text

    def test_draws_no_bars_of_none_or_all(self, client):
        make_facility(services="medicaid")
        make_facility()
        page = Page(client.get("/quality/"))
        labels = [part.text() for part in page.all("dt")]

        assert labels == ["Payment accepted"]
        assert "In all 2 listings: Phone, Website," in page.text
        assert "We have not checked any listing yet." in page.text
        assert "Nobody has reported a mistake in the last year." in page.text
        assert "We have checked nothing yet, so there is nothing to compare." in page.text

    def test_has_no_style_or_script_of_its_own(self, client):
        page = Page(client.get("/quality/"))

        assert page.all("[style], style") == []
        assert page.attributes("script", "src") == SCRIPTS_OF_EVERY_PAGE

    def test_draws_the_same_in_spanish(self, client):
        for day in (TODAY, None, None):
            make_facility(last_verified_on=day)

        spanish = client.get("/es/quality/").content.decode()

        assert 'width="66.67"' in spanish
        assert "¿Qué tan bueno es este directorio?" in spanish

    def test_is_led_to_from_every_page_and_the_rules(self, client):
        for page in ("/", "/how-it-works/"):
            assert 'href="/quality/"' in client.get(page).content.decode()

    def test_shows_a_hostile_service_area_as_words(self, client, settings, monkeypatch):
        monkeypatch.setattr("facilities.views.quality.service_area", lambda: EVERYWHERE)
        settings.SERVICE_AREA = ["<img src=x>"]

        assert "<img src=x>" not in client.get("/quality/").content.decode()

    def test_costs_eight_queries(self, client, django_assert_num_queries):
        make_facility()
        called(create_audit(size=1, seed=1, area=EVERYWHERE, today=TODAY), "right")

        # whether an audit has begun, the newest and its calls; the version of the data; listings
        # under every condition; reports; whether anything is checked; the release of the footer
        with django_assert_num_queries(8):
            client.get("/quality/")
