"""Earlier ranking drops of whole sites: confirmed, at least a seventh deep, one fall once whoever saw it.

A fall of the measuring (a tracker's gap, a break in the data), of demand or of the server is no ranking drop: it says
nothing about the next one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNKNOWN_DAY = np.iinfo(np.int64).min
"""What a null date becomes."""


RANKING_CAUSES = ("links", "update", "site_change", "unknown")
"""Causes by which a site loses positions; the others move what is measured, asked for or shown."""


@dataclass(frozen=True, kw_only=True)
class FallParams:
    """What counts as a drop of a site."""

    least_depth: float = 0.15
    """Least share of visibility lost: shallower ones are hard to tell from noise, and nobody is told of them."""
    least_ranking: float = 0.5
    """Least probability of the causes in RANKING_CAUSES together: below it something else is the better explanation."""
    same_fall_days: int = 14
    """Starts of two providers at most this many days apart are one fall: each dates it to a week or so."""


@dataclass(frozen=True)
class Falls:
    """The falls of one site, by day."""

    starts: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """First days, as day numbers."""
    links: Floats = field(default_factory=lambda: np.empty(0))
    """Probability that the links explain each."""
    others: Floats = field(default_factory=lambda: np.empty(0))
    """Probability that each is a ranking drop by another cause."""

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
    is_settled = ~ranking_drops["is_provisional"].astype("boolean").fillna(False).astype(bool)
    return ranking_drops[(ranking_drops["segment"] == "site") & is_confirmed(ranking_drops) & is_deep & is_settled]


def is_confirmed(ranking_drops: pd.DataFrame) -> pd.Series:
    """Which drops pass the control of false discoveries over sites and segments; null counts as confirmed."""
    return ranking_drops["is_confirmed"].astype("boolean").fillna(True).astype(bool)


def read_falls(ranking_drops: pd.DataFrame, drop_causes: pd.DataFrame, params: FallParams) -> dict[str, Falls]:
    """Falls by site, from ``drops.ranking_drops`` and the probability of links in ``correlation.drop_causes``."""
    drops = confirmed_drops(ranking_drops, params)
    links = _probability_of(drop_causes, ("links",))
    ranking = _probability_of(drop_causes, RANKING_CAUSES)
    seen: dict[str, list[tuple[int, float, float]]] = {}
    for site, drop_id, start in zip(
        drops["site_domain"].astype(str), drops["drop_id"].astype(str), day_numbers(drops["starts_on"]), strict=True
    ):
        of_links, of_ranking = links.get(drop_id, 0.0), ranking.get(drop_id, 1.0)
        if of_ranking >= params.least_ranking:
            seen.setdefault(site, []).append((int(start), of_links, max(0.0, of_ranking - of_links)))
    return {site: _merge(sorted(starts), params) for site, starts in sorted(seen.items())}


def _probability_of(drop_causes: pd.DataFrame, causes: tuple[str, ...]) -> dict[str, float]:
    """Probability of the causes together, by drop."""
    chosen = drop_causes[drop_causes["cause"].isin(list(causes))].sort_values(["drop_id", "cause"])
    sums = chosen["probability"].astype("float64").groupby(chosen["drop_id"].astype(str)).sum()
    return {str(drop_id): float(probability) for drop_id, probability in sums.items()}


def _merge(seen: list[tuple[int, float, float]], params: FallParams) -> Falls:
    """Starts near one another are one fall, dated by the first; the links explain it as well as any provider says."""
    merged: list[tuple[int, float, float]] = []
    for fall in seen:
        if merged and fall[0] - merged[-1][0] <= params.same_fall_days:
            first = merged[-1][0]
            merged[-1] = (first, *max(merged[-1][1:], fall[1:]))
        else:
            merged.append(fall)
    starts, links, others = zip(*merged, strict=True)
    return Falls(np.array(starts, dtype=np.int64), np.array(links), np.array(others))


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
