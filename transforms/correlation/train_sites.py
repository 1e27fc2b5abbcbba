"""The sites of the tests of :mod:`train_tests`, the axis of days they are marked on, and what makes a drop count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import UNKNOWN_DAY, day_numbers
from transforms.correlation.known_events import EventParams, KnownEvent, mark_days
from transforms.correlation.lag_windows import PRIMARY
from transforms.correlation.placebo_draws import Draws, site_numbers, swaps
from transforms.correlation.placebos import Span, read_link_spans

Whole = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class TrainParams:
    """What makes a drop count, and how many placebos there are."""

    answer_days: int = 40
    """Surges up to this many days after a fall may answer it and count for no later drop: a month to notice, order and
    be crawled, and the blur of dates. The benchmark has a world whose owners take up to 60."""
    least_days: int = 90
    """Open days a site needs, as for the placebos of a pair (placebos.py)."""
    least_other_sites: int = 5
    """Other sites a swap needs, as for the placebos of a pair."""
    most_draws: int = 999
    """Placebos of each test: no p below .001, and .05 is known to within .007."""
    least_draws: int = 199
    """Placebos of the largest portfolios: no p below .005, and .05 is known to within .015."""
    most_swaps: int = 2_000_000
    """Sites times draws, where ``least_draws`` allows: what half a minute allows for ten thousand sites."""

    def draws_for(self, site_count: int) -> int:
        """Placebos for a portfolio of so many sites."""
        return max(self.least_draws, min(self.most_draws, self.most_swaps // max(1, site_count)))


@dataclass(frozen=True)
class Sites:
    """Sites with link data, in order of portfolio and name, and the axis of days everything is marked on."""

    names: tuple[str, ...]
    portfolio: Whole
    """Number of the portfolio of each site, from 0, in order. The stage knows one portfolio."""
    axis: Span
    is_covered: Marks
    """Site by day: some of the primary look-back (7 to 45 days before) lies in one of the site's link series."""
    is_masked: Marks
    """Site by day: inside an update, an outage or a data break, margins included."""
    draws: int
    """Placebos of each test."""

    @property
    def day_count(self) -> int:
        """Days of the axis."""
        return self.axis.last - self.axis.first + 1

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each site."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def numbers(self) -> Draws:
        """What the draws of each site are mixed from."""
        return site_numbers(self.names)

    @cached_property
    def swaps(self) -> NDArray[np.int32]:
        """Site by draw: the site whose surges take the place of the site's own, in the same portfolio."""
        return swaps(self.numbers, self.portfolio, self.draws)


def mark_ranges(rows: Whole, firsts: Whole, lasts: Whole, shape: tuple[int, int]) -> Marks:
    """Row by day: whether one of the ranges ``firsts`` to ``lasts`` (both included, clipped to the axis) covers it."""
    starts, stops = np.clip(firsts, 0, shape[1]), np.clip(lasts + 1, 0, shape[1])
    is_range = starts < stops
    width = shape[1] + 1
    opened = np.bincount(rows[is_range] * width + starts[is_range], minlength=shape[0] * width)
    closed = np.bincount(rows[is_range] * width + stops[is_range], minlength=shape[0] * width)
    return np.asarray(np.cumsum((opened - closed).astype(np.int16).reshape(shape[0], width), axis=1)[:, :-1] > 0)


def read_sites(
    link_series: pd.DataFrame,
    axis: Span,
    events: Sequence[KnownEvent],
    event_params: EventParams,
    params: TrainParams,
    portfolios: Mapping[str, int] | None = None,
) -> Sites:
    """The sites of ``surges.assessed_series`` with a tested link series; ``portfolios`` by name, default all in one."""
    spans = read_link_spans(link_series)
    named = portfolios or {}
    names = sorted(spans, key=lambda name: (named.get(name, 0), name))
    rows = {name: row for row, name in enumerate(names)}
    flat = np.array([(rows[n], span.first, span.last) for n in names for span in spans[n]], np.int64).reshape(-1, 3)
    day_count = axis.last - axis.first + 1
    opens, closes = flat[:, 1] + PRIMARY.first_day - axis.first, flat[:, 2] + PRIMARY.last_day - axis.first
    covered = mark_ranges(flat[:, 0], opens, closes, (len(names), day_count))
    for_all, per_site = mark_days(events, axis.first, day_count, event_params)
    masked = np.broadcast_to(for_all, covered.shape).copy()
    for name, days in per_site.items():
        if name in rows:
            masked[rows[name]] = days
    portfolio = np.array([named.get(name, 0) for name in names], dtype=np.int64)
    draws = params.draws_for(int(np.bincount(portfolio).max(initial=0)))
    return Sites(tuple(names), portfolio, axis, covered, masked, draws)


def read_axis(assessed_series: pd.DataFrame) -> Span:
    """First to last day on which drops of anything were tested; one day where none were."""
    tested = assessed_series[assessed_series["status"] == "tested"]
    firsts, lasts = day_numbers(tested["tested_from_on"]), day_numbers(tested["tested_until_on"])
    known = (firsts != UNKNOWN_DAY) & (lasts != UNKNOWN_DAY)
    return Span(int(firsts[known].min()), int(lasts[known].max())) if known.any() else Span(0, 0)
