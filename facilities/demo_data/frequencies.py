"""How often each kind of facility lists each code, measured on the 2023 directory.

``shares.csv`` holds percentages: among the rows of a profile that could list the code (see
``consistency.can_join``), those that do. ``python -m facilities.demo_data.measure_frequencies``
writes it.
"""

from collections.abc import Iterable

from .consistency import CODES_BY_DEPTH, is_consistent_addition
from .profiles import PROFILES, DemoProfile
from .tables import read_demo_table


def frequencies_for(profile: DemoProfile, rows: Iterable[frozenset[str]]) -> dict[str, int]:
    """Return code -> percent of the profile's rows that list it, of those where it could stand."""
    own = [codes for codes in rows if profile.describes(codes)]
    return {code: _per_cent(code, own) for code in CODES_BY_DEPTH}


def _per_cent(code: str, rows: list[frozenset[str]]) -> int:
    able = [codes for codes in rows if is_consistent_addition(code, codes)]
    return round(100 * sum(code in codes for codes in able) / max(len(able), 1))


def _read(name: str) -> dict[str, dict[str, float]]:
    """Return profile -> code -> share between 0 and 1; zeros for a profile not measured yet."""
    rows = read_demo_table(name)
    return {
        profile.slug: {row["code"]: int(row.get(profile.slug, 0)) / 100 for row in rows}
        for profile in PROFILES
    }


FREQUENCIES = _read("shares.csv")
