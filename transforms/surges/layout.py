"""All series of a run as sparse counts, from which any of them are laid out as dense arrays."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.findings.calibration import MONDAY
from transforms.surges.count_series import (
    KEYS,
    WEEK,
    CountSeries,
    Floats,
    Ints,
    SeriesParams,
    cut_rows,
    find_rows,
    list_series,
)

LAYOUT_READS: tuple[str, ...] = (
    "signals.daily_links",
    "signals.link_series",
    "signals.discovery_lag",
    "signals.shared_sources",
    "ingest.listed_sites",
)
"""Tables a layout is made from."""

LEAST_LISTED = 0.05
"""Smallest share of a day's domains that is believed to be listed already."""


@dataclass(frozen=True)
class Layout:
    """All series with status ``tested`` and their sparse counts, from which any of them are laid out.

    ``keys``   frame of the series, sorted; ``days``, ``tested`` as in :class:`CountSeries`
    ``start``  first entry of each series in ``column`` and ``count``, one more at the end
    ``column`` and ``count`` the days with new domains and how many; ``shared`` how many of them were new to another
               site on that day too
    ``owner``  of each series' site: a number, the same for sites of one owner
    ``decay``  daily rate at which each series loses what its export no longer lists, per series
    ``listed`` share of a day's domains that an export lists so many days later, series × days of age
    """

    keys: pd.DataFrame
    days: NDArray[np.datetime64]
    tested: int
    first: Ints
    stop: Ints
    horizon: Ints
    decay: Floats
    start: Ints
    column: Ints
    count: Floats
    shared: Floats
    owner: Ints
    listed: Floats

    def __len__(self) -> int:
        return len(self.keys)

    def lay_out(self, rows: Ints) -> CountSeries:
        """The chosen series as dense arrays, from the week in which the first of them begins."""
        live = self.first[rows][self.stop[rows] > self.first[rows]]
        skipped = int(live.min(initial=len(self.days) - WEEK)) // WEEK * WEEK
        column = np.arange(skipped, len(self.days))
        survival = self._survive(rows, column)
        return CountSeries(
            keys=self.keys.iloc[rows].reset_index(drop=True),
            counts=self._spread_out(self.count, rows, skipped),
            days=self.days[skipped:],
            first=np.maximum(self.first[rows] - skipped, 0),
            stop=np.maximum(self.stop[rows] - skipped, 0),
            tested=max(0, self.tested - skipped),
            exposure=self._list_of(rows, column, survival),
            survival=survival,
            shared=self._spread_out(self.shared, rows, skipped),
            owner=self.owner[rows],
            skipped=skipped,
        )

    def _spread_out(self, values: Floats, rows: Ints, skipped: int) -> Floats:
        """The entries' values where they belong, zero elsewhere: series × columns from ``skipped``."""
        width = len(self.days) - skipped
        lengths = self.start[rows + 1] - self.start[rows]
        entry = np.repeat(self.start[rows] - np.r_[0, lengths.cumsum()[:-1]], lengths) + np.arange(lengths.sum())
        found = values[entry]
        if not found.any():
            return np.zeros((len(rows), width))
        at = np.repeat(np.arange(len(rows)) * width - skipped, lengths) + self.column[entry]
        return np.asarray(np.bincount(at, weights=found, minlength=len(rows) * width).reshape(len(rows), width))

    def _survive(self, rows: Ints, column: Ints) -> Floats:
        """Share of what was new in each column that lived to the day from which losses are listed, series × columns."""
        if not self.decay[rows].any():
            return np.ones((len(rows), len(column)))
        return np.asarray(np.exp(-np.maximum(self.horizon[rows, None] - column, 0) * self.decay[rows, None]))

    def _list_of(self, rows: Ints, column: Ints, survival: Floats) -> Floats:
        """Share of what was new in each column that the export can show, series × columns."""
        if self.listed.shape[1] == 1:
            return survival
        age = np.clip(self.stop[rows, None] - 1 - column, 0, self.listed.shape[1] - 1)
        return np.asarray(survival * np.take_along_axis(self.listed[rows], age, axis=1))

    def shards(self, size: int) -> Iterator[Ints]:
        """Rows of the series, ``size`` at a time; those that began at about the same time together."""
        rows = np.argsort(self.first, kind="stable")
        for begin in range(0, len(self), size):
            yield rows[begin : begin + size]


def make_layout(
    tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: SeriesParams, decay: Mapping[str, float]
) -> Layout:
    """Series with status ``tested``, over the tested days and their warm-up; ``decay`` per provider, 0 if not named."""
    series = list_series(tables, as_of, params)
    series = series[series["status"] == "tested"].reset_index(drop=True)
    # months of slow growth cannot be told from months of survivors where nobody says what was lost
    series["has_losses"] = series["loss_horizon_on"].notna() & series["provider"].isin(list(decay))
    end = np.datetime64(as_of, "D")
    from_tested = end - np.timedelta64(params.tested_days - 1, "D")
    warm = from_tested - np.timedelta64(params.warm_up_weeks * WEEK, "D")
    begin = warm - (warm - MONDAY) % np.timedelta64(WEEK, "D")
    width = -(-(int((end - begin).astype(int)) + 1) // WEEK) * WEEK
    first = _columns(series["starts_on"], begin).clip(0, width)
    stop = (_columns(series["ends_on"], begin) + 1).clip(0, width)
    place, count = _list_counts(tables["signals.daily_links"], series, begin, first, stop, width)
    return Layout(
        keys=series,
        days=begin + np.arange(width),
        tested=int((from_tested - begin).astype(int)),
        first=first,
        stop=stop,
        horizon=_columns(series["loss_horizon_on"].fillna(series["starts_on"]), begin).clip(0, width),
        decay=np.array([decay.get(provider, 0.0) for provider in series["provider"].tolist()], dtype=np.float64),
        start=np.searchsorted(place, width * np.arange(len(series) + 1)),
        column=place % width,
        count=count,
        shared=_count_shared(tables["signals.shared_sources"], series, begin, place, width),
        owner=_number_owners(tables["ingest.listed_sites"], series),
        listed=_listed_shares(tables["signals.discovery_lag"], series),
    )


def _list_counts(
    daily_links: pd.DataFrame, series: pd.DataFrame, begin: np.datetime64, first: Ints, stop: Ints, width: int
) -> tuple[Ints, Floats]:
    """Days with new domains inside the span, sorted: place (row of the series × ``width`` + column) and count."""
    places, counts = [], []
    for links in cut_rows(daily_links):
        row, column = find_rows(links, series, KEYS), _columns(links["day"], begin)
        count = pd.to_numeric(links["new_domain_count"]).to_numpy(dtype=np.float64)
        kept = np.flatnonzero((row >= 0) & (count > 0))
        kept = kept[(column[kept] >= first[row[kept]]) & (column[kept] < stop[row[kept]])]
        places.append(row[kept] * width + column[kept])
        counts.append(count[kept])
    place, listed = np.concatenate(places), np.concatenate(counts)
    if (place[1:] < place[:-1]).any():
        order = np.argsort(place, kind="stable")
        place, listed = place[order], listed[order]
    return place, listed


def _count_shared(
    shared_sources: pd.DataFrame, series: pd.DataFrame, begin: np.datetime64, place: Ints, width: int
) -> Floats:
    """How many of each entry's domains were new to another site on that day too; ``place`` of entries."""
    row, column = find_rows(shared_sources, series, KEYS), _columns(shared_sources["day"], begin)
    known = (row >= 0) & (column >= 0) & (column < width)
    if not known.any():
        return np.zeros(len(place))
    found, count = np.unique(row[known] * width + column[known], return_counts=True)
    return pd.Series(count, index=found).reindex(place).fillna(0.0).to_numpy(dtype=np.float64)


def _number_owners(listed_sites: pd.DataFrame, series: pd.DataFrame) -> Ints:
    """A number for each series' owner; a site whose owner nobody named is its own."""
    named = listed_sites[listed_sites["owner_group"].notna()]
    owner_of = dict(zip(named["site_domain"].tolist(), named["owner_group"].tolist(), strict=True))
    owners = [
        ("owner", owner_of[site]) if site in owner_of else ("site", site) for site in series["site_domain"].tolist()
    ]
    return np.asarray(pd.factorize(pd.Series(owners, dtype=object))[0], dtype=np.int64)


def _listed_shares(lags: pd.DataFrame, series: pd.DataFrame) -> Floats:
    """Share listed by age in days, series × ages; 1 where a site's own exports do not tell, and at the last age.

    What other sites of the provider tell is not used: a site whose links are listed at once would alarm on its newest
    days, held against links that it does not lack.
    """
    lags = lags[~lags["is_pooled"].to_numpy(dtype=bool)]
    if lags.empty:
        return np.ones((len(series), 1))
    keys = ["site_domain", "provider"]
    spans = series[keys].drop_duplicates(ignore_index=True)
    listed = np.ones((len(spans), 2 + int(lags["age_days"].max())))
    row = find_rows(lags, spans, keys)
    age, share = lags["age_days"].to_numpy(dtype=np.int64), lags["listed_share"].to_numpy(dtype=np.float64)
    listed[row[row >= 0], age[row >= 0]] = share[row >= 0].clip(LEAST_LISTED, 1.0)
    return np.asarray(listed[find_rows(series, spans, keys)])


def _columns(dates: pd.Series, begin: np.datetime64) -> Ints:
    return (pd.to_datetime(dates).to_numpy().astype("datetime64[D]") - begin).astype(np.int64)
