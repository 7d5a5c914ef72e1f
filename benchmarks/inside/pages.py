"""Answers addresses of standard input with what they cost: one process, Django's test client.

``python -m benchmarks.inside.pages`` works on the database of DATABASE_URL. Each line is an address
in which ``{slug}``, ``{id}`` and ``{five}`` stand for facilities of that database, after ``staff``
and a space for a page of the staff. The answer is JSON: status, bytes, and seconds of the clock and
of the processor. Compressed answers are asked for, as browsers do.
"""

import json
import resource
import sys
import time

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from facilities.models import Facility
from tests.support.accounts import client_of, staff_member

STAFF = "staff "
BROWSER = {"accept-encoding": "br"}


def curator() -> Client:
    """The browser of the benchmark's own account, which the first run adds."""
    user = User.objects.filter(username="benchmark").first()
    return client_of(user or staff_member("curator", name="benchmark"))


def placeholders() -> dict[str, object]:
    five = list(Facility.objects.listed().filter(state="CA").order_by("pk")[:5])
    codes = ",".join(facility.code for facility in five)
    return {"slug": five[0].slug, "id": five[0].pk, "five": codes}


def measure(client: Client, address: str) -> dict[str, float]:
    clock, processor = time.perf_counter(), time.process_time()
    answer = client.get(address, headers=BROWSER)
    size = len(b"".join(answer)) if answer.streaming else len(answer.content)
    return {
        "status": answer.status_code,
        "bytes": size,
        "clock": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def say(answer) -> None:
    json.dump(answer, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    visitor, staff, known = Client(), curator(), placeholders()
    # What Python and Django do once, whichever page comes first.
    measure(visitor, "/privacy/")
    say(measure(staff, "/admin/password_change/"))
    for line in sys.stdin:
        address = line.strip().format(**known)
        client = staff if address.startswith(STAFF) else visitor
        say(measure(client, address.removeprefix(STAFF)))


if __name__ == "__main__":
    main()
