"""Limits how often a client may ask, without a record of it: in the memory of the process alone.

``throttling.py`` counts in the database, for all processes together, what is written there anyway.
Requests that only read write nothing: each process counts for itself, for a minute.
"""

from collections import Counter
from datetime import datetime, timedelta
from threading import Lock

from django.utils.crypto import salted_hmac

from .throttling import seconds_until_allowed

MINUTE = timedelta(minutes=1)


class RequestLimit:
    """Counts the requests of each client in the current minute of the clock."""

    def __init__(self, purpose: str) -> None:
        self.salt = f"facilities.request_limit.{purpose}"
        self.minute = ""
        self.counts: Counter[bytes] = Counter()
        self.access = Lock()

    def seconds_to_wait(self, address: str, *, now: datetime, most: int) -> int:
        """Count one request; return 0 if it is among the first ``most``, else how long to wait."""
        key = salted_hmac(self.salt, address, algorithm="sha256").digest()
        minute = f"{now:%Y-%m-%d %H:%M}"
        with self.access:
            if minute != self.minute:
                self.minute = minute
                self.counts.clear()
            self.counts[key] += 1
            is_allowed = self.counts[key] <= most
        return 0 if is_allowed else seconds_until_allowed(now, MINUTE)
