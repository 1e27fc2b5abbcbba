"""Outages that nobody recorded: runs of dark days after which the site was back as if nothing had been.

They say nothing about ranking. Left in, they are alarms as sure as any, which then speak for whatever small step the
noise has made in the weeks before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from transforms.drops.daily_visibility import BLOCK, WEEK, Floats
from transforms.drops.levels import LEAST_KNOWN, median_of
from transforms.drops.noise import Noise, NoiseParams, clip_days


@dataclass(frozen=True, kw_only=True)
class OutageParams:
    """What an outage is."""

    dark_gap: float = 1.5
    """How far (log) below the usual level a day is dark: at 22 % of it."""

    dark_deviations: float = 4.0
    """The same in standard deviations of a day, whichever is more: a noisy series has bad days."""

    most_days: int = 13
    """Most days of an outage; a lower level that lasts longer is a drop."""

    open_days: int = WEEK - 1
    """Most days of a run of dark days that still goes on and may yet be one: no drop is told so soon."""

    back_share: float = 0.9
    """Share of the usual level, less one standard deviation, at which the week after it counts as back."""


def leave_out_outages(noise: Noise, params: OutageParams, noise_params: NoiseParams) -> Noise:
    """``noise`` with the days of outages unknown, and the days after them clipped without them.

    An outage is over, or has only begun: what has been dark for a week and still is may be a drop.
    """
    is_low = noise.raw < noise.level  # only what was clipped from below can be dark
    rows = np.flatnonzero(is_low.any(axis=1))
    if not len(rows):
        return noise
    raw, level = noise.raw.copy(), noise.level.copy()
    for row in rows:
        for first, stop in _find_outages(noise.raw[row], np.flatnonzero(is_low[row]), noise.sd[row], params):
            raw[row, first:stop] = np.nan
    had = rows[np.isnan(raw[rows]).sum(axis=1) > np.isnan(noise.raw[rows]).sum(axis=1)]
    level[had] = clip_days(raw[had], noise.sd[had], noise_params)
    return replace(noise, raw=raw, level=level)


def _find_outages(raw: Floats, low: np.ndarray, sd: Floats, params: OutageParams) -> list[tuple[int, int]]:
    """First column and the one after the last of every outage of one series; ``low`` are columns that may be in one."""
    known = np.flatnonzero(~np.isnan(raw))
    values = raw[known]
    found: list[tuple[int, int]] = []
    done = 0
    for place in np.searchsorted(known, low).tolist():
        if place < done or place < LEAST_KNOWN:
            continue
        usual, deviation = median_of(values[max(place - BLOCK, 0) : place]), float(sd[known[place] // BLOCK])
        gap = max(params.dark_gap, params.dark_deviations * deviation)
        if not values[place] < usual - gap:  # never where the deviation is unknown
            continue
        is_bright = values[place:] >= usual - gap
        if not is_bright.any():
            if known[-1] - known[place] < params.open_days:
                found.append((int(known[place]), len(raw)))
            break
        done = place + int(is_bright.argmax())
        after = values[done : done + WEEK]
        is_back = len(after) >= LEAST_KNOWN and median_of(after) >= usual + np.log(params.back_share) - deviation
        if is_back and known[done - 1] - known[place] < params.most_days:
            found.append((int(known[place]), int(known[done - 1]) + 1))
    return found
