"""Cards: their lines are in the language that is asked for, whichever is active."""

import pytest
from django.utils.translation import override

from facilities.presenters import card
from facilities.taxonomy import ServiceSet, service_set


@pytest.mark.parametrize(
    ("line", "offered", "spanish"),
    [
        (card.describe_detox, service_set("residential-detox alcohol-detox"), "con estancia"),
        (card.describe_payment, ServiceSet(), "sin datos"),
        (card.describe_medications, ServiceSet(), "sin datos"),
    ],
    ids=["detox", "payment", "medications"],
)
def test_a_line_is_in_its_language_while_another_is_active(line, offered, spanish):
    with override("en"):
        assert line(offered, "es").startswith(spanish)
        assert not line(offered, "en").startswith(spanish)


@pytest.mark.parametrize(
    ("services", "words"),
    [
        ("hospital-inpatient residential-detox", "Hospital · Overnight detox"),
        ("hospital-detox", "Hospital · Overnight detox"),
        ("residential long-term-residential", "Live-in treatment"),
        ("regular-outpatient", "Outpatient"),
        ("recovery-housing", "Recovery home"),
        ("medicaid", "Kind of care not reported"),
        (
            "veterans-affairs hospital-inpatient",
            "Veterans Affairs (VA), mainly for veterans · Hospital",
        ),
    ],
)
def test_kind_tells_a_clinic_from_a_bed(services, words):
    assert card.describe_kind(service_set(services), "en") == words


@pytest.mark.parametrize(
    ("services", "words"),
    [
        ("women men children young-adults adults seniors", "women and men, all ages"),
        ("women men young-adults adults seniors", "women and men, 18 and older"),
        ("women adults", "women only, adults (26 to 64)"),
        ("men children", "men only, children and teens (17 or younger)"),
        (
            "women men children women-program",
            "women and men, lists only children and teens, but has programs for adults: ask",
        ),
        ("medicaid", ""),
    ],
)
def test_accepts_says_sexes_and_ages(services, words):
    assert card.describe_people(service_set(services), "en") == words


@pytest.mark.parametrize(
    ("services", "words"),
    [
        ("sliding-scale", "Sliding fee scale; other ways not reported"),
        ("medicaid", "Medicaid"),
        ("private-insurance", "Private health insurance, Medicaid not listed"),
        ("no-payment", "Free"),
    ],
)
def test_payment_never_denies_what_it_names(services, words):
    assert card.describe_payment(service_set(services), "en") == words
