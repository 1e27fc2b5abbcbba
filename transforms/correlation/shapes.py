"""What the fall itself looks like: an outage, lower demand, or a changed result page.

A site that search engines push down loses positions. Falls that leave the position alone have other explanations.
Mean position is a weak witness (queries that vanish leave the mean), so these are weights, never proofs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import day_numbers, iso_day
from transforms.correlation.evidence import Said, said

Floats = NDArray[np.float64]

Shape = tuple[str, Said, float]
"""Kind of circumstance, what to say, and how much of it there was."""

WEEK = 7

LEAST_CLICKS = 1.0
"""Clicks a day below which a level is no level."""


@dataclass(frozen=True, kw_only=True)
class ShapeParams:
    """Bounds that tell the shapes apart."""

    flat_position: float = 1.0
    """Positions. A mean that worsened by less is flat: the daily residual of real sites has sd 1.8 and more."""
    notable_share: float = 0.15
    """Share. A fall of impressions or click rate from here on is notable; the smallest drop looked for is 15 %."""
    flat_share: float = 0.10
    """Share. A change of impressions smaller than this is flat."""
    baseline_days: int = 28
    """Days of the level before: four whole weeks, so that weekdays cancel."""
    least_known_share: float = 0.75
    """Share of the days of a mean that must be known. With six days of seven or more weekdays still nearly cancel;
    over days no export holds nothing is said."""
    zero_share: float = 0.10
    """Share of the level before. Below it clicks and impressions count as gone, on days that an export holds."""
    back_share: float = 0.60
    """Share of the level before that counts as back."""
    longest_outage_days: int = 60
    """A longer absence is no outage."""
    outage_reach_days: int = 21
    """Days after the dated start within which an absence is looked for: a week without any clicks weighs so much that
    the start of the lower level may be dated weeks before it."""
    slack_days: int = 3
    """Days between the dated start and the first day without clicks: drops are dated to a few days."""
    gradual_share: float = 1 / 3
    """Share of the whole fall that had already happened in the last week before the dated start."""
    last_year_share: float = 0.5
    """Last year's fall at the same time, as share of this one, from which it counts as the season."""
    spared: float = 0.15
    """Log units by which queries without the site's name fell more than those with it, from which the name was spared:
    the smallest drop looked for. People who look for the site find it at any rank."""


@dataclass(frozen=True)
class Series:
    """The days around one drop from ``first_day`` on; a day that no export holds is NaN: unknown.

    ``clicks`` its own series (clicks, or expected clicks of a tracker), ``impressions`` the same (NaN for trackers),
    ``brand`` and ``other`` clicks of queries with and without the site's name.
    """

    first_day: int
    clicks: Floats
    impressions: Floats
    brand: Floats
    other: Floats

    def mean(self, values: Floats, first: int, last: int, least_known_share: float) -> float:
        """Mean of the known days from ``first`` to ``last``.

        NaN unless the series reaches over all of them and holds at least ``least_known_share`` of them.
        """
        start, stop = first - self.first_day, last - self.first_day + 1
        if start < 0 or stop > len(values) or stop <= start:
            return math.nan
        known = values[start:stop][~np.isnan(values[start:stop])]
        return float(known.mean()) if len(known) >= least_known_share * (stop - start) else math.nan

    def change(self, values: Floats, starts: int, params: ShapeParams) -> float:
        """Log of the level after ``starts`` over that before; NaN where one is unknown or not a click a day.

        After it, as many days as there are, a week at least.
        """
        before = self.mean(values, starts - params.baseline_days, starts - 1, params.least_known_share)
        end = self.first_day + len(values) - 1
        last = min(starts + params.baseline_days - 1, end)
        after = self.mean(values, starts, last, params.least_known_share) if last - starts >= WEEK - 1 else math.nan
        return math.log(max(after, LEAST_CLICKS) / before) if before >= LEAST_CLICKS else math.nan


class DropDays:
    """``correlation.drop_days`` by drop."""

    def __init__(self, drop_days: pd.DataFrame) -> None:
        ordered = drop_days.sort_values(["drop_id", "day"], ignore_index=True)
        self._days = day_numbers(ordered["day"])
        names = ("visibility", "impressions", "brand_visibility", "other_visibility")
        self._values = [pd.to_numeric(ordered[name]).to_numpy(dtype=np.float64, na_value=np.nan) for name in names]
        ids, starts = np.unique(ordered["drop_id"].to_numpy(dtype=object).astype(str), return_index=True)
        ends = [*starts[1:], len(ordered)]  # one too many where there is no row
        self._rows = {str(drop_id): slice(start, end) for drop_id, start, end in zip(ids, starts, ends, strict=False)}

    def of(self, drop_id: str) -> Series | None:
        """The days of a drop, or None where it is told with another."""
        rows = self._rows.get(drop_id)
        if rows is None:
            return None
        days = self._days[rows]
        first = int(days[0])
        arrays = np.full((len(self._values), int(days[-1]) - first + 1), np.nan)
        for array, values in zip(arrays, self._values, strict=True):
            array[days - first] = values[rows]
        return Series(first, *arrays)


def describe_shape(
    *,
    starts: int,
    depth: float,
    impressions_change: float,
    position_change: float,
    click_rate_change: float,
    series: Series | None,
    params: ShapeParams,
) -> Iterator[Shape]:
    """Circumstances of one drop; nothing where the inputs are not known (NaN, None)."""
    if series is not None:
        outage = _outage(starts, series, params)
        if outage is not None:
            yield *outage, 1.0
            return
        yield from ((kind, says, 1.0) for kind, says in _brand(starts, series, params))
    if position_change >= params.flat_position:
        yield "position.worse", said("shape.position_worse", position=round(position_change, 2)), 1.0
    if impressions_change > -1.0 and 0.0 < depth < 1.0:
        share = min(1.0, max(0.0, math.log1p(impressions_change) / math.log1p(-depth)))
        yield "fall.demand", said("shape.demand_share", share=round(share, 2)), round(share, 3)
    is_flat = position_change < params.flat_position
    if is_flat and impressions_change <= -params.notable_share and click_rate_change > -params.notable_share:
        change = round(-impressions_change, 4)
        yield "season.demand", said("shape.demand", share=change, position=round(position_change, 2)), 1.0
        if series is not None:
            yield from ((kind, says, 1.0) for kind, says in _season(starts, -impressions_change, series, params))
    if is_flat and impressions_change > -params.flat_share and click_rate_change <= -params.notable_share:
        yield "result_page", said("shape.click_rate", share=round(-click_rate_change, 4)), 1.0


def _brand(starts: int, series: Series, params: ShapeParams) -> Iterator[tuple[str, Said]]:
    """Whether queries with the site's name did better than the others: a loss of rank, not of demand or of the site."""
    with_name, without = (series.change(values, starts, params) for values in (series.brand, series.other))
    if math.isnan(without - with_name):
        return
    fell = [round(1.0 - math.exp(change), 4) for change in (without, with_name)]
    if without - with_name <= -params.spared:
        yield "brand.spared", said("shape.brand_spared", share=fell[0], brand=fell[1])
    else:
        yield "brand.alike", said("shape.brand_alike", share=fell[0], brand=fell[1])


def _outage(starts: int, series: Series, params: ShapeParams) -> tuple[str, Said] | None:
    """Days known to be gone near the start. A day that no export holds is neither gone nor back."""
    least = params.least_known_share
    first_before, last_before = starts - params.baseline_days, starts - 1 - params.slack_days
    clicks_before = series.mean(series.clicks, first_before, last_before, least)
    impressions_before = series.mean(series.impressions, first_before, last_before, least)
    if not (clicks_before > 0 and impressions_before > 0):
        return None
    is_known = ~(np.isnan(series.clicks) | np.isnan(series.impressions))
    is_gone = (series.clicks <= params.zero_share * clicks_before) & (
        series.impressions <= params.zero_share * impressions_before
    )
    from_ = max(0, starts - params.slack_days - series.first_day)
    near = np.flatnonzero(is_gone[from_ : from_ + params.slack_days + params.outage_reach_days + 1])
    if not len(near):
        return None
    first = from_ + int(near[0])
    there = np.flatnonzero(is_known[first:] & ~is_gone[first:])
    if not len(there):
        return "outage.open", said("shape.gone", start=iso_day(series.first_day + first))
    back = first + int(there[0])
    days_gone = int(np.flatnonzero(is_gone[first:back])[-1]) + 1
    week = series.clicks[back : back + 7]
    if back - first <= params.longest_outage_days and np.nanmean(week) >= params.back_share * clicks_before:
        return "outage.seen", said("shape.outage", start=iso_day(series.first_day + first), days=days_gone)
    return None


def _season(starts: int, fall: float, series: Series, params: ShapeParams) -> Iterator[tuple[str, Said]]:
    least = params.least_known_share
    month_before = series.mean(series.impressions, starts - 28, starts - 15, least)
    week_before = series.mean(series.impressions, starts - 7, starts - 1, least)
    if month_before > 0 and (month_before - week_before) / month_before >= params.gradual_share * fall:
        yield "season.gradual", said("shape.gradual")
    year_ago = starts - 364
    before = series.mean(series.impressions, year_ago - 28, year_ago - 1, least)
    after = series.mean(series.impressions, year_ago, year_ago + 27, least)
    if before > 0 and 1 - after / before >= params.last_year_share * fall:
        yield "season.last_year", said("shape.last_year", share=round(1 - after / before, 4))
