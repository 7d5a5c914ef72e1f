"""Masks of facilities packed into words of 64 bits."""

import numpy as np
from numpy.typing import NDArray

SLOTS = 64  # of one word

Bits = NDArray[np.uint64]
Mask = NDArray[np.bool_]


def pack_bits(mask: Mask) -> Bits:
    """Pack (..., 64 n) bool into (..., n) words, the first in the lowest bit."""
    return np.packbits(mask, axis=-1, bitorder="little").view("<u8").astype(np.uint64, copy=False)


def unpack_bits(bits: Bits) -> Mask:
    """Return the (64 n,) bool of n words."""
    octets = np.ascontiguousarray(bits).astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, bitorder="little").view(bool)


def count_ones(bits: Bits) -> NDArray[np.int64]:
    """Return how many bits are set in the last axis."""
    return np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)
