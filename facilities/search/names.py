"""The normalized names of facilities, for free text and for the order A to Z."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

SEPARATOR = b"\n"  # between words: no normalized text holds it


class PackedTexts(Sequence[bytes]):
    """Texts in UTF-8 in one array; none is an object of its own until it is asked for."""

    def __init__(self, octets: NDArray[np.uint8], ends: NDArray[np.int64]):
        self.octets, self.ends = octets, ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number):
        start = self.ends[number - 1] if number else 0
        return self.octets[start : self.ends[number]].tobytes()


@dataclass(frozen=True, eq=False)
class NameTable:
    """The n distinct names of some facilities, in order, and the w distinct words in them.

    The order is that of Unicode, which is that of UTF-8 and of collation "C" in SQL.

    ``names``       the names in UTF-8, one after the other; ``name_ends``, (n,) int64
    ``words``       the words in UTF-8 between separators; ``word_starts``, (w,) int64
    ``word_names``  (m,) int32, numbers of the names that hold the first word, the second, ...
    ``word_ends``   (w,) int64, where those of each word end
    """

    names: NDArray[np.uint8]
    name_ends: NDArray[np.int64]
    words: NDArray[np.uint8]
    word_starts: NDArray[np.int64]
    word_names: NDArray[np.int32]
    word_ends: NDArray[np.int64]

    @classmethod
    def build(cls, names: Sequence[bytes]) -> "NameTable":
        """Build from distinct names in order."""
        numbers: dict[bytes, int] = {}
        words, names_of_words = array("i"), array("i")
        for name_number, name in enumerate(names):
            for word in dict.fromkeys(name.split()):
                words.append(numbers.setdefault(word, len(numbers)))
                names_of_words.append(name_number)
        word_numbers = np.array(words, np.int32)
        starts = np.cumsum([1, *(len(word) + 1 for word in numbers)], dtype=np.int64)
        return cls(
            names=np.frombuffer(b"".join(names), np.uint8),
            name_ends=np.cumsum([len(name) for name in names], dtype=np.int64),
            words=np.frombuffer(SEPARATOR + SEPARATOR.join([*numbers, b""]), np.uint8),
            word_starts=starts[:-1],
            word_names=np.array(names_of_words, np.int32)[np.argsort(word_numbers, kind="stable")],
            word_ends=np.cumsum(np.bincount(word_numbers, minlength=len(numbers)), dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.name_ends)

    def containing(self, text: str) -> NDArray[np.bool_]:
        """Return shape (n,): True for each name that contains ``text``, a part of a word."""
        mask = np.zeros(len(self), bool)
        for number in self._words_containing(text.encode()):
            start = self.word_ends[number - 1] if number else 0
            mask[self.word_names[start : self.word_ends[number]]] = True
        return mask

    def _words_containing(self, text: bytes) -> list[int]:
        octets, places = self._word_octets, []
        place = octets.find(text)
        while place != -1:
            places.append(place)
            place = octets.find(text, octets.find(SEPARATOR, place))
        return (np.searchsorted(self.word_starts, places, side="right") - 1).tolist()

    @cached_property
    def _word_octets(self) -> bytes:
        return self.words.tobytes()

    @property
    def texts(self) -> PackedTexts:
        return PackedTexts(self.names, self.name_ends)

    def places(self, others: "NameTable") -> NDArray[np.float64]:
        """Return where the names of another table stand among these.

        The number of the same name, or a fraction between the numbers of the neighbors.
        """
        known, names = self.texts, [*others.texts]
        places = np.array([bisect_left(known, name) for name in names], np.int64)
        is_new = np.array(
            [
                place == len(known) or known[place] != name
                for place, name in zip(places.tolist(), names, strict=True)
            ],
            bool,
        )
        # New names in one gap divide it evenly.
        _gaps, firsts, sizes = np.unique(places[is_new], return_index=True, return_counts=True)
        within = np.arange(np.count_nonzero(is_new)) - firsts.repeat(sizes)
        result = places.astype(np.float64)
        result[is_new] += (within + 1) / (sizes.repeat(sizes) + 1) - 1
        return result
