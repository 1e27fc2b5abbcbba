"""Where the excess that an alarm points at begins and ends."""

from __future__ import annotations

import numpy as np

from transforms.surges.count_series import Floats

BREAK_EVEN_RATE = 3.5129
"""The rate r at which days of twice the expectation score nothing: (r - 1) / log(r) = 2."""


def draw_edges(
    counts: Floats, expected: Floats, first: int, last: int, gap_days: int, most_ratio: float
) -> tuple[int, int]:
    """First and last column of the excess that the window ``first`` … ``last`` points at.

    A day speaks for the surge when its count is nearer (in logarithms) to the surge's rate than to the baseline: its
    score is the Poisson log-likelihood ratio of ``sqrt(ratio)`` times the expectation, or of the rate that breaks even
    at twice the expectation (the least ratio of a surge) when that is higher: a lasting rise that the baseline has
    caught up with ends the surge. The best run of days inside the window is kept, then extended while the score grows
    and no spell of more than ``gap_days`` days speaks against it.
    """
    for _ in range(3):
        inside = slice(first, last + 1)
        ratio = counts[inside].sum() / max(expected[inside].sum(), 1e-9)
        rate = max(BREAK_EVEN_RATE, float(np.sqrt(min(ratio, most_ratio))))
        score = counts * np.log(rate) - expected * (rate - 1.0)
        begin, end = _best_run(score[inside])
        begin, end = first + begin, first + end
        end += _reach(score[end + 1 :], gap_days)
        begin -= _reach(score[:begin][::-1], gap_days)
        if (begin, end) == (first, last):
            break
        first, last = begin, end
    return first, last


def _best_run(score: Floats) -> tuple[int, int]:
    """First and last index of the run of days with the largest summed score."""
    summed = np.concatenate([[0.0], score.cumsum()])
    low = np.minimum.accumulate(summed[:-1])
    end = int(np.argmax(summed[1:] - low))
    return int(np.argmin(summed[: end + 1])), end


def _reach(score: Floats, gap_days: int) -> int:
    """How many further days to take: up to the best summed score before a quiet spell ends the surge.

    A spell of more than ``gap_days`` days is quiet when together they speak against the surge.
    """
    summed = np.concatenate([[0.0], score.cumsum()])
    spell = gap_days + 1
    quiet = np.flatnonzero(summed[spell:] <= summed[:-spell]) if len(score) >= spell else np.empty(0, dtype=np.int64)
    if len(quiet):
        summed = summed[: quiet[0] + spell + 1]
    return int(np.argmax(summed))
