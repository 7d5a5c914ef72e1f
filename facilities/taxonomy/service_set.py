"""How a set of services is packed in bits: one integer in memory, six words in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from .services import VOCABULARY, Service

WORDS = 6
BITS = 63
_WORD = (1 << BITS) - 1
_KNOWN = reduce(or_, (1 << service.position for service in VOCABULARY), 0)


class ServiceSet:
    """An immutable set over the vocabulary, in order of position.

    >>> ServiceSet.of("methadone", "detox").slugs()
    ('detox', 'methadone')
    """

    __slots__ = ("_bits",)

    def __init__(self, bits: int = 0) -> None:
        """Take the set as one integer, bit p for position p; ValueError for an unknown position."""
        if bits < 0 or bits & ~_KNOWN:
            raise ValueError(f"bits outside the vocabulary: {bits & ~_KNOWN:#x}")
        self._bits = bits

    @classmethod
    def of(cls, *services: Service | str) -> ServiceSet:
        """Make the set of these services or slugs. Raises KeyError for an unknown slug."""
        return cls(reduce(or_, map(_bit, services), 0))

    @classmethod
    def from_words(cls, words: Sequence[int]) -> ServiceSet:
        if len(words) != WORDS or any(not 0 <= word <= _WORD for word in words):
            raise ValueError(f"not {WORDS} words of {BITS} bits: {words!r}")
        return cls(sum(word << BITS * place for place, word in enumerate(words)))

    def words(self) -> tuple[int, ...]:
        """Return six non-negative integers that fit a signed 64-bit column."""
        return tuple(self._bits >> BITS * place & _WORD for place in range(WORDS))

    def slugs(self) -> tuple[str, ...]:
        return tuple(service.slug for service in self)

    def isdisjoint(self, other: ServiceSet) -> bool:
        return not self._bits & other._bits

    def __contains__(self, service: Service | str) -> bool:
        return bool(self._bits & _bit(service))

    def __iter__(self) -> Iterator[Service]:
        rest = self._bits
        while rest:
            lowest = rest & -rest
            yield VOCABULARY.at(lowest.bit_length() - 1)
            rest ^= lowest

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __bool__(self) -> bool:
        return bool(self._bits)

    def __or__(self, other: ServiceSet) -> ServiceSet:
        return ServiceSet(self._bits | other._bits)

    def __and__(self, other: ServiceSet) -> ServiceSet:
        return ServiceSet(self._bits & other._bits)

    def __sub__(self, other: ServiceSet) -> ServiceSet:
        return ServiceSet(self._bits & ~other._bits)

    def __le__(self, other: ServiceSet) -> bool:
        return not self._bits & ~other._bits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ServiceSet) and self._bits == other._bits

    def __hash__(self) -> int:
        return hash((ServiceSet, self._bits))

    def __repr__(self) -> str:
        return f"ServiceSet.of({', '.join(map(repr, self.slugs()))})"


def service_set(slugs: str) -> ServiceSet:
    """Return the services of ``slugs``, which are separated by spaces."""
    return ServiceSet.of(*slugs.split())


def union_of_services(sets: Iterable[ServiceSet]) -> ServiceSet:
    return reduce(or_, sets, ServiceSet())


def _bit(service: Service | str) -> int:
    known = VOCABULARY[service] if isinstance(service, str) else service
    return 1 << known.position
