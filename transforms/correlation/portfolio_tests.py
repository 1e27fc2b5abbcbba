"""Makes ``correlation.portfolio_tests``: do the portfolio's drops follow surges more often than chance?

One row per group of origins, kind of segment and lag window, all sites pooled; ``natural`` is the negative control and
the window ``-45--1`` the reverse test. What is tested: :mod:`event_trains`; how: :mod:`train_tests`; how often it is
wrong: docs/methods-association.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.correlation.event_trains import (
    DropTrains,
    SurgeTrains,
    kinds_of,
    read_drop_trains,
    read_surge_trains,
)
from transforms.correlation.findings import read_surges
from transforms.correlation.known_events import EventParams, read_events
from transforms.correlation.train_sites import Sites, TrainParams, read_axis, read_sites
from transforms.correlation.train_tests import TESTED, TrainResult, pool_sites
from transforms.schemas import table
from transforms.schemas.table import Table
from transforms.schemas.vocabulary import ORIGIN_GROUPS

READS: tuple[str, ...] = (
    "surges.link_surges",
    "surges.surge_composition",
    "surges.assessed_series",
    "drops.ranking_drops",
    "drops.assessed_series",
    "staging.search_events",
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """Everything that can be set, in the module that uses it."""

    trains: TrainParams = field(default_factory=TrainParams)
    events: EventParams = field(default_factory=EventParams)


DEFAULTS = Params()

_DTYPES = {"VARCHAR": "str", "BIGINT": "int64", "DOUBLE": "Float64"}


@dataclass(frozen=True)
class Trains:
    """The drops of one kind of segment beside the surges of one group of origins."""

    origin_group: str
    segment_kind: str
    sites: Sites
    drops: DropTrains
    surges: SurgeTrains


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = DEFAULTS) -> pd.DataFrame:
    """The pooled tests of the night, by group of origins, kind of segment and window; none without tested rankings.

    p-values are null where no drop could be counted or no surge of the group is known.
    """
    kinds = sorted(set(kinds_of(tables["drops.assessed_series"]["segment"])), key=lambda kind: (kind != "site", kind))
    rows = []
    for trains in read_trains(tables, kinds, params):
        has_both = len(trains.drops.site) > 0 and trains.surges.surge_count.sum() > 0
        result = pool_sites(trains.drops, trains.surges, params.trains) if has_both else None
        tested = trains.drops.is_open.any(axis=1)
        counts = {"site_count": int(tested.sum()), "surge_count": int(trains.surges.surge_count[tested].sum())}
        rows += [counts | figures for figures in _windows(trains, result)]
    return as_frame(rows, as_of, table("correlation.portfolio_tests"))


def read_trains(
    tables: Mapping[str, pd.DataFrame],
    kinds: Iterable[str],
    params: Params = DEFAULTS,
    portfolios: Mapping[str, int] | None = None,
) -> Iterator[Trains]:
    """Every kind's drops beside every group's surges; ``portfolios`` names each site's portfolio, for benchmarks."""
    events = read_events(tables["staging.search_events"], params.events)
    series = tables["drops.assessed_series"]
    axis = read_axis(series)
    sites = read_sites(tables["surges.assessed_series"], axis, events, params.events, params.trains, portfolios)
    surges = read_surges(tables["surges.link_surges"], tables["surges.surge_composition"])
    drops = {
        kind: read_drop_trains(tables["drops.ranking_drops"], series, kind, sites, params.trains) for kind in kinds
    }
    for group in ORIGIN_GROUPS:
        of_group = read_surge_trains([surge for surge in surges if surge.group == group], sites)
        for kind, trains in drops.items():
            yield Trains(group, kind, sites, trains, of_group)


def _windows(trains: Trains, result: TrainResult | None) -> Iterator[dict[str, object]]:
    for place, window in enumerate(TESTED):
        figures: dict[str, object] = {
            "origin_group": trains.origin_group,
            "segment_kind": trains.segment_kind,
            "lag_window": window,
            "drop_count": int((trains.drops.reach[:, place] > 0).sum()),
        }
        yield figures | figures_of(result, 0, place)


def figures_of(result: TrainResult | None, unit: int, place: int) -> dict[str, object]:
    """The columns that say what was seen and what chance gives; counts of 0 and nulls without a result."""
    if result is None:
        return {"observed_count": 0, "expected_count": 0.0} | dict.fromkeys(("p_time_shift", "p_site_swap", "p_larger"))
    return {
        "observed_count": int(result.observed[unit, place]),
        "expected_count": float(result.expected[unit, place]),
        "p_time_shift": float(result.p_time_shift[unit, place]),
        "p_site_swap": float(result.p_site_swap[unit, place]),
        "p_larger": float(result.p_larger[unit, place]),
    }


def as_frame(rows: list[dict[str, object]], as_of: datetime.date, made: Table) -> pd.DataFrame:
    """Rows as a typed frame with the columns of the table, in its order; p-values not known are null."""
    types = {column.name: _DTYPES[column.type] for column in made.columns if column.name != "as_of"}
    frame = pd.DataFrame(rows, columns=list(types)).astype(types)
    frame.insert(0, "as_of", np.full(len(rows), np.datetime64(as_of, "us")))
    return frame
