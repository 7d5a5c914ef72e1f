"""Where a person is logged in, and on which browsers for the first time.

Sessions themselves say it: each holds when it began and a name such as "Firefox, Windows". Nothing
more is kept of a device, no address and no version. Which browsers a person has used before is in a
signed cookie of the browser. One that is new is noted for 30 days (``NewDevice``).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

LOGIN_KEY = "login"  # of a session: when it began ("at") and on which device
DEVICE_SALT = "facilities.accounts.device"
DEVICE_REMEMBERED = dt.timedelta(days=365)
# The first whose sign is in the header: many browsers claim to be others as well.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class OpenSession:
    """One browser in which a person is logged in. ``began_at`` is unknown of older sessions."""

    session: Session
    began_at: dt.datetime | None
    device: str

    @property
    def code(self) -> str:
        """What names it on a page: the key itself opens the session."""
        return session_code(self.session.session_key)


def session_code(key: str | None) -> str:
    return salted_hmac("facilities.accounts.session", key or "").hexdigest()[:16]


def describe_user_agent(user_agent: str) -> str:
    """Return browser and system, as far as they are known.

    >>> describe_user_agent("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Windows'
    >>> describe_user_agent("curl/8")
    ''
    """
    names = (
        next((name for sign, name in known if sign in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, names))


def open_sessions(user: User, now: dt.datetime) -> list[OpenSession]:
    """Return the sessions in which a person is logged in, the newest first."""
    earliest = dt.datetime.min.replace(tzinfo=dt.UTC)
    sessions = _sessions_of(user, now)
    return sorted(sessions, key=lambda session: session.began_at or earliest, reverse=True)


def _sessions_of(user: User, now: dt.datetime) -> Iterator[OpenSession]:
    """Yield sessions that still open: a new password has ended those begun with the old one."""
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    for session in Session.objects.filter(expire_date__gt=now).order_by("pk"):
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk) and any(
            constant_time_compare(data.get(HASH_SESSION_KEY, ""), each) for each in hashes
        ):
            login = data.get(LOGIN_KEY, {})
            yield OpenSession(session, read_session_time(login.get("at")), login.get("device", ""))


def read_session_time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def end_sessions(sessions: list[OpenSession]) -> int:
    keys = [each.session.session_key for each in sessions]
    return Session.objects.filter(session_key__in=keys).delete()[0]


def read_device_cookie(text: str) -> dict[str, int]:
    """Return the account's key -> when it first logged in on this browser, in seconds."""
    try:
        return signing.loads(text, salt=DEVICE_SALT, max_age=DEVICE_REMEMBERED)
    except signing.BadSignature:
        return {}


def sign_device_cookie(first_logins: dict[str, int]) -> str:
    return signing.dumps(first_logins, salt=DEVICE_SALT)
