"""Two people who find the same, so that a change that takes both is shown."""

from dataclasses import replace

from django.contrib.auth.models import User

from facilities.curation import Check, RecordResult, record_checks

from .factories import ON_PAPER


def record_by_two(facility, *checks: Check, now, by=None) -> RecordResult:
    """Record what `by`, or somebody, and then another person found; return what the second did."""
    first, _ = User.objects.get_or_create(username="first-person")
    second, _ = User.objects.get_or_create(username="second-person")
    record_checks(facility, checks, by=by or first, now=now)
    again = [replace(check, **ON_PAPER) for check in checks]
    return record_checks(facility, again, by=second, now=now)
