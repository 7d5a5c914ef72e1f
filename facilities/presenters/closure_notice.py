"""What we were told of places that have closed: when, and by whom."""

from collections.abc import Iterable, Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..facts.stored_values import WITHDRAWN
from ..models import Facility, Verification

Method, Outcome = Verification.Method, Verification.Outcome


def closure_notice(facility: Facility, checks: Iterable[Verification]) -> str:
    """Return a sentence for a listing that somebody withdrew; "" for one that a file left out.

    The newest change of the status among the standing ``checks`` counts.
    """
    changes = [each for each in checks if each.fact == "status" and _is_change(each)]
    newest = max(changes, key=lambda each: (each.checked_at, each.pk), default=None)
    if facility.status != WITHDRAWN or newest is None or newest.value_after != WITHDRAWN:
        return ""
    return _words(Method(newest.method)) % {"day": date_format(newest.checked_at.date())}


def closure_notices(facilities: Iterable[Facility]) -> Mapping[int, str]:
    """Return key -> sentence for facilities that have closed, in one query or none."""
    gone = {each.pk: each for each in facilities if each.status == WITHDRAWN}
    if not gone:
        return {}
    checks: dict[int, list[Verification]] = {key: [] for key in gone}
    for check in Verification.objects.standing().filter(fact="status", facility__in=gone):
        checks[check.facility_id].append(check)
    told = {key: closure_notice(facility, checks[key]) for key, facility in gone.items()}
    return {key: words for key, words in told.items() if words}


def _is_change(check: Verification) -> bool:
    return check.outcome == Outcome.CORRECTED


def _words(method: Method) -> str:
    return {
        Method.PHONE: _("We called on %(day)s and were told that it has closed."),
        Method.WEBSITE: _("Its website said on %(day)s that it has closed."),
        Method.DOCUMENT: _("A document we saw on %(day)s says that it has closed."),
        Method.FACILITY: _("The facility told us on %(day)s that it has closed."),
    }[method]
