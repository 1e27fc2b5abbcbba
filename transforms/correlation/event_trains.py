"""Surges and drops of many sites as trains on one axis of days, for the tests of :mod:`train_tests`.

What counts, and on which days it could have counted, is decided here and nowhere else:

- *One provider.* A site's drops of a kind of segment are those of the provider that tested it on most days.
- *The fall before.* Owners buy links because they fell, and a relapse then follows these links without coming of them.
  So a surge counts for a drop only when it began more than :data:`REVERSE_DAYS` after the site's fall before; drops of
  one fall, nearer to each other than that, count once.
- *Open days.* A drop could have been counted on a day on which drops were tested, some of the primary look-back lies in
  a link series, and no known event stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.correlation.days import UNKNOWN_DAY, day_numbers
from transforms.correlation.findings import Surge
from transforms.correlation.known_events import EventParams, KnownEvent, mark_days
from transforms.correlation.lag_windows import EARLY, LATE, LONGEST_LAG_DAYS, PRIMARY
from transforms.correlation.placebo_draws import Draws, site_numbers, swaps
from transforms.correlation.placebos import Span, read_link_spans

Whole = NDArray[np.int64]
Marks = NDArray[np.bool_]
Lags = NDArray[np.uint8]
Numbers = NDArray[np.float64]

REVERSE_DAYS = 45
"""A surge up to this many days after a drop may answer it: the primary lag window mirrored."""

ANY = "any"
"""The three declared windows together: a surge 1 to 180 days before."""
REVERSE = "-45--1"
"""The reverse test: a surge 1 to 45 days after the drop."""
LAGS: Mapping[str, tuple[int, int]] = {
    **{window.name: (window.first_day, window.last_day) for window in (EARLY, PRIMARY, LATE)},
    ANY: (1, LONGEST_LAG_DAYS),
    REVERSE: (-REVERSE_DAYS, -1),
}
"""First and last lag (days from surge to drop) of each window tested, whole: they overlap. The last axis of arrays."""
_NEVER = 255
"""Lag of no surge, and of one too long ago to count."""


@dataclass(frozen=True, kw_only=True)
class TrainParams:
    """What makes a drop count, and how many placebos there are."""

    least_days: int = 90
    """Open days a site needs, as for the placebos of a pair (placebos.py)."""
    least_other_sites: int = 5
    """Other sites a swap needs, as for the placebos of a pair."""
    draws: int = 999
    """Placebos of a pooled test: no p below .001, and .05 is known to within .007."""


@dataclass(frozen=True)
class Sites:
    """Sites with link data, in order of portfolio and name, and the axis of days everything is marked on."""

    names: tuple[str, ...]
    portfolio: Whole
    """Number of the portfolio of each site, from 0, in order. The stage knows one portfolio."""
    axis: Span
    is_covered: Marks
    """Site by day: some of the primary look-back lies in one of the site's link series, all of it after the start."""
    is_masked: Marks
    """Site by day: inside an update, an outage or a data break, margins included."""
    draws: int

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
        """Draw by site: the site whose surges take the place of the site's own, in the same portfolio."""
        return swaps(self.numbers, self.portfolio, self.draws)


@dataclass(frozen=True)
class DropTrains:
    """The counted drops of one kind of segment, by site and day, and the days on which they could have come."""

    site: Whole
    day: Whole
    """Row of the site and day of the axis of each counted drop."""
    reach: Lags
    """Drop by window: the longest lag that counts, 0 where none does because the fall before is too near."""
    is_open: Marks
    """Site by day; no day of a site that is not tested."""


@dataclass(frozen=True)
class SurgeTrains:
    """The surges of one group of origins, as what a drop on each day would find before it."""

    nearest: Lags
    """Site by day by window: the shortest lag to a surge that the window's first lag allows, 255 without one."""
    rarity: Numbers
    """Site by window: share of the site's days with link data on which a drop would find no surge in the window."""
    surge_count: Whole
    """Surges of each site that began on the axis or up to 180 days before it."""


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
    reach = PRIMARY.last_day - axis.first
    covered = mark_ranges(flat[:, 0], flat[:, 1] + reach, flat[:, 2] + reach, (len(names), day_count))
    for_all, per_site = mark_days(events, axis.first, day_count, event_params)
    masked = np.broadcast_to(for_all, covered.shape).copy()
    for name, days in per_site.items():
        if name in rows:
            masked[rows[name]] = days
    portfolio = np.array([named.get(name, 0) for name in names], dtype=np.int64)
    return Sites(tuple(names), portfolio, axis, covered, masked, params.draws)


def read_surge_trains(surges: Sequence[Surge], sites: Sites) -> SurgeTrains:
    """The surges, those of one group, as trains; surges of sites without a link series are left out."""
    known = [surge for surge in surges if surge.site_domain in sites.rows]
    rows = np.array([sites.rows[surge.site_domain] for surge in known], dtype=np.int64)
    places = np.array([surge.starts for surge in known], dtype=np.int64) - sites.axis.first + LONGEST_LAG_DAYS
    days = sites.day_count + LONGEST_LAG_DAYS + REVERSE_DAYS
    is_near = (places >= 0) & (places < days)
    latest = np.full((len(sites.names), days), -LONGEST_LAG_DAYS, dtype=np.int16)
    latest[rows[is_near], places[is_near]] = places[is_near]
    np.maximum.accumulate(latest, axis=1, out=latest)
    nearest = np.full((*sites.is_covered.shape, len(LAGS)), _NEVER, dtype=np.uint8)
    rarity = np.ones((len(sites.names), len(LAGS)))
    today = np.arange(LONGEST_LAG_DAYS, LONGEST_LAG_DAYS + sites.day_count, dtype=np.int16)
    covered = np.maximum(1, sites.is_covered.sum(axis=1))
    for place, (first, last) in enumerate(LAGS.values()):
        lags = today - latest[:, today - first]
        if first < 0:  # the surge nearest to the end of the window after the drop
            lags = np.where(lags < 0, -lags, _NEVER)
        nearest[:, :, place] = np.minimum(lags, _NEVER)
        rarity[:, place] = 1 - ((lags <= abs(last if first > 0 else first)) & sites.is_covered).sum(axis=1) / covered
    return SurgeTrains(nearest, rarity, np.bincount(rows[is_near], minlength=len(sites.names)))


def kinds_of(segments: pd.Series) -> pd.Series:
    """The kind of each segment: what stands before the colon (``page`` of ``page:/a/``); ``site`` is its own kind."""
    return segments.astype(str).str.partition(":")[0]


def read_axis(assessed_series: pd.DataFrame) -> Span:
    """First to last day on which drops of anything were tested; one day where none were."""
    tested = assessed_series[assessed_series["status"] == "tested"]
    firsts, lasts = day_numbers(tested["tested_from_on"]), day_numbers(tested["tested_until_on"])
    known = (firsts != UNKNOWN_DAY) & (lasts != UNKNOWN_DAY)
    return Span(int(firsts[known].min()), int(lasts[known].max())) if known.any() else Span(0, 0)


def read_drop_trains(
    ranking_drops: pd.DataFrame, assessed_series: pd.DataFrame, kind: str, sites: Sites, params: TrainParams
) -> DropTrains:
    """The counted drops of a kind of segment; see the head of this module for what counts."""
    shape = sites.is_covered.shape
    tested = _chosen_series(assessed_series, kind, sites)
    is_open = mark_ranges(tested["row"].to_numpy(), tested["first"].to_numpy(), tested["last"].to_numpy(), shape)
    is_open &= sites.is_covered & ~sites.is_masked
    is_open[is_open.sum(axis=1) < params.least_days] = False
    provider_of = tested.drop_duplicates("row").set_index("row")["provider"]
    drops = _drops_of(ranking_drops, kind, sites, provider_of)
    site, day = drops["row"].to_numpy(), drops["day"].to_numpy()
    since = np.full(len(day), np.iinfo(np.int32).max, dtype=np.int64)
    since[1:] = np.where(site[1:] == site[:-1], day[1:] - day[:-1], since[1:])
    reach = _reach(since - REVERSE_DAYS - 1)
    counted = drops["is_counted"].to_numpy() & (day >= 0) & (day < shape[1]) & reach.any(axis=1)
    counted[counted] = is_open[site[counted], day[counted]]
    return DropTrains(site[counted], day[counted], reach[counted], is_open)


def _reach(longest: Whole) -> Lags:
    """Longest lag of each window that counts for drops whose surges must not lie more than ``longest`` days before."""
    reach = np.zeros((len(longest), len(LAGS)), dtype=np.uint8)
    for place, (first, last) in enumerate(LAGS.values()):
        allowed = np.minimum(last, longest) if first > 0 else np.where(longest >= 0, -first, 0)
        reach[:, place] = np.where(allowed >= first, np.maximum(allowed, 0), 0)
    return reach


def _chosen_series(assessed_series: pd.DataFrame, kind: str, sites: Sites) -> pd.DataFrame:
    """Row, provider, first and last tested day of the axis of each series of the kind, of one provider per site."""
    is_used = (assessed_series["status"] == "tested") & (kinds_of(assessed_series["segment"]) == kind)
    is_used &= assessed_series["site_domain"].isin(sites.rows)
    series = assessed_series.loc[is_used]
    first, last = day_numbers(series["tested_from_on"]), day_numbers(series["tested_until_on"])
    chosen = pd.DataFrame(
        {
            "row": series["site_domain"].astype(str).map(sites.rows).to_numpy(dtype=np.int64),
            "provider": series["provider"].astype(str).to_numpy(),
            "first": first - sites.axis.first,
            "last": last - sites.axis.first,
        }
    )[(first != UNKNOWN_DAY) & (last != UNKNOWN_DAY)]
    hull = chosen.groupby(["row", "provider"], as_index=False).agg(first=("first", "min"), last=("last", "max"))
    hull["days"] = hull["last"] - hull["first"]
    best = hull.sort_values(["row", "days", "provider"], ascending=[True, False, True]).drop_duplicates("row")
    return chosen.merge(best[["row", "provider"]], on=["row", "provider"]).sort_values(["row", "first", "last"])


def _drops_of(ranking_drops: pd.DataFrame, kind: str, sites: Sites, provider_of: pd.Series) -> pd.DataFrame:
    """Row, day and is_counted of the drops of the kind and of the whole site, seen by the site's chosen provider.

    A drop of a segment that is part of the site's own is the site's, and never counted as the segment's. By row and
    day; on one day the site's own first, so that a segment that fell with it comes after it.
    """
    kinds = kinds_of(ranking_drops["segment"])
    rows = ranking_drops["site_domain"].astype(str).map(sites.rows)
    is_used = kinds.isin({kind, "site"}) & rows.notna() & ~ranking_drops["is_provisional"].astype(bool)
    is_used &= rows.map(provider_of) == ranking_drops["provider"].astype(str)
    stands_alone = kinds == kind
    if "part_of_drop_id" in ranking_drops:
        stands_alone &= ranking_drops["part_of_drop_id"].isna()
    days = day_numbers(ranking_drops["starts_on"]) - sites.axis.first
    drops = pd.DataFrame({"row": rows, "day": days, "is_counted": stands_alone})[is_used].astype({"row": "int64"})
    return drops.sort_values(["row", "day", "is_counted"]).reset_index(drop=True)
