"""How much of each year the listed search updates cover: the base rate behind the weight of an update."""

from __future__ import annotations

import datetime
from importlib.resources import files

import pandas as pd

from transforms.correlation.days import day_number
from transforms.correlation.known_events import EventParams, mark_days, read_events

FIRST_YEAR = 2022
"""The first whole year whose updates have checked last days (transforms/ingest/calendar/README.md)."""


def update_cover(params: EventParams | None = None) -> dict[int, float]:
    """Share of the days of each whole year inside the window of an update of the shipped calendar, 0 to 1.

    The window is the one correlation uses: by default two days before the start to seven after the end. The year of
    the newest event is left out, because it is not over.
    """
    chosen = params or EventParams()
    with files("transforms.ingest").joinpath("calendar/search_updates.csv").open(encoding="utf-8") as calendar:
        listed = pd.read_csv(calendar)
    updates = read_events(listed[listed["kind"] == "update"], chosen)
    newest = pd.to_datetime(listed["starts_on"]).dt.year.max()
    cover = {}
    for year in range(FIRST_YEAR, int(newest)):
        first, after = (day_number(datetime.date(start, 1, 1)) for start in (year, year + 1))
        covered, _ = mark_days(updates, first, after - first, chosen)
        cover[year] = float(covered.mean())
    return cover
