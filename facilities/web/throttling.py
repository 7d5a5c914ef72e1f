"""Limits how often a client may use a public form. Only a keyed hash is stored, and it expires."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from ..models import Throttle

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds_until_allowed(now: datetime, window: timedelta) -> int:
    """Return seconds until the clock's hour or day ends, and with it every count of it."""
    return int((window - (now - _EPOCH) % window).total_seconds()) + 1


def is_within_limit(
    purpose: str, address: str, *, now: datetime, limit: int, window: timedelta
) -> bool:
    """Count one use and say whether it is among the first ``limit`` of its hour or day.

    ``address`` is one for a household: see directory/client_ip.py.

    Windows follow the clock (UTC), so that the end of a count does not tell when it began. The
    hash includes the window: nobody, not even who has the key, could follow a client from one to
    the next.
    """
    begin = now - (now - _EPOCH) % window
    key = salted_hmac(
        f"facilities.throttling.{purpose}.{begin:%Y-%m-%d %H}",
        address,
        algorithm="sha256",
    ).hexdigest()
    with transaction.atomic():
        if not _counted(key):
            try:
                with transaction.atomic():
                    Throttle.objects.create(key=key, count=1, expires_at=begin + window)
            except IntegrityError:  # another request created the counter first
                _counted(key)
        return Throttle.objects.get(key=key).count <= limit


def _counted(key: str) -> bool:
    return bool(Throttle.objects.filter(key=key).update(count=F("count") + 1))
