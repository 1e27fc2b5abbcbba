"""Draws of placebos that come from the sites themselves: no seed, no order of rows, no site changes another's.

A draw is a number mixed from the site's name and the number of the draw (splitmix64: Steele, Lea and Flood 2014, "Fast
splittable pseudorandom number generators"). Running again gives the same draws, and a new site leaves the others alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFT, SWAP = np.uint64(1), np.uint64(2)
"""What a draw is for: shifts in time and swaps of sites must not go together."""


def site_numbers(names: Sequence[str]) -> Draws:
    """A number of 64 bits for each name, the same on every machine."""
    digests = b"".join(hashlib.sha256(name.encode()).digest()[:8] for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def draw(sites: Draws, count: int, purpose: np.uint64) -> Draws:
    """Evenly spread 64-bit numbers: ``count`` draws (columns) for each site (rows)."""
    with np.errstate(over="ignore"):
        return _mixed(_mixed(sites + purpose)[:, None] + np.arange(1, count + 1, dtype=np.uint64) * _STEP)


def below(draws: Draws, limits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draws as whole numbers from 0 up to but not including each row's limit (below 2^31), evenly spread."""
    return (((draws >> np.uint64(32)) * limits.astype(np.uint64)[:, None]) >> np.uint64(32)).astype(np.int64)


def swaps(sites: Draws, portfolio: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """``count`` permutations (columns) of the sites (rows) within their portfolios, which must stand in order."""
    keys = draw(sites, count, SWAP) >> np.uint64(24)
    keys |= portfolio.astype(np.uint64)[:, None] << np.uint64(40)
    return np.argsort(keys, axis=0, kind="stable").astype(np.int32)


def _mixed(numbers: Draws) -> Draws:
    mixed = numbers + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed
