"""Surges and drops of many sites as trains on one axis of days, for the tests of :mod:`train_tests`.

What counts, and on which days it could have counted, is decided here and nowhere else:

- *One provider.* A site's drops of a kind of segment are those of the provider that tested it on most days.
- *The fall before.* Owners buy links because they fell, and a relapse then follows these links without coming of them.
  So a surge counts for a drop only when it began more than ``answer_days`` after the site's fall before; drops of one
  fall, nearer to each other than that, count once.
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
from transforms.correlation.lag_windows import EARLY, LATE, LONGEST_LAG_DAYS, PRIMARY
from transforms.correlation.placebo_draws import SHIFT, below, draw
from transforms.correlation.train_sites import Marks, Sites, TrainParams, Whole, mark_ranges

Days = NDArray[np.int16]
Lags = NDArray[np.uint8]
Scores = NDArray[np.float32]

REVERSE_DAYS = 45
"""Days after a drop in which the reverse test looks for a surge: the primary lag window mirrored."""

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


@dataclass(frozen=True)
class DropTrains:
    """The counted drops of one kind of segment, by site and day, and the days on which they could have come."""

    sites: Sites
    site: Whole
    day: Whole
    """Row of the site and day of the axis of each counted drop."""
    reach: Lags
    """Drop by window: the longest lag that counts, 0 where none does because the fall before is too near."""
    is_open: Marks
    """Site by day; no day of a site that is not tested."""

    @cached_property
    def shifted_days(self) -> Days:
        """Drop by draw: its day with the site's train moved around the circle of open days, gaps and all."""
        rows, days = np.nonzero(self.is_open)
        length = np.bincount(rows, minlength=len(self.is_open)).astype(np.int64)
        first = np.cumsum(length) - length
        place = np.searchsorted(rows * self.sites.day_count + days, self.site * self.sites.day_count + self.day)
        shifts = below(draw(self.sites.numbers[self.site], self.sites.draws, SHIFT), length[self.site])
        place_in_circle = (place - first[self.site])[:, None] + shifts
        place_in_circle %= length[self.site][:, None]
        return np.asarray(days.astype(np.int16)[first[self.site][:, None] + place_in_circle])

    @cached_property
    def swapped_sites(self) -> NDArray[np.int32]:
        """Drop by draw: row of the site whose surges take the place of the site's own."""
        return np.asarray(self.sites.swaps[self.site])

    @cached_property
    def unknown_swaps(self) -> Marks | None:
        """Drop by draw: whether the other site has no link data on the day; None when all have always."""
        is_unknown = ~self.sites.is_covered[self.swapped_sites, self.day[:, None]]
        return is_unknown if is_unknown.any() else None

    def of_sites(self, rows: Whole) -> DropTrains:
        """The same with the drops of some sites only."""
        chosen = np.isin(self.site, rows)
        return DropTrains(self.sites, self.site[chosen], self.day[chosen], self.reach[chosen], self.is_open)


@dataclass(frozen=True)
class SurgeTrains:
    """The surges of one group of origins, as what a drop on each day would find before it."""

    row: Whole
    """Row of each site in the next two; row 0 is that of all sites without a surge."""
    nearest: Lags
    """Row by day by window: the shortest lag to a surge that the window's first lag allows, 255 without one."""
    rarity: Scores
    """Row by window: share of the site's days with link data on which a drop would find no surge in the window."""
    surge_count: Whole
    """Surges of each site that began on the axis, up to 180 days before it or 45 after it."""


def read_surge_trains(surges: Sequence[Surge], sites: Sites) -> SurgeTrains:
    """The surges, those of one group, as trains; surges of sites without a link series are left out."""
    known = [surge for surge in surges if surge.site_domain in sites.rows]
    site = np.array([sites.rows[surge.site_domain] for surge in known], dtype=np.int64)
    place = np.array([surge.starts for surge in known], dtype=np.int64) - sites.axis.first + LONGEST_LAG_DAYS
    is_near = (place >= 0) & (place < sites.day_count + LONGEST_LAG_DAYS + REVERSE_DAYS)
    site, place = site[is_near], place[is_near]
    with_surges = np.unique(site)
    row = np.zeros(len(sites.names), dtype=np.int64)
    row[with_surges] = np.arange(1, len(with_surges) + 1)
    latest = np.full((len(with_surges), sites.day_count + LONGEST_LAG_DAYS + REVERSE_DAYS), -_NEVER, dtype=np.int16)
    latest[row[site] - 1, place] = place
    np.maximum.accumulate(latest, axis=1, out=latest)
    nearest = np.full((len(with_surges) + 1, sites.day_count, len(LAGS)), _NEVER, dtype=np.uint8)
    rarity = np.ones((len(with_surges) + 1, len(LAGS)), dtype=np.float32)
    today = np.arange(LONGEST_LAG_DAYS, LONGEST_LAG_DAYS + sites.day_count, dtype=np.int16)
    covered = sites.is_covered[with_surges]
    days = np.maximum(1, covered.sum(axis=1))
    for window, (first, last) in enumerate(LAGS.values()):
        lags = today - latest[:, LONGEST_LAG_DAYS - first : LONGEST_LAG_DAYS - first + sites.day_count]
        if first < 0:  # the reverse: the last surge until 45 days after the drop, if it is not before it
            lags = np.where(lags < 0, -lags, np.int16(_NEVER))
        nearest[1:, :, window] = np.minimum(lags, _NEVER)
        longest = -first if first < 0 else last
        rarity[1:, window] = 1 - ((lags <= longest) & covered).sum(axis=1) / days
    return SurgeTrains(row, nearest, rarity, np.bincount(site, minlength=len(sites.names)))


def kinds_of(segments: pd.Series) -> pd.Series:
    """The kind of each segment: what stands before the colon (``page`` of ``page:/a/``); ``site`` is its own kind."""
    return segments.astype(str).str.replace(":.*", "", regex=True)


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
    reach = _reach(since - params.answer_days - 1)
    counted = drops["is_counted"].to_numpy() & (day >= 0) & (day < shape[1]) & reach.any(axis=1)
    counted[counted] = is_open[site[counted], day[counted]]
    return DropTrains(sites, site[counted], day[counted], reach[counted], is_open)


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
    of_best = chosen.merge(best[["row", "provider"]], on=["row", "provider"])
    return pd.DataFrame(of_best.sort_values(["row", "first", "last"]))


def _drops_of(ranking_drops: pd.DataFrame, kind: str, sites: Sites, provider_of: pd.Series) -> pd.DataFrame:
    """Row, day and is_counted of the drops of the kind and of the whole site, seen by the site's chosen provider.

    A drop of a segment that is part of the site's own is the site's, and never counted as the segment's. By row and
    day; on one day the site's own first, so that a segment that fell with it comes after it.
    """
    kinds = kinds_of(ranking_drops["segment"])
    rows = ranking_drops["site_domain"].astype(str).map(sites.rows)
    is_used = kinds.isin({kind, "site"}) & rows.notna() & ~ranking_drops["is_provisional"].astype(bool)
    is_used &= rows.map(provider_of) == ranking_drops["provider"].astype(str)
    stands_alone = (kinds == kind) & ranking_drops["part_of_drop_id"].isna()
    days = day_numbers(ranking_drops["starts_on"]) - sites.axis.first
    drops = pd.DataFrame({"row": rows, "day": days, "is_counted": stands_alone})[is_used].astype({"row": "int64"})
    return drops.sort_values(["row", "day", "is_counted"]).reset_index(drop=True)
