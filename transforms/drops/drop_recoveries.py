"""Makes ``drops.drop_recoveries``: how far every listed drop has come back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.drops.daily_visibility import BLOCK, KEYS, index_visibility
from transforms.drops.levels import RunningLevel
from transforms.drops.noise import log_visibility
from transforms.drops.ranking_drops import Params
from transforms.drops.windows import sum_levels

READS: tuple[str, ...] = ("signals.visibility", "staging.search_events", "drops.ranking_drops")

COLUMNS = [
    "as_of", "drop_id", *KEYS, "segment_kind", "recovered_on", "recovery_days", "regained_share", "level_now",
    "best_level", "best_until_on",
]  # fmt: skip


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),  # noqa: B008
) -> pd.DataFrame:
    """One row per drop of the night, all declared columns, sorted as there; levels are null where too little is known.

    Levels are geometric means of 28 days (fewer at first), weekdays even, as those of the drops themselves.
    """
    drops = tables["drops.ranking_drops"].reset_index(drop=True)
    index = index_visibility(tables, as_of, params.detection.series)
    number = drops[KEYS].merge(index.keys[KEYS].assign(number=np.arange(len(index.keys))), on=KEYS, how="left")[
        "number"
    ]
    rows, at = np.unique(number.to_numpy(dtype=np.int64), return_inverse=True)
    series = index.lay_out(rows)
    known, level = sum_levels(log_visibility(series, params.detection.noise)[1])
    start = np.searchsorted(index.days, drops["starts_on"].to_numpy().astype("datetime64[D]"))
    now, best = np.full(len(drops), np.nan), np.full(len(drops), np.nan)
    best_on = np.full(len(drops), np.datetime64("NaT", "us"))
    for place in range(len(drops)):
        stop = int((known[at[place]] < known[at[place], -1]).sum()) + 1
        now[place], best[place], last = _levels_since(
            RunningLevel(known[at[place]], level[at[place]]), int(start[place]), min(stop, len(index.days))
        )
        if last >= 0:
            best_on[place] = index.days[last]
    before, after = (drops[name].astype("float64").to_numpy() for name in ("level_before", "level_after"))
    recovered = pd.to_datetime(drops["recovered_on"]).astype("datetime64[us]")
    days = (recovered - pd.to_datetime(drops["starts_on"])).dt.days
    made = drops[["as_of", "drop_id", *KEYS, "segment_kind"]].assign(
        recovered_on=recovered,
        recovery_days=days.astype("Int64"),
        level_now=np.expm1(now),
        best_level=np.expm1(best),
        best_until_on=best_on,
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        made["regained_share"] = np.where(before > after, (np.expm1(now) - after) / (before - after), np.nan)
    return made[COLUMNS]


def _levels_since(running: RunningLevel, start: int, stop: int) -> tuple[float, float, int]:
    """Log level of the last 28 days from ``start`` on, the highest of any 28, and their last column (-1: none)."""
    now = running.mean(max(start, stop - BLOCK), stop)
    means = running.moving(start, min(BLOCK, max(stop - start, 1)), stop)
    if not len(means) or np.isnan(means).all():
        return now, float("nan"), -1
    highest = int(np.nanargmax(means))
    return now, float(means[highest]), min(start + highest + BLOCK, stop) - 1
