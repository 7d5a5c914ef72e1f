"""Two people who find the same, so that a change that takes both is shown."""

from dataclasses import replace

from django.contrib.auth.models import User

from facilities.curation import FactCheck, RecordedChecks, record_checks
from facilities.curation.two_person_rule import is_guarded

from .factories import ON_PAPER


def record_by_two(facility, *checks: FactCheck, now, by=None) -> RecordedChecks:
    """Record what ``by`` or somebody found, then another person; return what the second did."""
    first, _ = User.objects.get_or_create(username="first-person")
    second, _ = User.objects.get_or_create(username="second-person")
    record_checks(facility, checks, by=by or first, now=now)
    again = [replace(check, **ON_PAPER) for check in checks]
    return record_checks(facility, again, by=second, now=now)


def record_seconded(facility, checks, *, by, now, **options) -> RecordedChecks:
    """Record what somebody proposed and then ``by``, or a second person, found; return the second.

    Only what takes two people is proposed. The second evidence is what a check says, or invented.
    """
    first, _ = User.objects.get_or_create(username="first-person")
    second, _ = User.objects.get_or_create(username="second-person")
    checks = [*checks]
    guarded = [each for each in checks if _takes_two(facility, each)]
    if guarded:
        record_checks(facility, guarded, by=first, now=now)
    again = [_with_evidence(each) if each in guarded else each for each in checks]
    by = by or (second if guarded else None)
    return record_checks(facility, again, by=by, now=now, **options)


def _takes_two(facility, check: FactCheck) -> bool:
    is_guarded_change = is_guarded(check.fact, check.value, status=facility.status)
    return check.outcome == "corrected" and is_guarded_change


def _with_evidence(check: FactCheck) -> FactCheck:
    if check.method == "website":
        return replace(check, evidence_url="https://county.example/")
    return replace(check, note=check.note or "The county, 518-555-0190")
