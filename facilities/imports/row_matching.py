"""Matches the rows of a file with the facilities that we know: one to one, in three tiers. No I/O.

1. Name, program, street and ZIP are the same but for case, accents and spaces.
2. Phone and ZIP are the same, and the name is similar or the street is the same.
3. Street and ZIP are the same, and the name is similar.

In the first tier rows that are all alike are paired by their services, then in order. In the
other two a row and a facility are paired if neither has another candidate nearly as similar.
Otherwise the row is ambiguous, and a person chooses among its candidates.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from ..matching.similarity import (
    MatchFeatures,
    has_similar_name,
    is_same_street,
    service_similarity,
    similarity,
)

# Points of 100 by which a candidate must lead. With 8, the editions of 2022 and 2023 leave 39 of
# 12,744 rows to a person; with 4 it is 22, with 16 it is 74. Without a margin it is none, and 32 of
# them are paired by a difference that says nothing.
CLEAR_MARGIN = 8.0
BlockKey = Callable[[MatchFeatures], Hashable]
IsAlike = Callable[[MatchFeatures, MatchFeatures], bool]


@dataclass(frozen=True, slots=True)
class RowMatching:
    """Where each row of a file went: every row is in one of ``pairs``, ``ambiguous`` and ``new``.

    ``pairs``: row number -> facility id. ``ambiguous``: row number -> the ids it may be.
    ``joined``: row number -> the number of the new row whose facility it adds a service to.
    ``merged_from``: row number -> the record it describes, if that was merged into its facility.
    """

    pairs: Mapping[int, int]
    ambiguous: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    new: tuple[int, ...] = ()
    joined: Mapping[int, int] = field(default_factory=dict)
    merged_from: Mapping[int, int] = field(default_factory=dict)


def match_rows(
    rows: Iterable[MatchFeatures],
    known: Iterable[MatchFeatures],
    settled: Mapping[int, int] | None = None,
) -> RowMatching:
    """Pair rows with facilities. The result does not depend on the order of either.

    ``known`` may describe one facility several times, as each source states it, under one key.
    ``settled`` pairs are taken as they are; their rows need not be among ``rows``.
    """
    pairs: dict[int, int] = dict(settled or {})
    rows = sorted((row for row in rows if row.key not in pairs), key=lambda row: row.key)
    known = sorted(known, key=lambda facility: facility.key)
    if not known:
        return RowMatching(pairs, new=tuple(row.key for row in rows))
    ambiguous: dict[int, tuple[int, ...]] = {}
    _pair_identical(rows, known, pairs)
    # What one tier pairs is no candidate for the next. A row that one tier finds ambiguous waits
    # for a person: the next tier sees fewer rivals only because it does not look at phones.
    for block_key, is_alike in TIERS:
        left = [row for row in rows if row.key not in pairs and row.key not in ambiguous]
        taken = set(pairs.values())
        free = [facility for facility in known if facility.key not in taken]
        ambiguous |= _pair_likeliest(_candidates(left, free, block_key, is_alike), pairs)
    # A later tier may have paired a candidate of an ambiguous row. A row that loses its last
    # candidate this way is new.
    taken = set(pairs.values())
    ambiguous = {
        row: tuple(facility for facility in candidates if facility not in taken)
        for row, candidates in ambiguous.items()
    }
    new = tuple(row.key for row in rows if row.key not in pairs and not ambiguous.get(row.key))
    return RowMatching(pairs, {row: ids for row, ids in ambiguous.items() if ids}, new)


def _phone_and_zip(features: MatchFeatures) -> Hashable:
    return (features.phone, features.zip) if features.phone else None


def _zip(features: MatchFeatures) -> Hashable:
    return features.zip


def _is_similar_or_same_street(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_street(row, known) or has_similar_name(row, known)


def _is_similar_and_same_street(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_street(row, known) and has_similar_name(row, known)


# Only pairs with an equal block key are compared, so that 12,744 rows take seconds.
TIERS: tuple[tuple[BlockKey, IsAlike], ...] = (
    (_phone_and_zip, _is_similar_or_same_street),
    (_zip, _is_similar_and_same_street),
)


def _pair_identical(
    rows: list[MatchFeatures], known: list[MatchFeatures], pairs: dict[int, int]
) -> None:
    """Add the pairs of the first tier to ``pairs``.

    Files list some facilities twice under one name and address. Among these the most similar
    services decide, then the phone. Row number and id come last, so that the same file always
    gives the same pairs.
    """
    facilities = _group_by(known, lambda facility: facility.identity)
    taken: set[int] = set()
    for identity, alike in _group_by(rows, lambda row: row.identity).items():
        choices = [
            (-service_similarity(row, facility), row.phone != facility.phone, row.key, facility.key)
            for row in alike
            for facility in facilities.get(identity, ())
        ]
        for *_, row, facility in sorted(choices):
            if row not in pairs and facility not in taken:
                pairs[row] = facility
                taken.add(facility)


def _candidates(
    rows: list[MatchFeatures], known: list[MatchFeatures], block_key: BlockKey, is_alike: IsAlike
) -> dict[int, dict[int, float]]:
    """Return row number -> facility id -> similarity, 0 to 100, of the pairs that are alike."""
    blocks = _group_by(known, block_key)
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        for facility in blocks.get(block_key(row), ()) if block_key(row) else ():
            if is_alike(row, facility):
                score = similarity(row, facility)
                # Two sources may describe one facility: the more similar description counts.
                scores[row.key][facility.key] = max(score, scores[row.key].get(facility.key, 0.0))
    return scores


def _pair_likeliest(
    candidates: dict[int, dict[int, float]], pairs: dict[int, int]
) -> dict[int, tuple[int, ...]]:
    """Add the clear pairs to ``pairs``, and return row number -> candidates of the other rows.

    A pair is clear if neither side has a rival within CLEAR_MARGIN. Both sides are asked: a row
    may resemble one facility only, while that facility resembles another row more. Each clear
    pair takes rivals away from others and may make them clear too, so this repeats until no pair
    is. Taking the best pair of all again and again instead would never leave a row ambiguous, and
    would attach the checks of one facility to another where two programs share a house.
    """
    by_facility: dict[int, dict[int, float]] = defaultdict(dict)
    for row, scores in candidates.items():
        for facility, score in scores.items():
            by_facility[facility][row] = score
    while clear := _clear_pairs(candidates, by_facility):
        pairs |= clear
        for row, facility in clear.items():
            for other in candidates.pop(row):
                by_facility[other].pop(row)
            for other in by_facility.pop(facility):
                candidates[other].pop(facility)
    return {row: tuple(sorted(scores)) for row, scores in candidates.items() if scores}


def _clear_pairs(
    candidates: Mapping[int, Mapping[int, float]], by_facility: Mapping[int, Mapping[int, float]]
) -> dict[int, int]:
    """Return the pairs without a near rival on either side.

    No two of them share a row or a facility: each would be the other's rival, and of two scores
    at most one is higher by the margin.
    """
    return {
        row: facility
        for row, scores in candidates.items()
        for facility, score in scores.items()
        if all(
            score - rival >= CLEAR_MARGIN
            for rival in (
                *_scores_except(scores, facility),
                *_scores_except(by_facility[facility], row),
            )
        )
    }


def _scores_except(scores: Mapping[int, float], key: int) -> list[float]:
    return [score for other, score in scores.items() if other != key]


def _group_by(
    records: Iterable[MatchFeatures], key: Callable[[MatchFeatures], Hashable]
) -> dict[Hashable, list[MatchFeatures]]:
    groups: dict[Hashable, list[MatchFeatures]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return groups
