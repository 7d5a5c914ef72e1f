"""Saves as a curator does, once for each line of standard input.

``python -m benchmarks.inside.saves`` prints the address of a search that finds no facility. Each
line gives a facility the name that this search asks for, or takes it away again; once that is
saved, "found" or "gone" is printed.
"""

import sys
from itertools import cycle

from django.utils import timezone

from facilities.curation.recording import record_checks
from facilities.facts.findings import FactCheck
from facilities.models import Facility
from tests.support.accounts import staff_member

SEARCHED = "zyzzyva"  # no facility bears it


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    curator = staff_member("curator", name="saves")
    facility = Facility.objects.listed().order_by("pk")[100]
    names = {"found": f"{SEARCHED.title()} House", "gone": facility.name}
    say(f"/search/?q={SEARCHED}")
    for state, _line in zip(cycle(names), sys.stdin, strict=False):
        record_checks(
            facility, [FactCheck("name", "corrected", names[state])], by=curator, now=timezone.now()
        )
        say(state)
