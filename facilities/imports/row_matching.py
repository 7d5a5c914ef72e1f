"""Matches the rows of a file with the facilities that we know: one to one, tier by tier. No I/O.

1. Name, program, street and ZIP are the same but for case, accents and spaces.
2. The building is the same, by street or by position, and the name is similar and of the same kind
   of program: the ZIP code was corrected, or the street is written in another way.
3. Phone and ZIP are the same, and the name is similar or the street is the same.
4. Street and ZIP are the same, and the name is similar.
5. One of the two has no street, and ZIP and name are the same.
6. Phone, name and services are the same, and nobody else of that name has that phone: the
   facility moved to another ZIP code.

No tier but the first joins a program for men with one for women, or one for adults with one for
youth. In the first tier rows that are all alike are paired by their services, then in order. In the
others a row and a facility are paired if neither has another candidate nearly as similar.
Otherwise the row is ambiguous, and a person chooses among its candidates. A row of the same name
and phone as a facility of the same region is ambiguous too where the last tier does not pair them.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from ..matching.programs import serve_opposite_people
from ..matching.similarity import (
    SAME_TOWN_MILES,
    MatchFeatures,
    has_same_name,
    has_similar_name,
    is_farther_than,
    is_same_program,
    is_same_site,
    is_same_street,
    service_similarity,
    similarity,
    site_cells,
)

# Points of 100 by which a candidate must lead. With 8, the editions of 2022 and 2023 leave 65 of
# 12,744 rows to a person; with 4 it is 49, with 16 it is 90. Without a margin it is 25, and 40 more
# are paired by a difference that says nothing.
CLEAR_MARGIN = 8.0
# Of a moved facility. Of those that keep name and phone, 19 in 20 share 70 or more; what shares
# less often is another house of the organization, with its number.
MOVED_SERVICE_SIMILARITY = 60


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
    for tier in (*TIERS, _moved_tier(rows, known, pairs)):
        ambiguous |= _pair_likeliest(_open_candidates(rows, known, pairs, ambiguous, tier), pairs)
    unsure = _open_candidates(rows, known, pairs, ambiguous, POSSIBLY_MOVED)
    ambiguous |= {row: tuple(sorted(scores)) for row, scores in unsure.items()}
    # A later tier may have paired a candidate of an ambiguous row. A row that loses its last
    # candidate this way is new.
    taken = set(pairs.values())
    ambiguous = {
        row: tuple(facility for facility in candidates if facility not in taken)
        for row, candidates in ambiguous.items()
    }
    new = tuple(row.key for row in rows if row.key not in pairs and not ambiguous.get(row.key))
    return RowMatching(pairs, {row: ids for row, ids in ambiguous.items() if ids}, new)


IsAlike = Callable[[MatchFeatures, MatchFeatures], bool]


@dataclass(frozen=True)
class MatchTier:
    """Which pairs a tier compares, and which of those are alike.

    Only a row and a facility with a block key in common are compared, so that 12,744 rows take
    less than a second.
    """

    block_keys: Callable[[MatchFeatures], Iterable[Hashable]]
    is_alike: IsAlike


def _phone_and_zip(features: MatchFeatures) -> Iterable[Hashable]:
    return [(features.phone, features.zip)] if features.phone else []


def _phone_and_state(features: MatchFeatures) -> Iterable[Hashable]:
    return [(features.phone, features.state)] if features.phone else []


def _zip(features: MatchFeatures) -> Iterable[Hashable]:
    return [features.zip]


def _site_or_phone(features: MatchFeatures) -> Iterable[Hashable]:
    if features.plain_street:
        yield features.state, features.plain_street
    yield from site_cells(features)
    yield from _phone_and_state(features)


def _is_similar_or_same_street(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_street(row, known) or has_similar_name(row, known)


def _is_similar_and_same_street(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_street(row, known) and has_similar_name(row, known)


def _is_similar_and_same_site(row: MatchFeatures, known: MatchFeatures) -> bool:
    return is_same_site(row, known) and has_similar_name(row, known) and row.kinds == known.kinds


def _is_same_without_street(row: MatchFeatures, known: MatchFeatures) -> bool:
    return not (row.plain_street and known.plain_street) and has_same_name(row, known)


def _is_same_in_one_region(row: MatchFeatures, known: MatchFeatures) -> bool:
    return has_same_name(row, known) and not is_farther_than(row, known, SAME_TOWN_MILES)


TIERS = (
    MatchTier(_site_or_phone, _is_similar_and_same_site),
    MatchTier(_phone_and_zip, _is_similar_or_same_street),
    MatchTier(_zip, _is_similar_and_same_street),
    MatchTier(_zip, _is_same_without_street),
)
POSSIBLY_MOVED = MatchTier(_phone_and_state, _is_same_in_one_region)


def _has_other_services(row: MatchFeatures, known: MatchFeatures) -> bool:
    """Whether both state services, and too few in common for a facility that only moved."""
    return (
        bool(row.offered and known.offered)
        and service_similarity(row, known) < MOVED_SERVICE_SIMILARITY
    )


def _moved_tier(
    rows: list[MatchFeatures], known: list[MatchFeatures], pairs: Mapping[int, int]
) -> MatchTier:
    """Return the tier of facilities that moved with their name and phone.

    An organization may list its houses under one name and one phone. Then a house that closed and
    another that opened look like one that moved: only a number of one facility proves it. Services
    prove it too: few change with the address.
    """
    open_phones = {row.phone for row in rows if row.key not in pairs}
    rows_by_phone, known_by_phone = (
        _group_by((each for each in records if each.phone in open_phones), _phone_and_state)
        for records in (rows, known)
    )

    def has_number_alone(record: MatchFeatures, groups, is_alike: IsAlike) -> bool:
        return not any(
            other.key != record.key and is_alike(other, record)
            for key in _phone_and_state(record)
            for other in groups[key]
        )

    def has_moved(row: MatchFeatures, facility: MatchFeatures) -> bool:
        if _has_other_services(row, facility):
            return False
        is_near = not is_farther_than(row, facility, SAME_TOWN_MILES)
        return any(
            is_alike(row, facility)
            and has_number_alone(row, rows_by_phone, is_alike)
            and has_number_alone(facility, known_by_phone, is_alike)
            for is_alike in (has_same_name, *([is_same_program] if is_near else []))
        )

    return MatchTier(_phone_and_state, has_moved)


def _pair_identical(
    rows: list[MatchFeatures], known: list[MatchFeatures], pairs: dict[int, int]
) -> None:
    """Add the pairs of the first tier to ``pairs``.

    Files list some facilities twice under one name and address. Among these the most similar
    services decide, then the phone. Row number and id come last, so that the same file always
    gives the same pairs.
    """
    facilities = _group_by(known, lambda facility: [facility.identity])
    taken = set(pairs.values())
    for identity, alike in _group_by(rows, lambda row: [row.identity]).items():
        choices = [
            (-service_similarity(row, facility), row.phone != facility.phone, row.key, facility.key)
            for row in alike
            for facility in facilities.get(identity, ())
        ]
        for *_, row, facility in sorted(choices):
            if row not in pairs and facility not in taken:
                pairs[row] = facility
                taken.add(facility)


def _open_candidates(
    rows: Iterable[MatchFeatures],
    known: Iterable[MatchFeatures],
    pairs: Mapping[int, int],
    ambiguous: Mapping[int, tuple[int, ...]],
    tier: MatchTier,
) -> dict[int, dict[int, float]]:
    """Return row number -> facility id -> similarity, 0 to 100, of what a tier finds alike.

    Rows and facilities that an earlier tier has settled are left out.
    """
    taken = set(pairs.values())
    blocks = _group_by((each for each in known if each.key not in taken), tier.block_keys)
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        if row.key in pairs or row.key in ambiguous:
            continue
        for key in tier.block_keys(row):
            for facility in blocks.get(key, ()):
                if tier.is_alike(row, facility) and not serve_opposite_people(
                    row.kinds, facility.kinds
                ):
                    score = similarity(row, facility)
                    # Two sources may describe one facility: the more similar description counts.
                    best = scores[row.key].get(facility.key, 0.0)
                    scores[row.key][facility.key] = max(score, best)
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
    records: Iterable[MatchFeatures], keys: Callable[[MatchFeatures], Iterable[Hashable]]
) -> dict[Hashable, list[MatchFeatures]]:
    groups: dict[Hashable, list[MatchFeatures]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            groups[key].append(record)
    return groups
