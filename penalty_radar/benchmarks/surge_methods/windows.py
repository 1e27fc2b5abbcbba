"""Moments of the steps before a step, as every simple test needs them."""

from __future__ import annotations

import numpy as np

from penalty_radar.benchmarks.surge_sets.count_set import Floats

WEEK_DAYS = 7


def past_moments(
    counts: Floats, length: int, *, gap: int = 0, stride: int = 1, least: int = 3
) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n − 1) of ``length`` earlier steps, ``stride`` apart, after ``gap`` strides.

    NaN steps are left out; the result is NaN where fewer than ``least`` are left.
    """
    listed = ~np.isnan(counts)
    values = np.where(listed, counts, 0.0)
    number, total, squares = (
        _past_sum(part, length, gap, stride) for part in (listed.astype(np.float64), values, values**2)
    )
    has_enough = number >= least
    # Sums of whole numbers are exact, and so is this difference of their squares.
    above = np.maximum(number * squares - total**2, 0.0)
    variance = above / np.maximum(number * (number - 1.0), 1.0)
    mean = total / np.maximum(number, 1.0)
    return np.where(has_enough, mean, np.nan), np.where(has_enough, np.sqrt(variance), np.nan)


def trailing_sum(counts: Floats, length: int) -> Floats:
    """Sum of a step and the ``length`` − 1 before it; NaN where one of them is NaN or missing."""
    padded = np.pad(counts, ((0, 0), (length, 0)), constant_values=np.nan)
    missing = np.cumsum(np.isnan(padded), axis=1)
    totals = np.cumsum(np.nan_to_num(padded), axis=1)
    is_whole = missing[:, length:] == missing[:, :-length]
    return np.where(is_whole, totals[:, length:] - totals[:, :-length], np.nan)


def _past_sum(values: Floats, length: int, gap: int, stride: int) -> Floats:
    """Sum over the steps t − stride × (gap + 1) … t − stride × (gap + length), missing ones counting nought."""
    series, steps = values.shape
    rounds = -(-steps // stride)
    laid = np.zeros((series, rounds * stride))
    laid[:, :steps] = values
    running = np.zeros((series, gap + 1 + length + rounds, stride))
    running[:, gap + 1 + length :] = laid.reshape(series, rounds, stride).cumsum(axis=1)
    newest, oldest = running[:, length : length + rounds], running[:, :rounds]
    return (newest - oldest).reshape(series, -1)[:, :steps]
