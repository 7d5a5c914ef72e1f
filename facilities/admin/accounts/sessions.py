"""The pages on which sessions are listed and ended, and what is done at each log-in."""

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from ...accounts.sessions import (
    DEVICE_REMEMBERED,
    LOGIN_KEY,
    OpenSession,
    describe_user_agent,
    end_sessions,
    open_sessions,
    read_device_cookie,
    session_code,
    sign_device_cookie,
)
from ...models import NewDevice
from ...operations.staff_mail import announce_new_device
from ..posted import read_primary_key

# What mozilla-django-oidc keeps in a session.
LEFT_BY_PROVIDER = ("oidc_states", "oidc_login_next", "oidc_id_token_expiration")
DEVICE_COOKIE = f"{settings.COOKIE_PREFIX}staff-device"
ALL = "all"


def record_login(request: HttpRequest, response: HttpResponse) -> None:
    """Write into the session where it began, and tell the person of a browser new to them."""
    now, device = timezone.now(), describe_user_agent(request.headers.get("User-Agent", ""))
    session = request.session
    session[LOGIN_KEY] = {"at": now.isoformat(), "device": device}
    session.set_expiry(None)  # a way to the provider that was broken off had set a short one
    for name in LEFT_BY_PROVIDER:
        session.pop(name, None)
    remember_device(request, response, request.user, now)
    if str(request.user.pk) not in first_logins_on_this_device(request):
        NewDevice.objects.create(user=request.user, device=device, first_used_at=now)
        announce_new_device(request.user, device, get_language())


def first_logins_on_this_device(request: HttpRequest) -> dict[str, int]:
    return read_device_cookie(request.COOKIES.get(DEVICE_COOKIE, ""))


def remember_device(
    request: HttpRequest, response: HttpResponse, user: User, now: dt.datetime
) -> None:
    """Let the browser itself keep since when this person uses it, for a year from each log-in."""
    logins = {str(user.pk): int(now.timestamp())} | first_logins_on_this_device(request)
    response.set_cookie(
        DEVICE_COOKIE,
        sign_device_cookie(logins),
        max_age=DEVICE_REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def new_devices(request: HttpRequest) -> list[NewDevice]:
    """Return what a person must still be told. Each says whether this browser may settle it.

    Only one that the person used before may: else whoever comes in on a new device could hide it.
    """
    used_since = first_logins_on_this_device(request).get(str(request.user.pk))
    devices = list(request.user.new_devices.order_by("-first_used_at", "-pk"))
    for device in devices:
        device.may_be_settled = used_since is not None and used_since < int(
            device.first_used_at.timestamp()
        )
    return devices


@never_cache
def own_sessions(request: HttpRequest, context: dict) -> HttpResponse:
    if request.method == "POST" and "device" in request.POST:
        key = read_primary_key(request.POST["device"])
        for device in new_devices(request):
            if device.pk == key and device.may_be_settled:
                device.delete()
        return redirect("admin:sessions")
    own = session_code(request.session.session_key)
    sessions = open_sessions(request.user, timezone.now())
    if request.method == "POST":
        end_chosen(request, [session for session in sessions if session.code != own])
        return redirect("admin:sessions")
    more = {
        "title": _("Where you are logged in"),
        "sessions": sessions,
        "own": own,
        "new_devices": new_devices(request),
    }
    return render(request, "admin/accounts/sessions.html", context | more)


@never_cache
def sessions_of(request: HttpRequest, context: dict, user: User) -> HttpResponse:
    """The sessions of somebody else, for administrators."""
    sessions = open_sessions(user, timezone.now())
    if request.method == "POST":
        if end_chosen(request, sessions):
            LogEntry.objects.log_actions(
                request.user.pk, [user], CHANGE, "Sessions ended.", single_object=True
            )
        return redirect("admin:auth_user_sessions", key=user.pk)
    more = {
        "title": gettext("Where %(name)s is logged in") % {"name": user.get_username()},
        "sessions": sessions,
        "account": user,
    }
    return render(request, "admin/accounts/sessions.html", context | more)


def end_chosen(request: HttpRequest, sessions: list[OpenSession]) -> int:
    """End one of these or all, as was asked; return how many."""
    chosen = request.POST.get("session", "")
    ended = end_sessions([session for session in sessions if chosen in (ALL, session.code)])
    message = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
    messages.success(request, message % {"count": ended})
    return ended
