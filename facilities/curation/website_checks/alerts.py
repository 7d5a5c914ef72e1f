"""When a website check is worth a curator's time: one failure never is."""

from django.db.models import Q

from ...models import Facility, WebsiteCheck
from .messages import website_check_sentence

ALERT_AFTER_FAILURES = 3  # failures in a row
_MOVED, _GONE = WebsiteCheck.Outcome.MOVED, WebsiteCheck.Outcome.UNREACHABLE
ALERTING_CHECKS = Q(outcome=_MOVED) | Q(outcome=_GONE, failures__gte=ALERT_AFTER_FAILURES)


def website_alert(facility: Facility) -> str:
    of_it = WebsiteCheck.objects.filter(
        ALERTING_CHECKS, facility=facility, website=facility.website
    )
    check = of_it.first()
    return website_check_sentence(check) if check else ""
