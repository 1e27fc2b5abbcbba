"""Earlier drops of whole sites that count: confirmed, at least a seventh deep, one fall once whoever saw it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNKNOWN_DAY = np.iinfo(np.int64).min
"""What a null date becomes."""


@dataclass(frozen=True, kw_only=True)
class FallParams:
    """What counts as a drop of a site."""

    least_depth: float = 0.15
    """Least share of visibility lost: shallower ones are hard to tell from noise, and nobody is told of them."""
    same_fall_days: int = 14
    """Starts of two providers at most this many days apart are one fall: each dates it to a week or so."""


@dataclass(frozen=True)
class Falls:
    """The falls of one site, by day."""

    starts: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """First days, as day numbers."""
    links: Floats = field(default_factory=lambda: np.empty(0))
    """Probability that the links explain each."""

    def between(self, after: int, until: int) -> NDArray[np.bool_]:
        """Which began after the first day and not later than the last."""
        chosen: NDArray[np.bool_] = (self.starts > after) & (self.starts <= until)
        return chosen


NO_FALLS = Falls()


def day_number(day: datetime.date) -> int:
    """A date as days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def day_numbers(dates: pd.Series) -> Ints:
    """Dates as days since 1970-01-01; null becomes :data:`UNKNOWN_DAY`."""
    return pd.to_datetime(dates).to_numpy(dtype="datetime64[D]").astype(np.int64)


def confirmed_drops(ranking_drops: pd.DataFrame, params: FallParams) -> pd.DataFrame:
    """Drops of whole sites that are confirmed, no longer provisional and deep enough."""
    is_deep = ranking_drops["depth_share"].astype("float64") >= params.least_depth
    is_settled = ~ranking_drops["is_provisional"].fillna(False).astype(bool)
    return ranking_drops[(ranking_drops["segment"] == "site") & is_confirmed(ranking_drops) & is_deep & is_settled]


def is_confirmed(ranking_drops: pd.DataFrame) -> pd.Series:
    """Which drops pass the control of false discoveries over sites and segments; all where nobody judged it."""
    if "is_confirmed" not in ranking_drops:
        return pd.Series(True, index=ranking_drops.index)
    return ranking_drops["is_confirmed"].fillna(True).astype(bool)


def read_falls(ranking_drops: pd.DataFrame, drop_causes: pd.DataFrame, params: FallParams) -> dict[str, Falls]:
    """Falls by site, from ``drops.ranking_drops`` and the probability of links in ``correlation.drop_causes``."""
    drops = confirmed_drops(ranking_drops, params)
    blamed = drop_causes[drop_causes["cause"] == "links"]
    probability: Mapping[str, float] = dict(
        zip(blamed["drop_id"].astype(str), blamed["probability"].astype("float64"), strict=True)
    )
    seen: dict[str, list[tuple[int, float]]] = {}
    for site, drop_id, start in zip(
        drops["site_domain"].astype(str), drops["drop_id"].astype(str), day_numbers(drops["starts_on"]), strict=True
    ):
        seen.setdefault(site, []).append((int(start), float(probability.get(drop_id, 0.0))))
    return {site: _merge(sorted(starts), params) for site, starts in sorted(seen.items())}


def _merge(seen: list[tuple[int, float]], params: FallParams) -> Falls:
    """Starts near one another are one fall, dated by the first; the links explain it as well as any provider says."""
    merged: list[tuple[int, float]] = []
    for start, links in seen:
        if merged and start - merged[-1][0] <= params.same_fall_days:
            merged[-1] = (merged[-1][0], max(merged[-1][1], links))
        else:
            merged.append((start, links))
    return Falls(np.array([start for start, _ in merged], dtype=np.int64), np.array([links for _, links in merged]))


def observed_spans(assessed_series: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """First and last day (numbers) on which drops of the whole site could be found, by site; gaps are not looked at."""
    tested = assessed_series[
        (assessed_series["status"] == "tested")
        & (assessed_series["segment"] == "site")
        & assessed_series["tested_until_on"].notna()
    ]
    spans: dict[str, tuple[int, int]] = {}
    for site, first, last in zip(
        tested["site_domain"].astype(str),
        day_numbers(tested["tested_from_on"]),
        day_numbers(tested["tested_until_on"]),
        strict=True,
    ):
        known = spans.get(site, (int(first), int(last)))
        spans[site] = (min(known[0], int(first)), max(known[1], int(last)))
    return spans
