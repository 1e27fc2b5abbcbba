"""Google Search Console: answers of the Search Analytics API by day, saved as CSV with a column per dimension."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from penalty_radar.simulation.formats.written import ExportFile

MEASURES = ("clicks", "impressions", "ctr", "position")


def write_days(
    domain: str,
    dimension: str | None,
    values: Sequence[str],
    days: Sequence[datetime.date],
    measured: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]],
    exported_on: datetime.date,
) -> ExportFile:
    """The rows of one dimension by day, days first; what was not shown on a day has no row.

    Args:
        domain: the domain property.
        dimension: ``page``, ``query``, ``country`` or ``device``; None: the whole site.
        values: of the dimension, one per row of the arrays; one empty text for the whole site.
        days: one per column of the arrays.
        measured: clicks, impressions and mean positions, values by days.
        exported_on: the day the answer was saved.
    """
    clicks, impressions, positions = (array.T for array in measured)
    at_day, at_value = np.nonzero(impressions)
    got, shown = clicks[at_day, at_value], impressions[at_day, at_value]
    columns: list[list[object]] = [[days[day].isoformat() for day in at_day.tolist()]]
    if dimension is not None:
        columns.append([values[place] for place in at_value.tolist()])
    columns += [
        got.tolist(),
        shown.tolist(),
        np.round(got / shown, 4).tolist(),
        np.round(positions[at_day, at_value], 2).tolist(),
    ]
    pattern = ",".join(["%s"] * len(columns))
    names = ("date", *((dimension,) if dimension else ()), *MEASURES)
    lines = [",".join(names), *map(pattern.__mod__, zip(*columns, strict=True))]
    asked = "-".join(("date", *((dimension,) if dimension else ())))
    name = f"{domain}-performance.search_console_api.{asked}.{exported_on}.csv"
    return ExportFile(name, ("\n".join(lines) + "\n").encode(), len(lines) - 1, exported_on)
