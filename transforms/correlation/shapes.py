"""What the fall itself looks like: an outage, lower demand, or a changed result page.

A site that search engines push down loses positions. Falls that leave the position alone have other explanations.
Mean position is a weak witness (queries that vanish leave the mean), so these are weights, never proofs.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import day_numbers, iso_day
from transforms.correlation.evidence import Said, said


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
    slack_days: int = 3
    """Days between the dated start and the first day without clicks: drops are dated to a few days."""
    gradual_share: float = 1 / 3
    """Share of the whole fall that had already happened in the last week before the dated start."""
    last_year_share: float = 0.5
    """Last year's fall at the same time, as share of this one, from which it counts as the season."""


@dataclass(frozen=True)
class Series:
    """One site's daily clicks and impressions from ``first_day`` on; a day that no export holds is NaN: unknown."""

    first_day: int
    clicks: NDArray[np.float64]
    impressions: NDArray[np.float64]

    def mean(self, values: NDArray[np.float64], first: int, last: int, least_known_share: float) -> float:
        """Mean of the known days from ``first`` to ``last``.

        NaN unless the series reaches over all of them and holds at least ``least_known_share`` of them.
        """
        start, stop = first - self.first_day, last - self.first_day + 1
        if start < 0 or stop > len(values) or stop <= start:
            return math.nan
        known = values[start:stop][~np.isnan(values[start:stop])]
        return float(known.mean()) if len(known) >= least_known_share * (stop - start) else math.nan


class DailySearch:
    """Daily search performance by site, provider and segment; trackers have no impressions and no series here.

    Only ``sites`` are read: those with a drop to describe.
    """

    def __init__(self, visibility: pd.DataFrame, sites: Collection[str]) -> None:
        counted = visibility[visibility["impressions"].notna() & visibility["site_domain"].isin(sorted(sites))]
        self._series = {
            (str(site), str(provider), str(segment)): _daily(rows)
            for (site, provider, segment), rows in counted.groupby(["site_domain", "provider", "segment"], sort=True)
        }

    def of(self, site_domain: str, provider: str, segment: str) -> Series | None:
        """The series, or None where impressions are not known."""
        return self._series.get((site_domain, provider, segment))


def _daily(rows: pd.DataFrame) -> Series:
    days = day_numbers(rows["day"])
    first = int(days.min())
    clicks, impressions = (np.full(int(days.max()) - first + 1, np.nan) for _ in range(2))
    clicks[days - first] = rows["visibility"].to_numpy(dtype=np.float64, na_value=np.nan)
    impressions[days - first] = rows["impressions"].to_numpy(dtype=np.float64, na_value=np.nan)
    return Series(first, clicks, impressions)


def describe_shape(
    *,
    starts: int,
    impressions_change: float,
    position_change: float,
    click_rate_change: float,
    series: Series | None,
    params: ShapeParams,
) -> Iterator[tuple[str, Said]]:
    """Kinds of circumstance and what to say, for one drop; nothing where the inputs are not known (NaN, None)."""
    if series is not None:
        outage = _outage(starts, series, params)
        if outage is not None:
            yield outage
            return
    is_flat = position_change < params.flat_position
    if is_flat and impressions_change <= -params.notable_share and click_rate_change > -params.notable_share:
        change = round(-impressions_change, 4)
        yield "season.demand", said("shape.demand", share=change, position=round(position_change, 2))
        if series is not None:
            yield from _season(starts, -impressions_change, series, params)
    if is_flat and impressions_change > -params.flat_share and click_rate_change <= -params.notable_share:
        yield "result_page", said("shape.click_rate", share=round(-click_rate_change, 4))


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
    near = np.flatnonzero(is_gone[from_ : from_ + 2 * params.slack_days + 1])
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
