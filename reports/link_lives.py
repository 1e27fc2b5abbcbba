"""How long referring domains stand: the product-limit estimate, for lives that came under observation late.

An export lists survivors: what a provider lost before its horizon is not in it. A domain of before the horizon was at
risk of being *seen* lost only from the horizon on; counting it from its first day would make links look longer-lived
than they are (left truncation). The estimate is Kaplan and Meier's with delayed entry (Tsai, Jewell and Wang 1987,
Biometrika 74:883): at each age, those lost over those under observation at that age.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.profile_views import LIFE_GROUPS, LifeCount, LifeCurve, Standing

Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class LifeParams:
    """How curves are drawn."""

    least_at_risk: int = 10
    """Fewest domains under observation at an age; with fewer, one loss moves the curve by more than a tenth."""
    longest_days: int = 1095
    """Oldest age drawn: three years."""
    least_days: int = 30
    """Least age a curve must reach to be drawn: a month."""
    most_steps: int = 60
    """Steps kept of a curve: more are less than a pixel apart on a narrow screen."""
    mark_days: tuple[int, ...] = (90, 180, 365, 730)
    """Ages told in the table: the usual terms of a rented link, and two years."""
    interval_z: float = 1.645
    """Standard errors of a 90 % interval."""


LIFE_PARAMS = LifeParams()


def estimate_curve(origin_group: str, rows: Sequence[LifeCount], params: LifeParams = LIFE_PARAMS) -> LifeCurve:
    """The curve of one group of origins.

    The curve begins at the first age with ``least_at_risk`` domains under observation, where it is 1: shares are of
    the domains that reached that age. It ends where fewer are left.
    """
    entry, age, lost, count = (
        np.array([int(getattr(row, name)) for row in rows], dtype=np.int64)
        for name in ("entry_days", "age_days", "is_lost", "domain_count")
    )
    is_seen = entry < age
    entry, age, lost, count = entry[is_seen], age[is_seen], lost[is_seen], count[is_seen]
    ages = np.unique(age[lost == 1])
    deaths = [int(count[(lost == 1) & (age == day)].sum()) for day in ages]
    at_risk = [int(count[(entry < day) & (age >= day)].sum()) for day in ages]
    steps, variance = [(0, 1.0)], [0.0]
    share, error = 1.0, 0.0
    last_age = 0
    for day, dead, watched in zip(ages.tolist(), deaths, at_risk, strict=True):
        if day > params.longest_days:
            break
        if watched < params.least_at_risk:
            if len(steps) > 1:
                break
            continue
        share *= 1.0 - dead / watched
        error += dead / (watched * (watched - dead)) if watched > dead else 0.0
        steps.append((day, share))
        variance.append(error)
        last_age = day
    reach = _reach(entry, age, count, last_age, params)
    return LifeCurve(
        origin_group=origin_group, domain_count=sum(row.domain_count for row in rows),
        lost_count=int(count[lost == 1].sum()), steps=(*_thin(steps, params.most_steps), (reach, steps[-1][1])),
        marks=tuple(_mark(day, steps, variance, reach, params) for day in params.mark_days),
        median_days=next((day for day, standing in steps if standing <= 0.5), None),
    )  # fmt: skip


def _reach(entry: Whole, age: Whole, count: Whole, last_age: int, params: LifeParams) -> int:
    """The oldest age at which enough domains are still under observation."""
    for day in sorted({int(day) for day in age if day <= params.longest_days}, reverse=True):
        if day <= last_age or int(count[(entry < day) & (age >= day)].sum()) >= params.least_at_risk:
            return max(day, last_age)
    return last_age


def _thin(steps: list[tuple[int, float]], most: int) -> list[tuple[int, float]]:
    if len(steps) <= most:
        return steps
    kept = np.unique(np.linspace(0, len(steps) - 1, most).round().astype(int))
    return [steps[place] for place in kept]


def _mark(
    day: int, steps: Sequence[tuple[int, float]], variance: Sequence[float], reach: int, params: LifeParams
) -> Standing:
    """The share at an age with its interval on the log-minus-log scale (Kalbfleisch and Prentice), inside 0 to 1."""
    if day > reach:
        return Standing(age_days=day, share=None, low=None, high=None)
    place = max(number for number, (age, _) in enumerate(steps) if age <= day)
    share = steps[place][1]
    if not 0.0 < share < 1.0:
        return Standing(age_days=day, share=share, low=None, high=None)
    width = params.interval_z * math.sqrt(variance[place]) / abs(math.log(share))
    low, high = share ** math.exp(width), share ** math.exp(-width)
    return Standing(age_days=day, share=share, low=low, high=high)


def estimate_curves(rows: Sequence[LifeCount], params: LifeParams = LIFE_PARAMS) -> tuple[LifeCurve, ...]:
    """A curve for each group with enough domains to draw one, in the order of ``LIFE_GROUPS``."""
    curves = []
    for group in LIFE_GROUPS:
        chosen = [row for row in rows if row.origin_group == group]
        if sum(row.domain_count for row in chosen) >= params.least_at_risk:
            curves.append(estimate_curve(group, chosen, params))
    return tuple(curve for curve in curves if curve.steps[-1][0] >= params.least_days)
