"""What is shown of a facility, as a truth table of files against people's checks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from facilities.resolution.release_statements import ReleaseStatement
from facilities.resolution.resolve import resolve_facts
from facilities.sources.rows import StatedCredential
from facilities.taxonomy import ServiceSet

from ..support.factories import TODAY, make_row, make_verification

PHONE, OTHER_PHONE, NEW_PHONE = "518-555-0101", "518-555-0102", "518-555-0103"


def directory(*, dropped_in=None, release=1, **fields) -> ReleaseStatement:
    return ReleaseStatement(
        "directory", release, make_row(**fields), dropped_in, dropped_in is not None
    )


def locator(*, dropped_in=None, release=2, **fields) -> ReleaseStatement:
    return ReleaseStatement(
        "locator", release, make_row(**fields), dropped_in, dropped_in is not None
    )


def check(fact, value=None, *, was=None, **fields):
    return make_verification(fact=fact, value_after=value, source_value=was, **fields)


def shown(*statements, checks=()):
    return resolve_facts(statements, checks, TODAY)


def disagreements(merged):
    return [(each.fact, each.shown_value, each.source_value) for each in merged.disagreements]


class TestField:
    """Columns: what the file said when checked, the outcome, what we set, what it says now."""

    @pytest.mark.parametrize(
        ("was", "outcome", "ours", "now", "phone", "is_conflict"),
        [
            (PHONE, "confirmed", PHONE, PHONE, PHONE, False),
            (PHONE, "confirmed", PHONE, NEW_PHONE, PHONE, True),
            (PHONE, "corrected", OTHER_PHONE, PHONE, OTHER_PHONE, False),
            (PHONE, "corrected", OTHER_PHONE, OTHER_PHONE, OTHER_PHONE, False),
            (PHONE, "corrected", OTHER_PHONE, NEW_PHONE, OTHER_PHONE, True),
            (PHONE, "corrected", "", PHONE, "", False),
            ("", "corrected", OTHER_PHONE, "", OTHER_PHONE, False),
            ("", "corrected", OTHER_PHONE, NEW_PHONE, OTHER_PHONE, True),
            (PHONE, "not_confirmed", None, PHONE, PHONE, False),
            (PHONE, "not_confirmed", None, NEW_PHONE, NEW_PHONE, False),
        ],
    )
    def test_is_settled(self, was, outcome, ours, now, phone, is_conflict):
        merged = shown(
            directory(phone=now), checks=[check("phone", ours, was=was, outcome=outcome)]
        )

        assert merged.values["phone"] == phone
        expected = [("phone", phone, now)] if is_conflict else []
        assert disagreements(merged) == expected

    def test_follows_the_newest_check_whatever_the_order(self):
        checks = [check("phone", NEW_PHONE, days_ago=1), check("phone", OTHER_PHONE, days_ago=9)]

        for ordered in (checks, checks[::-1]):
            assert shown(directory(), checks=ordered).values["phone"] == NEW_PHONE

    def test_keeps_what_was_found_when_a_newer_check_found_nothing(self):
        checks = [
            check("phone", OTHER_PHONE, days_ago=9),
            check("phone", outcome="not_confirmed", days_ago=1),
        ]

        assert shown(directory(), checks=checks).values["phone"] == OTHER_PHONE

    def test_that_no_file_states_comes_from_people_alone(self):
        always = {"always": True}

        merged = shown(directory(), checks=[check("hours", always)])

        assert merged.values["hours"] == always
        assert merged.values["fax"] == ""
        assert merged.disagreements == ()

    def test_keeps_its_correction_beyond_its_shelf_life(self):
        merged = shown(directory(), checks=[check("phone", OTHER_PHONE, days_ago=5000)])

        assert merged.values["phone"] == OTHER_PHONE


class TestLastVerified:
    def test_is_the_day_of_the_newest_check_that_found_something(self):
        checks = [
            check("phone", PHONE, outcome="confirmed", days_ago=40),
            check("name", "X", days_ago=70),
            check("website", outcome="not_confirmed", days_ago=2),
        ]

        assert shown(directory(), checks=checks).last_verified_on == TODAY - timedelta(days=40)

    def test_is_empty_without_checks(self):
        assert shown(directory()).last_verified_on is None


class TestSources:
    def test_rank_the_directory_above_the_locator(self):
        merged = shown(
            locator(name="B", phone=NEW_PHONE, services="methadone"),
            directory(name="A", services="detox"),
        )

        assert (merged.values["name"], merged.values["phone"]) == ("A", PHONE)
        assert merged.offered == ServiceSet.of("detox")
        assert merged.source_release_id == 1

    def test_take_the_website_from_the_locator(self):
        merged = shown(directory(), locator(website="https://example.org"))

        assert merged.values["website"] == "https://example.org"

    def test_take_all_from_the_locator_where_it_stands_alone(self):
        merged = shown(locator(name="B", services="methadone"))

        assert (merged.values["name"], merged.source_release_id) == ("B", 2)

    def test_rank_one_that_still_lists_above_one_that_dropped(self):
        merged = shown(directory(name="A", dropped_in=3), locator(name="B"))

        assert (merged.values["name"], merged.status) == ("B", "listed")


class TestService:
    """Columns: services stated, the check's value, whether it is offered, whether denied."""

    @pytest.mark.parametrize(
        ("stated", "value", "is_offered", "is_denied"),
        [
            ("", "offered", True, False),
            ("", "denied", False, True),
            ("", None, False, False),
            ("methadone", "offered", True, False),
            ("methadone", "denied", False, True),
            ("methadone", None, False, False),
            ("no-opioid-medication", "offered", True, False),
            ("no-opioid-medication", "denied", False, True),
            ("no-opioid-medication", None, False, False),
            ("no-opioid-medication methadone", "denied", False, True),
        ],
    )
    def test_is_settled(self, stated, value, is_offered, is_denied):
        merged = shown(directory(services=stated), checks=[check("service:methadone", value)])

        assert ("methadone" in merged.offered) is is_offered
        assert ("methadone" in merged.denied) is is_denied

    def test_is_denied_by_the_facilitys_own_no(self):
        merged = shown(directory(services="no-opioid-medication"))

        assert {"methadone", "buprenorphine"} <= set(merged.denied.slugs())

    def test_is_offered_where_the_file_contradicts_itself(self):
        merged = shown(directory(services="no-opioid-medication methadone"))

        assert "methadone" in merged.offered
        assert "methadone" not in merged.denied

    def test_denies_what_follows_from_a_verified_no(self):
        merged = shown(
            directory(services="detox"), checks=[check("service:no-opioid-medication", "offered")]
        )

        assert "methadone" in merged.denied

    def test_disagrees_when_the_file_says_something_new(self):
        denied = check("service:methadone", "denied", was=None)

        merged = shown(directory(services="methadone"), checks=[denied])

        assert disagreements(merged) == [("service:methadone", "denied", "offered")]

    def test_agrees_while_the_file_says_what_it_said(self):
        denied = check("service:methadone", "denied", was="offered")

        assert shown(directory(services="methadone"), checks=[denied]).disagreements == ()

    def test_that_the_vocabulary_lost_is_passed_over(self):
        assert shown(directory(), checks=[check("service:gone", "offered")]).disagreements == ()

    def test_is_never_both_offered_and_denied(self):
        services = "no-opioid-treatment no-opioid-medication opioid-only methadone opioid-detox"
        checks = [check("service:opioid-detox", "denied"), check("service:lofexidine", "offered")]

        merged = shown(directory(services=services), checks=checks)

        assert merged.offered.isdisjoint(merged.denied)


class TestStatus:
    """Columns: whether the directory and the locator still list it, a check, what is shown."""

    FRESH, STALE = (100, "phone"), (200, "phone")

    @pytest.mark.parametrize(
        ("in_directory", "in_locator", "checked", "status", "is_conflict"),
        [
            (True, None, None, "listed", False),
            (False, None, None, "withdrawn", False),
            (False, True, None, "listed", False),
            (False, False, None, "withdrawn", False),
            (None, True, None, "listed", False),
            (None, False, None, "withdrawn", False),
            (None, None, None, "listed", False),
            (False, None, FRESH, "listed", True),
            (False, None, STALE, "withdrawn", False),
            (False, None, (200, "name"), "listed", True),
            (True, None, FRESH, "listed", False),
        ],
    )
    def test_follows_from_support(self, in_directory, in_locator, checked, status, is_conflict):
        statements = [
            make(dropped_in=None if still else 9)
            for make, still in ((directory, in_directory), (locator, in_locator))
            if still is not None
        ]
        checks = []
        if checked:
            checks = [check(checked[1], "X", was="X", outcome="confirmed", days_ago=checked[0])]

        merged = shown(*statements, checks=checks)

        assert merged.status == status
        assert ("status" in {each.fact for each in merged.disagreements}) is is_conflict

    @pytest.mark.parametrize("status", ["hidden", "draft"])
    @pytest.mark.parametrize("dropped_in", [None, 9])
    def test_set_by_people_survives(self, status, dropped_in):
        merged = shown(directory(dropped_in=dropped_in), checks=[check("status", status)])

        assert merged.status == status
        assert merged.disagreements == ()

    def test_conflict_names_the_release_that_dropped_it(self):
        merged = shown(directory(dropped_in=9), checks=[check("name", "X", days_ago=1)])

        assert [each.release_id for each in merged.disagreements if each.fact == "status"] == [9]

    def test_called_closed_by_people_holds_until_the_file_changes_its_word(self):
        closed = check("status", "withdrawn", was="listed")

        assert shown(directory(), checks=[closed]).status == "withdrawn"
        assert shown(directory(), checks=[closed]).disagreements == ()


def test_merging_is_pure():
    statement = directory()
    before = replace(statement)

    shown(statement, checks=[check("phone", OTHER_PHONE)])

    assert statement == before


class TestCredentials:
    def test_of_the_facility_come_before_those_of_a_record_merged_into_it(self):
        own, of_merged = (
            StatedCredential(
                "license", "OASAS", "A-17", expires_on=day, source="OASAS", checked_on=TODAY
            )
            for day in (TODAY, TODAY + timedelta(days=9))
        )

        merged = shown(directory(credentials=(own, of_merged)))

        assert [*merged.credentials] == [own]
