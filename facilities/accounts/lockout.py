"""What is kept of a failed log-in: when, from which address, for which account. No form's words."""

from copy import copy

from axes.handlers.database import AxesDatabaseHandler
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.crypto import salted_hmac

KEPT_FOR_AXES = ("axes_failures_since_start", "axes_locked_out", "axes_credentials")


class DiscreetHandler(AxesDatabaseHandler):
    """Shows django-axes a request without its form, its query and the browser's description."""

    def user_login_failed(self, sender, credentials, request=None, **others):
        if request is None:
            return
        bare = copy(request)
        bare.GET = bare.POST = QueryDict()
        bare.axes_user_agent = bare.axes_http_accept = ""
        super().user_login_failed(sender, credentials, bare, **others)
        for name in KEPT_FOR_AXES:
            setattr(request, name, getattr(bare, name))


def account(request, credentials: dict | None = None) -> str:
    """The name given, if it is an account's; else a keyed hash: it may be a slip of the hand."""
    name = (credentials or request.POST).get("username") or ""
    if "\0" not in name and User.objects.filter(username=name).exists():
        return name
    return f"?{salted_hmac('facilities.staff.lockout', name).hexdigest()[:16]}"
