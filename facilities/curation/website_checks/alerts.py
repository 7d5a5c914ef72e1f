"""When a website check is worth a curator's time: one failure never is."""

from django.db.models import Q

from ...models import Facility, WebsiteCheck
from .messages import sentence

ENOUGH = 3  # failures in a row
_MOVED, _GONE = WebsiteCheck.Outcome.MOVED, WebsiteCheck.Outcome.UNREACHABLE
TROUBLED = Q(outcome=_MOVED) | Q(outcome=_GONE, failures__gte=ENOUGH)


def trouble(facility: Facility) -> str:
    """A sentence for whoever looks at the facility in the admin; "" where all is well."""
    of_it = WebsiteCheck.objects.filter(TROUBLED, facility=facility, website=facility.website)
    check = of_it.first()
    return sentence(check) if check else ""
