"""Referring domains that were placed together and vanish together at the end of a term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import nbinom

from transforms.signals.parameters import Parameters

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AGE_EDGES = np.array([0.0, 15, 30, 60, 91, 150, 240, 365, 730, np.inf])
"""Ages in days between which the rate of loss is taken as constant."""

YEAR_DAYS = 365.25


@dataclass(frozen=True, kw_only=True)
class RentParams:
    """What a rented batch looks like and how many may be told by chance."""

    terms: tuple[tuple[int, int], ...] = ((1, 30), (3, 91), (6, 182), (12, 365))
    """Months and days of the terms for which links are rented out (sellers' usual contracts)."""

    least_tolerance: float = 10.0
    """Days by which a life may differ from its term at least: a crawler sees a link, and its end, days late; guess."""

    tolerance_share: float = 0.1
    """The same as a share of the term, where that is more; guess."""

    widths: tuple[int, ...] = (7, 15)
    """Days within which a batch is placed, and within which it vanishes: a week, and two with the crawler's lag."""

    least_domains: int = 4
    """Domains of a batch: three that vanish in one week are ordinary."""

    early_rate: float = 0.08 / 91
    """Losses a day in the first three months before the site's own are seen: published, 8 % rot by then."""

    late_rate: float = 0.0002
    """The same later: 44 % after seven years (published), ln(.92 / .56) / 2,464 days."""

    prior_days: float = 3000.0
    """Weight of these rates, in domain-days: what ten domains live through in ten months; guess."""

    dispersion: float = 1.25
    """Variance over mean of losses when cohort and day are allowed for: domains of one owner go together; guess."""

    round_share: float = 0.7
    """Distinct days of loss as a share of losses at or below which the provider notices losses in rounds: then each
    came about some time after the round before. Losses on days of their own have a share near one; guess."""

    false_batches: float = 0.3
    """False batches a site-year that may be told by the count of tests; asked for is one at most."""

    weak_authority: float = Parameters().weak_authority
    """Domains at or below are left out: nobody rents them, and they rot in waves."""


@dataclass(frozen=True)
class Lives:
    """Domains of one site and provider: days as numbers, and the span in which losses are listed."""

    placed: Floats
    lost: Floats
    """Infinite while the domain stands."""

    after: Floats
    """Last day on which the domain was known to stand; the day of loss itself where the provider gives that."""

    begins: float
    """First day from which losses are listed: those before have fallen off the export."""

    ends: float


@dataclass(frozen=True)
class Box:
    """Days within which a batch was placed and lost, what was found and what was expected."""

    placed_from: float
    placed_to: float
    lost_from: float
    lost_to: float
    months: int
    found: int
    expected: float
    p_value: float


def read_lives(cells: pd.DataFrame, params: RentParams) -> Lives | None:
    """The lives behind rows of ``signals.link_lives`` of one series; None where no loss is known."""
    kept = cells[~(cells["authority_band"] + 5 <= params.weak_authority).fillna(False).to_numpy(dtype=bool)]
    if kept["lost_on"].notna().sum() == 0:
        return None
    repeated = kept.loc[kept.index.repeat(kept["domain_count"].astype("int64"))]
    placed, lost, after = (_days(repeated[name]) for name in ("placed_on", "lost_on", "lost_after_on"))
    lost = np.where(np.isnan(lost), np.inf, np.maximum(lost, placed))
    after = np.where(np.isnan(after), _round_before(lost, params), after)
    ends = float(_days(kept["ends_on"]).max())
    return Lives(placed, lost, np.maximum(after, placed), float(lost.min()), ends)


def _round_before(lost: Floats, params: RentParams) -> Floats:
    """Day of the provider's round before each loss; the loss itself where losses do not come in rounds."""
    known = lost[np.isfinite(lost)]
    rounds = np.unique(known)
    if len(rounds) > params.round_share * len(known):
        return lost
    place = np.clip(np.searchsorted(rounds, lost) - 1, 0, None)
    before: Floats = np.where(np.isfinite(lost), np.minimum(rounds[place], lost), np.inf)
    return before


def find_boxes(lives: Lives, params: RentParams) -> list[Box]:
    """Batches of one series, least likely first; no domain is in two.

    A box is centred on a domain that was lost at a term's end. Its expected losses are those of a table of cohort and
    day: the rate of loss at that age, times how much more is lost on these days at other ages, times how much more of
    this cohort is lost on other days. Factors below one count as one.
    """
    rates, events, exposure = _fit_rates(lives, params)
    is_free = np.isfinite(lives.lost)
    found: list[Box] = []
    for box in sorted(_candidates(lives, is_free, params, (rates, events, exposure)), key=lambda box: box.p_value):
        inside = _inside(lives, box) & is_free
        if inside.sum() == box.found:
            found.append(_shrink(lives, box, inside))
            is_free &= ~inside
    return found


ROUGH_FACTOR = 3.0
"""How far the first, rough expectation of a box may lie above the true one without a batch being missed: guess."""


def count_tests(params: RentParams) -> float:
    """Boxes of a year, half of each overlapping the next in both directions."""
    total = 0.0
    for width in params.widths:
        for _, days in params.terms:
            reach = 2 * _tolerance(days, params) + width
            total += 2 * YEAR_DAYS / width * reach / width
    return total


def _candidates(lives: Lives, is_free: Flags, params: RentParams, fit: tuple[Floats, Floats, Floats]) -> Iterator[Box]:
    level = params.false_batches / count_tests(params)
    order = np.argsort(lives.placed, kind="stable")
    sorted_placed = lives.placed[order]
    sorted_lost = np.sort(lives.lost[np.isfinite(lives.lost)])
    seen: set[tuple[float, float, float]] = set()
    for index in np.flatnonzero(is_free):
        months = _term_of(lives, int(index), params)
        if months is None:
            continue
        gap = lives.lost[index] - lives.after[index]  # what a round just missed, the next one notices
        for width in params.widths:
            low, high = lives.placed[index] - width / 2, lives.placed[index] + width / 2
            first = lives.lost[index] - width / 2
            last = lives.lost[index] + max(width / 2, gap if gap <= max(params.widths) else 0.0)
            if (low, first, width) in seen:
                continue
            seen.add((low, first, width))
            near = order[np.searchsorted(sorted_placed, low) : np.searchsorted(sorted_placed, high, side="right")]
            count = int(((lives.lost[near] >= first) & (lives.lost[near] <= last)).sum())
            if count < params.least_domains:
                continue
            # A box that cohort and days alone let expect is not looked at closer, for that costs a scan.
            days = np.searchsorted(sorted_lost, last, side="right") - np.searchsorted(sorted_lost, first)
            rough = max(len(near) * float(days) / len(lives.placed) / ROUGH_FACTOR, 1e-6)
            if nbinom.sf(count - 1, rough / (params.dispersion - 1.0), 1.0 / params.dispersion) > level:
                continue
            expected = _expect(lives, (low, high, first, last), params, fit)
            size = expected / (params.dispersion - 1.0)
            p_value = float(nbinom.sf(count - 1, size, 1.0 / params.dispersion))
            if p_value <= level:
                yield Box(low, high, first, last, months, count, expected, p_value)


def _term_of(lives: Lives, index: int, params: RentParams) -> int | None:
    """Months of the term that the life fits, between the last day it stood and the day of loss."""
    least = lives.after[index] - lives.placed[index]
    most = lives.lost[index] - lives.placed[index]
    for months, days in params.terms:
        tolerance = _tolerance(days, params)
        if least <= days + tolerance and most >= days - tolerance:
            return months
    return None


def _tolerance(days: int, params: RentParams) -> float:
    return max(params.least_tolerance, params.tolerance_share * days)


def _expect(
    lives: Lives,
    box: tuple[float, float, float, float],
    params: RentParams,
    fit: tuple[Floats, Floats, Floats],
) -> float:
    """Losses that the box would hold if cohort and day had nothing to do with each other."""
    low, high, first, last = box
    in_cohort = (lives.placed >= low) & (lives.placed <= high)
    in_days = (lives.lost >= first) & (lives.lost <= last)
    inside = in_cohort & in_days
    begins = min(first, float(lives.after[inside].min()))
    rates = _rates_without(lives, inside, params, fit)
    at_risk = (lives.lost >= first) & (lives.placed <= last)
    width = np.clip(last - np.maximum(lives.placed, begins), 0.0, None)
    chance = np.where(at_risk, 1.0 - np.exp(-_rate_at(rates, (begins + last) / 2 - lives.placed) * width), 0.0)
    apart = ~((lives.placed >= low - 15) & (lives.placed <= high + 15))
    of_days = _factor(float((in_days & apart).sum()), float(chance[apart].sum()))
    others = in_cohort & ~inside
    of_cohort = _factor(float(np.isfinite(lives.lost[others]).sum()), _expect_lives(lives, in_cohort, rates))
    return max(float(chance[in_cohort].sum()) * of_days * of_cohort, 1e-6)


def _factor(observed: float, expected: float) -> float:
    return max(1.0, (observed + 0.5) / (expected + 0.5))


def _fit_rates(lives: Lives, params: RentParams) -> tuple[Floats, Floats, Floats]:
    """Losses a day by age (piecewise constant hazard, left truncated where losses begin to be listed)."""
    start = np.maximum(lives.begins - lives.placed, 0.0)
    stop = np.minimum(lives.lost, lives.ends) - lives.placed
    low, high = AGE_EDGES[:-1], AGE_EDGES[1:]
    exposure = np.array(
        [np.clip(np.minimum(stop, top) - np.maximum(start, bottom), 0.0, None).sum()
         for bottom, top in zip(low, high, strict=True)]
    )  # fmt: skip
    ages = (lives.lost - lives.placed)[np.isfinite(lives.lost)]
    events = np.histogram(ages, AGE_EDGES)[0].astype(np.float64)
    return _smooth(events, exposure, params), events, exposure


def _rates_without(lives: Lives, inside: Flags, params: RentParams, fit: tuple[Floats, Floats, Floats]) -> Floats:
    _, events, exposure = fit
    own = np.histogram((lives.lost - lives.placed)[inside], AGE_EDGES)[0]
    return _smooth(events - own, exposure, params)


def _smooth(events: Floats, exposure: Floats, params: RentParams) -> Floats:
    prior = np.where(AGE_EDGES[:-1] < 91, params.early_rate, params.late_rate)
    rates: Floats = (events + prior * params.prior_days) / (exposure + params.prior_days)
    return rates


def _rate_at(rates: Floats, ages: Floats) -> Floats:
    place = np.clip(np.searchsorted(AGE_EDGES, ages, side="right") - 1, 0, len(rates) - 1)
    return rates[place]


def _expect_lives(lives: Lives, chosen: Flags, rates: Floats) -> float:
    """Losses expected of these domains over all days on which losses are listed."""
    start = np.maximum(lives.begins - lives.placed[chosen], 0.0)
    stop = np.minimum(lives.lost[chosen], lives.ends) - lives.placed[chosen]
    total = 0.0
    for rate, bottom, top in zip(rates, AGE_EDGES[:-1], AGE_EDGES[1:], strict=True):
        total += rate * float(np.clip(np.minimum(stop, top) - np.maximum(start, bottom), 0.0, None).sum())
    return total


def _inside(lives: Lives, box: Box) -> Flags:
    return (
        (lives.placed >= box.placed_from)
        & (lives.placed <= box.placed_to)
        & (lives.lost >= box.lost_from)
        & (lives.lost <= box.lost_to)
    )


def _shrink(lives: Lives, box: Box, inside: Flags) -> Box:
    """The same box, no larger than the domains in it."""
    placed, lost = lives.placed[inside], lives.lost[inside]
    return Box(
        float(placed.min()), float(placed.max()), float(lost.min()), float(lost.max()),
        box.months, box.found, box.expected, box.p_value,
    )  # fmt: skip


def _days(values: pd.Series) -> Floats:
    """Days since 1970, NaN for none."""
    stamps = pd.to_datetime(values).to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(stamps), np.nan, stamps.astype(np.float64))
