"""Starting and keeping medication: a truth table, and the real rows counted by their codes."""

import pytest

from facilities.presenters.card import describe_medication_use
from facilities.rules.inconsistencies import inconsistency_questions
from facilities.rules.medications import (
    MEDICATIONS,
    MedicationAfterDetox,
    MedicationStatus,
    detox_warning,
    medication_after_detox,
)
from facilities.taxonomy import ServiceSet

STARTS, DETOX_ONLY, CONTINUES, NOT_ALLOWED, NOT_REPORTED = MedicationStatus
BY_SLUG = {medication.slug: medication for medication in MEDICATIONS}

TRUTH = [
    ("buprenorphine", "buprenorphine", (NOT_REPORTED,)),  # BU alone starts nothing
    ("buprenorphine", "prescribes-buprenorphine", (STARTS,)),
    ("buprenorphine", "buprenorphine-maintenance", (STARTS,)),
    ("buprenorphine", "buprenorphine-detox", (DETOX_ONLY,)),
    ("buprenorphine", "buprenorphine-detox prescribes-buprenorphine", (DETOX_ONLY,)),
    ("buprenorphine", "buprenorphine-detox buprenorphine-maintenance", (STARTS,)),
    ("buprenorphine", "buprenorphine-detox methadone-maintenance", (STARTS,)),
    ("buprenorphine", "accepts-opioid-medication", (NOT_REPORTED,)),  # names no drug
    ("buprenorphine", "no-opioid-medication", (NOT_REPORTED,)),  # does not use, may allow
    ("buprenorphine", "buprenorphine-continues", (CONTINUES,)),
    ("buprenorphine", "buprenorphine-starts buprenorphine-continues", (STARTS, CONTINUES)),
    ("buprenorphine", "buprenorphine-not-allowed", (NOT_ALLOWED,)),
    ("methadone", "methadone", (NOT_REPORTED,)),
    ("methadone", "opioid-treatment-program", (NOT_REPORTED,)),  # certified, yet says nothing
    ("methadone", "methadone-maintenance", (STARTS,)),
    ("methadone", "methadone-detox", (DETOX_ONLY,)),
    ("methadone", "methadone-detox methadone-maintenance", (STARTS,)),
    ("naltrexone", "naltrexone", (NOT_REPORTED,)),
    ("naltrexone", "prescribes-naltrexone", (STARTS,)),
    ("naltrexone", "naltrexone-relapse-prevention", (STARTS,)),
]


def services(slugs: str) -> ServiceSet:
    return ServiceSet.of(*slugs.split())


class TestContinuity:
    @pytest.mark.parametrize(("drug", "offered", "expected"), TRUTH)
    def test_follows_the_truth_table(self, drug, offered, expected):
        assert BY_SLUG[drug].statuses(services(offered)) == expected

    def test_accepting_from_elsewhere_is_said_once_and_for_no_drug(self):
        said = describe_medication_use(services("accepts-opioid-medication"), "en")
        assert said == "accepts medication for opioid use prescribed elsewhere: ask which"

    def test_nothing_said_is_not_reported(self):
        assert describe_medication_use(services(""), "en") == "not reported"


class TestTreatment:
    def test_names_each_medication_once_with_what_is_said_of_it(self):
        offered = services("methadone methadone-maintenance buprenorphine lofexidine")
        assert (
            describe_medication_use(offered, "en")
            == "Methadone (starts it), Buprenorphine, Lofexidine"
        )

    def test_a_refusal_is_said_in_place_of_a_yes(self):
        offered = services("buprenorphine-not-allowed no-opioid-medication")
        assert describe_medication_use(offered, "en") == "Buprenorphine (does not allow it)"


class TestOngoing:
    @pytest.mark.parametrize(
        ("offered", "expected"),
        [
            ("buprenorphine-maintenance accepts-opioid-medication", MedicationAfterDetox.REPORTED),
            ("accepts-opioid-medication", MedicationAfterDetox.ACCEPTED),
            ("buprenorphine prescribes-buprenorphine", MedicationAfterDetox.NOT_REPORTED),
        ],
    )
    def test_needs_maintenance(self, offered, expected):
        assert medication_after_detox(services(offered)) is expected

    def test_its_absence_is_said_of_opioid_detox_alone(self):
        assert "No ongoing medication reported" in detox_warning(services("opioid-detox"))
        assert detox_warning(services("opioid-detox methadone-maintenance")) == ""
        assert detox_warning(services("alcohol-detox")) == ""


class TestDoubts:
    @pytest.mark.parametrize(
        ("offered", "words"),
        [
            ("opioid-treatment-program", "methadone is not listed"),
            ("detox", "does not say where"),
            ("no-opioid-medication buprenorphine", "It says both"),
            ("no-opioid-treatment opioid-detox", "It says both"),
            ("children women-program", "Which ages?"),
        ],
    )
    def test_are_questions(self, offered, words):
        said = inconsistency_questions(services(offered), "en")
        assert any(words in doubt for doubt in said)
        assert all(doubt.endswith("?") for doubt in said)

    def test_a_sound_listing_has_none(self):
        sound = "opioid-treatment-program methadone detox residential-detox adults women men"
        assert inconsistency_questions(services(sound), "en") == ()
