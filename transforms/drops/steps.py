"""Steps of a level, up or down: how well a step describes some days, against none and against a slope; and its place.

Both the nightly scan and the dating of drops rest on it, and so does :func:`segment_levels`, which cuts a whole series
into levels; that one is measured on the Turing change point data set (``penalty-radar benchmark drops``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NINE_IN_TEN = 5.94
"""Twice the log-likelihood by which a place may fall short of the best and still lie in the 90 % interval: the point x
with (1 - exp(-x / 2))² = .9 (Yao 1987, Ann. Stat. 15:1321: the limit for steps that are not large)."""

PENALTY = 3.0
"""Times log n, in noise variances, what a step must gain: the modified BIC (Zhang & Siegmund 2007, Biometrics 63)."""


@dataclass(frozen=True)
class Moments:
    """Sums over a run of days: their number, of the values y, of the time t, of t² and of t·y; each of one shape."""

    count: Floats
    y: Floats
    t: Floats
    tt: Floats
    ty: Floats

    def __add__(self, other: Moments) -> Moments:
        return Moments(*(getattr(self, name) + getattr(other, name) for name in ("count", "y", "t", "tt", "ty")))


@dataclass(frozen=True)
class Profile:
    """A step at each place: ``gain`` over none, in the variance of the values; ``change`` of the level (NaN-free)."""

    gain: Floats
    change: Floats


def gain_of_step(before: Moments, after: Moments) -> Floats:
    """What two levels explain beyond one, as a sum of squares."""
    gap = after.y / np.maximum(after.count, 1.0) - before.y / np.maximum(before.count, 1.0)
    return np.asarray(gap**2 * before.count * after.count / np.maximum(before.count + after.count, 1.0))


def gain_of_line(whole: Moments) -> Floats:
    """What a straight line explains beyond one level, as a sum of squares."""
    spread, slope = _centred(whole)
    return np.asarray(slope**2 / np.maximum(spread, 1e-12))


def gain_beside_line(before: Moments, after: Moments) -> Floats:
    """What a step adds to a straight line, as a sum of squares."""
    whole = before + after
    spread, slope = _centred(whole)
    lean = (after.t - after.count * whole.t / whole.count) / np.maximum(spread, 1e-12)
    own = after.count - after.count**2 / whole.count - lean**2 * spread
    effect = after.y - after.count * whole.y / whole.count - lean * slope
    return np.asarray(np.where(own > 1e-9 * whole.count, effect**2 / np.maximum(own, 1e-12), 0.0))


def is_step(before: Moments, after: Moments, margin: Floats | float, penalty: Floats | float) -> NDArray[np.bool_]:
    """Whether the days hold a step and are no mere slope.

    A line may be better than the step by at most ``margin``; or the step adds ``penalty`` to the line, which is a fall
    in the midst of a decline. Both as sums of squares.
    """
    steps, line = gain_of_step(before, after), gain_of_line(before + after)
    return np.asarray((line - steps <= margin) | (gain_beside_line(before, after) >= penalty))


def profile_steps(values: Floats, autocorrelation: float = 0.0) -> Profile:
    """A step before each of the values but the first, by likelihood under AR(1) noise; without one, least squares.

    ``gain`` is in the variance of a value: the values are filtered of their correlation, y(t) - r y(t - 1), and a level
    and a step filtered alike are fitted to them.
    """
    r, count = autocorrelation, len(values)
    fresh = 1.0 - r
    filtered = np.concatenate([values[:1] * np.sqrt(1.0 - r**2), values[1:] - r * values[:-1]])
    later = np.arange(count - 2, -1, -1, dtype=np.float64)  # values after each place
    tail = filtered[:0:-1].cumsum()[::-1] - filtered[1:]
    level, level_y = 1.0 - r**2 + (count - 1) * fresh**2, np.sqrt(1.0 - r**2) * filtered[0] + fresh * filtered[1:].sum()
    cross, own = fresh + later * fresh**2, 1.0 + later * fresh**2
    effect, left = filtered[1:] + fresh * tail - cross * level_y / level, own - cross**2 / level
    left = np.maximum(left, 1e-12)
    return Profile(effect**2 / left / (1.0 - r**2), effect / left)


def likely_places(gain: Floats, variance: float) -> tuple[int, int, int]:
    """Index of the best place, and of the first and last one that the 90 % interval holds."""
    best = int(np.argmax(gain))
    within = np.flatnonzero(gain >= gain[best] - NINE_IN_TEN * variance)
    return best, int(within[0]), int(within[-1])


def segment_levels(values: Floats, penalty: float = PENALTY) -> list[int]:
    """Where the level of a whole series changes, up or down: index of the first value of each level but the first.

    Binary segmentation (Scott & Knott 1974): the best step of a run of values is taken when it gains ``penalty`` times
    log n variances of the series and is no mere slope (:func:`is_step`); then both sides are looked at. NaN values are
    left out. The variance is that of the whole series about one level, since nothing of it is known beforehand.
    """
    places = np.flatnonzero(~np.isnan(values))
    known = values[places]
    count = len(known)
    if count < 4 or not known.std() > 0.0:
        return []
    least = penalty * np.log(count)
    z = (known - known.mean()) / known.std()
    found: list[int] = []
    runs = [(0, count)]
    while runs:
        start, stop = runs.pop()
        if stop - start < 4:
            continue
        part = z[start:stop]
        gain = profile_steps(part).gain
        split = _best_place(part, gain, least)
        if split is not None:
            found.append(int(places[start + split]))
            runs += [(start, start + split), (start + split, stop)]
    return sorted(found)


def _best_place(part: Floats, gain: Floats, least: float) -> int | None:
    """The split (2 values at least on each side) at which ``part`` has a step worth ``least``, or None."""
    inner = slice(1, len(gain) - 1)
    split = 2 + int(np.argmax(gain[inner]))
    if gain[split - 1] < least:
        return None
    before, after = _moments_of(part)
    if gain_of_line(before + after)[0] <= gain[split - 1]:
        return split
    beside = gain_beside_line(before, after)[inner]
    return 2 + int(np.argmax(beside)) if beside.max() >= least else None


def _moments_of(values: Floats) -> tuple[Moments, Moments]:
    """Moments before and after each place between two values."""
    t = np.arange(len(values), dtype=np.float64)
    parts = [np.ones(len(values)), values, t, t**2, t * values]
    summed = [part.cumsum() for part in parts]
    return Moments(*(one[:-1] for one in summed)), Moments(*(one[-1] - one[:-1] for one in summed))


def _centred(whole: Moments) -> tuple[Floats, Floats]:
    """Sum of squares of t and of t·y about the means."""
    count = np.maximum(whole.count, 1.0)
    return whole.tt - whole.t**2 / count, whole.ty - whole.t * whole.y / count
