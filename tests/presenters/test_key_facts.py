"""The facts that decide whether to call: yes, no and not reported, and by whose word."""

import pytest

from facilities.facts.provenance import ProvenanceNote
from facilities.presenters.key_facts import key_facts
from facilities.taxonomy import Answer

from ..support.factories import make_facility

pytestmark = pytest.mark.django_db
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.NOT_REPORTED


def fact(slug: str, facility, checks=None, language: str = "en"):
    [found] = [each for each in key_facts(facility, checks or {}, language) if each.slug == slug]
    return found


class TestMedication:
    @pytest.mark.parametrize(
        ("services", "denied", "answer", "words"),
        [
            ("", [], UNKNOWN, ""),
            ("", ["methadone"], UNKNOWN, ""),  # of one alone: the others were not reported
            ("", ["methadone", "buprenorphine", "naltrexone"], NO, "says it gives none"),
            ("no-opioid-medication", [], NO, "says it uses none for opioid use disorder"),
            (
                "no-opioid-medication accepts-opioid-medication", [], NO,
                "says it uses none for opioid use disorder; accepts medication for opioid use"
                " prescribed elsewhere: ask which",
            ),
            (
                "accepts-opioid-medication", [], YES,
                "accepts medication for opioid use prescribed elsewhere: ask which",
            ),
            ("methadone", ["buprenorphine", "naltrexone"], YES, "Methadone"),
            ("buprenorphine-maintenance", [], YES, "Buprenorphine (starts it)"),
        ],
    )  # fmt: skip
    def test_is_answered_as_the_facility_does(self, services, denied, answer, words):
        facility = make_facility(services=services, denied_services=denied)
        medication = fact("medication", facility)

        assert (medication.answer, medication.words) == (answer, words)

    def test_that_none_is_allowed_is_a_no(self):
        facility = make_facility(
            services="methadone-not-allowed buprenorphine-not-allowed naltrexone-not-allowed"
        )
        medication = fact("medication", facility)

        assert medication.answer is NO
        assert medication.words.count("does not allow it") == 3


class TestPayment:
    def test_of_a_sliding_scale_alone_leaves_the_rest_open(self):
        payment = fact("payment", make_facility(services="sliding-scale"))

        assert payment.answer is YES
        assert payment.words == "Sliding fee scale; other ways not reported"


class TestProvenance:
    def note(self, facility, *checked: str):
        checks = {f"service:{slug}": ProvenanceNote(f"Checked: {slug}") for slug in checked}
        return fact("people", facility, checks).checked

    def test_is_that_of_the_listing_where_nothing_was_checked(self):
        assert self.note(make_facility(services="women adults"), "medicaid") is None

    def test_is_the_oldest_check_where_all_was_checked(self):
        facility = make_facility(services="women adults")

        assert self.note(facility, "women", "adults").words == "Checked: women"

    def test_says_so_where_a_part_was_checked(self):
        facility = make_facility(services="women adults")

        assert self.note(facility, "adults").words == "In part: Checked: adults"
