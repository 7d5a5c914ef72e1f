"""A cache in the memory of the process that holds until the data change."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from django.db import connection

from .change import DataVersion, VersionStamp, changes_since

Value = TypeVar("Value")

# A test is one transaction from its beginning to its end: tests/conftest.py sets this, and clears
# all caches between tests.
KEEP_WITHIN_TRANSACTIONS = False
_caches: list["Clearable"] = []


class Clearable(Protocol):
    def clear(self) -> None: ...


class VersionedCache(Generic[Value]):
    """Results of one function, by the data version and the arguments.

    Each call costs one query, for the version. A new version drops what was kept for another, and
    is computed once, whatever the number of threads that ask for it. Arguments are positional and
    hashable; where the value depends on the language, the language is one of them.
    """

    def __init__(self, function: Callable[..., Value], maxsize: int):
        update_wrapper(self, function)
        self.function = function
        self.maxsize = maxsize
        self.version: VersionStamp | None = None
        self.values: OrderedDict[tuple[Hashable, ...], Value] = OrderedDict()
        self.access = Lock()  # to ``version`` and ``values``: held for a moment
        self.computation = Lock()  # held while the function runs
        register_cache(self)

    def __call__(self, *arguments: Hashable) -> Value:
        return self.at(DataVersion.current(), *arguments)

    def at(self, version: VersionStamp, *arguments: Hashable) -> Value:
        """Return the value for a version that the caller has read already, without a query."""
        if hit := self._get(version, arguments):
            return hit[0]
        # What a transaction sees may be rolled back, and its version then belongs to other data.
        if connection.in_atomic_block and not KEEP_WITHIN_TRANSACTIONS:
            return self.function(*arguments)
        with self.computation:
            if hit := self._get(version, arguments):  # another thread was faster
                return hit[0]
            value = self.function(*arguments)
            self._put(version, arguments, value)
        return value

    def clear(self) -> None:
        with self.access:
            self.values.clear()

    def _get(self, version: VersionStamp, arguments: tuple[Hashable, ...]) -> tuple[Value] | None:
        """Return the value as a tuple of one: a value may itself be None."""
        with self.access:
            if version != self.version or arguments not in self.values:
                return None
            self.values.move_to_end(arguments)
            return (self.values[arguments],)

    def _put(self, version: VersionStamp, arguments: tuple[Hashable, ...], value: Value) -> None:
        with self.access:
            if version != self.version:
                self.version = version
                self.values.clear()
            self.values[arguments] = value
            if len(self.values) > self.maxsize:
                self.values.popitem(last=False)


class UpdatedCache(Generic[Value]):
    """One value that follows the change log, so that few changes cost little.

    ``compute`` makes it of everything, ``update`` of an older one and the keys of the facilities
    that changed since. Both also get the version that they bring it to, or a newer one.
    """

    def __init__(
        self,
        compute: Callable[[VersionStamp], Value],
        update: Callable[[VersionStamp, Value, frozenset[int]], Value],
    ):
        self.compute = compute
        self.update = update
        self.held: tuple[VersionStamp, Value] | None = None
        self.computation = Lock()
        register_cache(self)

    def __call__(self) -> Value:
        version, held = DataVersion.current(), self.held
        if held and held[0] == version:
            return held[1]
        if connection.in_atomic_block and not KEEP_WITHIN_TRANSACTIONS:
            return self._make(version, held)
        with self.computation:
            held = self.held
            if held and held[0] == version:  # another thread was faster
                return held[1]
            value = self._make(version, held)
            self.held = version, value
        return value

    def clear(self) -> None:
        self.held = None

    def _make(self, version: VersionStamp, held: tuple[VersionStamp, Value] | None) -> Value:
        changed = changes_since(held[0]) if held else None
        return self.compute(version) if changed is None else self.update(version, held[1], changed)


def versioned_cache(*, maxsize: int) -> Callable[[Callable[..., Value]], VersionedCache[Value]]:
    """Keep the results of the decorated function until the data change, ``maxsize`` at most."""

    def decorate(function: Callable[..., Value]) -> Any:
        return VersionedCache(function, maxsize)

    return decorate


def register_cache(cache: Clearable) -> None:
    """Have ``clear_all_caches`` empty another cache that depends on the data version."""
    _caches.append(cache)


def clear_all_caches() -> None:
    """Empty every cache that depends on the data version, for tests."""
    for cache in _caches:
        cache.clear()
