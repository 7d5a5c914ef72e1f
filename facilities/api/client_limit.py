"""How often a client may ask the API, all of it together.

The number is API_REQUESTS_PER_MINUTE in ``directory/settings.py``, counted in each process.
"""

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ..web.request_limit import RequestLimit

LIMIT = RequestLimit("api")


def seconds_until_next_request(request: HttpRequest) -> int:
    """Count a request; return 0 if it may be answered, else how long the client has to wait."""
    most = settings.API_REQUESTS_PER_MINUTE
    if most == 0:
        return 0
    client = get_client_ip_address(request) or ""
    return LIMIT.seconds_to_wait(client, now=timezone.now(), most=most)


def rate_limit_message() -> str:
    most = settings.API_REQUESTS_PER_MINUTE
    return _("You may ask %(most)s times a minute. Wait for the next one.") % {"most": most}
