"""Which records to compare, so that 20,000 take seconds: those that share a block. No I/O."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from ...matching.similarity import site_cells
from .features import DuplicateFeatures
from .scoring import LIKELY_PAIR_SCORE, pair_score, pair_score_terms

MAX_BLOCK_SIZE = 60  # a number or word that more records share shows nothing by itself
MAX_WORD_FREQUENCY = 0.01  # of all records: a word in more of them makes no block


@dataclass(frozen=True)
class CandidatePair:
    """Two records, the lower key first, with the terms of their score."""

    first: int
    second: int
    score: int
    terms: dict[str, int]


def find_likely_pairs(
    features: Iterable[DuplicateFeatures],
    *,
    apart: Iterable[tuple[int, int]] = (),
    progress: Callable = iter,
) -> list[CandidatePair]:
    """Return pairs that may be one facility, likeliest first, without those in ``apart``."""
    by_key = {listing.key: listing for listing in features}
    apart = {(min(pair), max(pair)) for pair in apart}
    phones = Counter(listing.phone for listing in by_key.values())
    found = []
    for first, second in progress(sorted(candidate_pairs(by_key.values()) - apart)):
        one, other = by_key[first], by_key[second]
        is_alone = bool(one.phone) and one.phone == other.phone and phones[one.phone] == 2
        points = pair_score_terms(one, other, share_phone_alone=is_alone)
        if pair_score(points) >= LIKELY_PAIR_SCORE:
            found.append(CandidatePair(first, second, pair_score(points), points))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def candidate_pairs(features: Iterable[DuplicateFeatures]) -> set[tuple[int, int]]:
    """Return pairs of keys that share a phone, a site, or a house or rare word in a ZIP code."""
    blocks: dict[tuple, list[int]] = defaultdict(list)
    features = list(features)
    rare = _rare_words(features)
    for listing in features:
        for block in _blocks(listing, rare):
            blocks[block].append(listing.key)
    return {
        (min(pair), max(pair))
        for keys in blocks.values()
        if len(keys) <= MAX_BLOCK_SIZE
        for pair in combinations(keys, 2)
    }


def _rare_words(listings: list[DuplicateFeatures]) -> set[str]:
    counts = Counter(word for listing in listings for word in listing.words)
    return {
        word
        for word, number in counts.items()
        if number <= max(2, MAX_WORD_FREQUENCY * len(listings))
    }


def _blocks(listing: DuplicateFeatures, rare: set[str]) -> Iterator[tuple]:
    if listing.phone:
        yield "phone", listing.phone
    if listing.house_number:
        yield "house", listing.zip, listing.house_number
    yield from site_cells(listing)
    for word in listing.words & rare:
        yield "word", listing.zip, word
