"""Which row of a file speaks of which facility we know. Pure, one to one, in three tiers.

1. Name, program, street and ZIP the same but for case, accents and spaces.
2. Phone and ZIP the same, and a similar name or the same street.
3. Street and ZIP the same, and a similar name.

In the first tier rows that are all alike are paired by their services, then in order. In the
other two a row and a facility are paired where each is clearly the likeliest of the other; where
none is clearly so, the row is ambiguous and its candidates are left for a person to choose from.
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

CLEAR_MARGIN = 8.0  # of 100: how much likelier the best candidate must be than the next
Block = Callable[[MatchFeatures], Hashable]
IsAlike = Callable[[MatchFeatures, MatchFeatures], bool]


@dataclass(frozen=True, slots=True)
class RowMatching:
    """Row number -> facility id; ambiguous row number -> the ids it may be; numbers of the rest.

    `joined` are rows that say one thing more of a facility first seen in another row: its number.
    `merged_from`: row number -> the record it speaks of, where that was merged into its facility.
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
    """Pair rows with facilities. A facility may be known by several looks, all with its id.

    `settled` pairs are taken as they are; their rows need not be among `rows`.
    """
    pairs: dict[int, int] = dict(settled or {})
    rows = sorted((row for row in rows if row.key not in pairs), key=lambda row: row.key)
    known = sorted(known, key=lambda look: look.key)
    if not known:
        return RowMatching(pairs, new=tuple(row.key for row in rows))
    ambiguous: dict[int, tuple[int, ...]] = {}
    _pair_identical(rows, known, pairs)
    for block, alike in TIERS:
        left = [row for row in rows if row.key not in pairs and row.key not in ambiguous]
        taken = set(pairs.values())
        free = [look for look in known if look.key not in taken]
        unclear = _pair_likeliest(_candidates(left, free, block, alike), pairs)
        ambiguous |= unclear
    taken = set(pairs.values())
    ambiguous = {
        row: tuple(facility for facility in candidates if facility not in taken)
        for row, candidates in ambiguous.items()
    }
    new = tuple(row.key for row in rows if row.key not in pairs and not ambiguous.get(row.key))
    return RowMatching(pairs, {row: ids for row, ids in ambiguous.items() if ids}, new)


def _by_phone(look: MatchFeatures) -> Hashable:
    return (look.phone, look.zip) if look.phone else None


def _by_zip(look: MatchFeatures) -> Hashable:
    return look.zip


def _similar_or_same_place(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_street(row, known) or has_similar_name(row, known)


def _similar_and_same_place(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_street(row, known) and has_similar_name(row, known)


TIERS: tuple[tuple[Block, IsAlike], ...] = (
    (_by_phone, _similar_or_same_place),
    (_by_zip, _similar_and_same_place),
)


def _pair_identical(
    rows: list[MatchFeatures], known: list[MatchFeatures], pairs: dict[int, int]
) -> None:
    groups = _grouped(known, lambda look: look.identity)
    taken: set[int] = set()
    for identity, alike in _grouped(rows, lambda row: row.identity).items():
        choices = [
            (-service_similarity(row, look), row.phone != look.phone, row.key, look.key)
            for row in alike
            for look in groups.get(identity, ())
        ]
        for *_, row, facility in sorted(choices):
            if row not in pairs and facility not in taken:
                pairs[row] = facility
                taken.add(facility)


def _candidates(
    rows: list[MatchFeatures], known: list[MatchFeatures], block: Block, alike: IsAlike
) -> dict[int, dict[int, float]]:
    """Row number -> facility id -> likeness, for those in one block that are alike."""
    groups = _grouped(known, block)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        for look in groups.get(block(row), ()) if block(row) else ():
            if alike(row, look):
                score = similarity(row, look)
                found[row.key][look.key] = max(score, found[row.key].get(look.key, 0.0))
    return found


def _pair_likeliest(
    candidates: dict[int, dict[int, float]], pairs: dict[int, int]
) -> dict[int, tuple[int, ...]]:
    """Pair what is clear, best first, until nothing more is; return the rows still in doubt."""
    by_facility: dict[int, dict[int, float]] = defaultdict(dict)
    for row, scores in candidates.items():
        for facility, score in scores.items():
            by_facility[facility][row] = score
    while clear := _clear(candidates, by_facility):
        pairs |= clear
        for row, facility in clear.items():
            for other in candidates.pop(row):
                by_facility[other].pop(row)
            for other in by_facility.pop(facility):
                candidates[other].pop(facility)
    return {row: tuple(sorted(scores)) for row, scores in candidates.items() if scores}


def _clear(
    candidates: Mapping[int, Mapping[int, float]], by_facility: Mapping[int, Mapping[int, float]]
) -> dict[int, int]:
    """The pairs without a near rival on either side; no two of them share a row or facility."""
    return {
        row: facility
        for row, scores in candidates.items()
        for facility, score in scores.items()
        if all(
            score - rival >= CLEAR_MARGIN
            for rival in (*_others(scores, facility), *_others(by_facility[facility], row))
        )
    }


def _others(scores: Mapping[int, float], key: int) -> list[float]:
    return [score for other, score in scores.items() if other != key]


def _grouped(
    looks: Iterable[MatchFeatures], key: Callable[[MatchFeatures], Hashable]
) -> dict[Hashable, list[MatchFeatures]]:
    groups: dict[Hashable, list[MatchFeatures]] = defaultdict(list)
    for look in looks:
        groups[key(look)].append(look)
    return groups
