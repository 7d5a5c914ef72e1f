"""When log-in is locked, and what is kept of a failed one: when, where from, which account.

AXES_FAILURE_LIMIT in ``directory/settings.py`` limits the wrong passwords from one address.
FAILURES_OF_ONE_ACCOUNT limits those from all addresses together.
"""

from copy import copy

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.db.models import Sum
from django.http import QueryDict
from django.utils.crypto import salted_hmac

# Failures within an hour, from whatever addresses. High, because anybody can lock a name this way.
FAILURES_OF_ONE_ACCOUNT = 50
KEPT_FOR_AXES = ("axes_failures_since_start", "axes_locked_out", "axes_credentials")


class DiscreetLockoutHandler(AxesDatabaseHandler):
    """Locks an account over all addresses too, and keeps no form, query or browser."""

    def is_locked(self, request, credentials=None):
        return super().is_locked(request, credentials) or (
            count_login_failures(request, credentials) >= FAILURES_OF_ONE_ACCOUNT
        )

    def user_login_failed(self, sender, credentials, request=None, **others):
        if request is None:
            return
        bare = copy(request)
        bare.GET = bare.POST = QueryDict()
        bare.axes_user_agent = bare.axes_http_accept = ""
        super().user_login_failed(sender, credentials, bare, **others)
        for name in KEPT_FOR_AXES:
            setattr(request, name, getattr(bare, name))


def count_login_failures(request, credentials: dict | None) -> int:
    attempts = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials),
        attempt_time__gte=get_cool_off_threshold(request),
    )
    return attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0


def lockout_username(request, credentials: dict | None = None) -> str:
    """Return the name given if it is an account's, else a keyed hash: it may be a typing error."""
    name = (credentials or request.POST).get("username") or ""
    if "\0" not in name and User.objects.filter(username=name).exists():
        return name
    return f"?{salted_hmac('facilities.staff.lockout', name).hexdigest()[:16]}"
