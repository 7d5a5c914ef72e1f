"""What one line of the table says of a facility."""

import pytest

from facilities.geo import Point
from facilities.presenters.table_row import (
    short_ages_and_sexes,
    short_detox,
    short_exclusions,
    short_kind,
    short_medications,
    short_payments,
    table_row,
)
from facilities.taxonomy import service_set

from ..support.factories import make_facility

FIVE = "opioid-detox alcohol-detox benzodiazepine-detox cocaine-detox methamphetamine-detox"


class TestKind:
    @pytest.mark.parametrize(
        ("services", "words"),
        [
            ("regular-outpatient", "Outpatient"),
            ("long-term-residential recovery-housing", "Live-in, Recovery home"),
            ("residential-detox", "Overnight detox"),
            ("veterans-affairs regular-outpatient", "VA, Outpatient"),
            ("", "not reported"),
        ],
    )
    def test_names_each_kind_of_care_in_a_word(self, services, words):
        assert short_kind(service_set(services), "en") == words


class TestDetox:
    @pytest.mark.parametrize(
        ("services", "words"),
        [
            ("", "?"),
            (f"detox residential-detox {FIVE}", "overnight: all five"),
            ("detox outpatient-detox opioid-detox benzodiazepine-detox",
             "outpatient: opioids, benzos"),
            ("detox", "setting not reported: substances not reported"),
        ],
    )  # fmt: skip
    def test_says_where_and_from_what(self, services, words):
        assert short_detox(service_set(services), "en") == words

    @pytest.mark.parametrize(("denied", "word"), [("detox", "no"), ("", "?")])
    def test_is_a_no_only_where_somebody_said_so(self, db, denied, word):
        facility = make_facility(services="regular-outpatient", denied_services=denied.split())

        assert table_row(facility, miles=None, origin=None, language="en").detox == word


class TestMedications:
    @pytest.mark.parametrize(
        ("services", "words"),
        [
            ("", ("?", "?", "?", "?")),
            ("no-opioid-medication", ("no", "no", "no", "?")),
            ("buprenorphine-starts methadone", ("starts", "has it", "?", "?")),
            ("buprenorphine-detox", ("in detox", "?", "?", "?")),
            ("methadone-not-allowed", ("?", "no", "?", "?")),
            ("naltrexone-continues accepts-opioid-medication", ("?", "?", "continues", "ask")),
            ("naltrexone-continues naltrexone-starts", ("?", "?", "starts", "?")),
        ],
    )
    def test_never_take_what_is_not_reported_for_a_no(self, services, words):
        assert short_medications(service_set(services), "en") == words


class TestPayments:
    @pytest.mark.parametrize(
        ("services", "words"),
        [
            ("", ("?",) * 6),
            ("sliding-scale", (*("?",) * 5, "yes")),
            ("medicaid self-payment", ("yes", "—", "—", "—", "yes", "—")),
            ("no-payment", ("—", "—", "—", "—", "free", "—")),
        ],
    )
    def test_tell_not_listed_from_not_reported(self, services, words):
        assert short_payments(service_set(services), "en") == words


class TestAccepts:
    @pytest.mark.parametrize(
        ("services", "words"),
        [
            ("women men young-adults adults", "18–64"),
            ("women men young-adults adults seniors", "18+"),
            ("women men children adults", "up to 17, 26–64"),
            ("women men children young-adults adults seniors", "all ages"),
            ("women men", "women, men"),
            ("women adults", "26–64"),
            ("women", ""),
            ("adults", "26–64; sex not reported"),
            ("", "not reported"),
        ],
    )
    def test_joins_ages(self, services, words):
        assert short_ages_and_sexes(service_set(services), "en") == words

    @pytest.mark.parametrize(
        ("services", "words"),
        [
            ("women no-opioid-treatment", "Women only; No opioid treatment"),
            ("women men no-alcohol-treatment", "No alcohol treatment"),
            ("women men no-opioid-treatment opioid-detox detox", "Opioid detox unclear"),
            ("women men no-alcohol-treatment alcohol-detox detox", "Alcohol detox unclear"),
        ],
    )
    def test_says_whom_it_turns_away_in_few_words(self, services, words):
        assert short_exclusions(service_set(services), "en") == words


@pytest.mark.django_db
class TestDistance:
    def test_has_a_direction_and_a_sign_where_approximate(self):
        place = {"latitude": 40.8, "longitude": -73.94}
        sure, approximate = make_facility(**place), make_facility(position_origin="zip", **place)
        origin = Point(40.7, -73.94)

        said = [
            table_row(facility, miles=6.9, origin=origin, language="en").distance
            for facility in (sure, approximate)
        ]

        assert said == ["6.9 N", "~6.9 N"]

    def test_of_a_position_nobody_knows_is_said_not_to_be_known(self):
        row = table_row(make_facility(), miles=None, origin=Point(40.7, -73.94), language="en")

        assert row.distance == "not known"
