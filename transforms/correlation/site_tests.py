"""Makes ``correlation.site_tests``: the tests of ``portfolio_tests`` for one site alone, drops of the whole site.

A site has few drops, so its tests can hardly show anything: ``least_p`` is the smallest p it could have shown. They are
there to be read beside the pool, never instead of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.correlation.portfolio_tests import DEFAULTS, READS, Params, as_frame, figures_of, read_trains
from transforms.correlation.train_tests import TESTED, judge_sites
from transforms.schemas import table

__all__ = ["READS", "build"]


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = DEFAULTS) -> pd.DataFrame:
    """One row per site with a counted drop and a surge of the group, group of origins and window, in this order."""
    rows: list[dict[str, object]] = []
    for trains in read_trains(tables, ["site"], params):
        has_surge = np.flatnonzero(trains.surges.surge_count)
        drops = trains.drops.of_sites(has_surge)
        if not len(drops.site):
            continue
        result = judge_sites(drops, trains.surges, params.trains)
        rows += [
            {
                "site_domain": trains.sites.names[row],
                "origin_group": trains.origin_group,
                "lag_window": window,
                "surge_count": int(trains.surges.surge_count[row]),
                "drop_count": int(result.drops[unit, place]),
                **figures_of(result, unit, place),
                "least_p": float(result.least_p[unit, place]),
            }
            for unit, row in enumerate(result.unit)
            for place, window in enumerate(TESTED)
        ]
    rows.sort(key=lambda row: str(row["site_domain"]))
    return as_frame(rows, as_of, table("correlation.site_tests"))
