"""How likely two records are one facility: points of 100, term by term. No I/O.

Federal files rarely list one facility twice; far more often one house has several programs, each
listed separately under one phone. So what tells two programs apart counts as much as what two
records share.
"""

from rapidfuzz import fuzz

from ...matching.similarity import full_name_similarity, is_same_site
from .features import DuplicateFeatures

LIKELY_PAIR_SCORE = 60
# The points of each term; the page of a likely pair shows those that count for it.
TERM_POINTS = {
    "name": 45,  # names with programs, from 70 % alike on
    "street": 25,  # the same building, by its words or by its position
    "phone": 20,
    "unit": 10,  # the same suite or floor, or none
    "succession": 15,  # one is listed, the other is not any more
    "other kind": -45,  # women and men, detox and outpatient, 1 and 2
    "other unit": -10,
    "other program": -25,
    "elsewhere": -25,  # at two addresses, and a third record has the number, or both are listed
}


def pair_score_terms(
    first: DuplicateFeatures, second: DuplicateFeatures, *, share_phone_alone: bool = False
) -> dict[str, int]:
    """Return term -> points, for the terms that count; their sum is the score.

    ``share_phone_alone``: they have one phone number, and no third record has it.
    """
    found = {"name": _name(first, second)}
    is_there = is_same_site(first, second)
    is_succession = first.is_listed != second.is_listed
    if is_there:
        found |= {"street": TERM_POINTS["street"]} | _units(first, second)
    elif not (is_succession and share_phone_alone):
        found["elsewhere"] = TERM_POINTS["elsewhere"]
    if first.phone and first.phone == second.phone:
        found["phone"] = TERM_POINTS["phone"]
    if is_succession and (is_there or share_phone_alone):
        found["succession"] = TERM_POINTS["succession"]
    if first.kinds != second.kinds:
        found["other kind"] = TERM_POINTS["other kind"]
    elif _has_other_program(first, second):
        found["other program"] = TERM_POINTS["other program"]
    return {term: points for term, points in found.items() if points}


def pair_score(points: dict[str, int]) -> int:
    return max(0, min(100, sum(points.values())))


def _name(one: DuplicateFeatures, other: DuplicateFeatures) -> int:
    alike = max(
        full_name_similarity(one, other),
        fuzz.token_sort_ratio(one.plain_names[0], other.plain_names[0])
        if not (one.program_name and other.program_name)
        else 0,
    )
    return round(TERM_POINTS["name"] * max(0.0, alike - 70) / 30)


def _units(one: DuplicateFeatures, other: DuplicateFeatures) -> dict[str, int]:
    if one.units == other.units:
        return {"unit": TERM_POINTS["unit"]}
    if one.units and other.units and not one.units & other.units:
        return {"other unit": TERM_POINTS["other unit"]}
    return {}


def _has_other_program(one: DuplicateFeatures, other: DuplicateFeatures) -> bool:
    """Whether each names a program, and each of these has a word that the other lacks."""
    if not (one.program_name and other.program_name):
        return False
    return bool(_unexplained_words(one, other)) and bool(_unexplained_words(other, one))


def _unexplained_words(one: DuplicateFeatures, other: DuplicateFeatures) -> list[str]:
    return [
        word
        for word in one.words - other.words
        if all(fuzz.ratio(word, known) < 75 for known in other.words)
    ]
