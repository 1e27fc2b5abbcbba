"""When a small export is half a delivery, and when it only covers fewer days."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pytest

from expectations.runner import check_stage

OpenWorld = Callable[[Sequence[str]], duckdb.DuckDBPyConnection]
SITE = "feed.example"

# format, (rows, days covered) of the usual exports, the same of the newest one, whether it is held back
FEEDS = {
    "rank tracker: a month, then a day": ("se_ranking_positions", (1500, 30), (50, 1), False),
    "rank tracker: a month of fewer keywords": ("se_ranking_positions", (1500, 30), (90, 30), True),
    "rank tracker: a day of fewer keywords": ("se_ranking_positions", (1500, 30), (3, 1), True),
    "clicks: sixteen months, then 28 days": ("search_console_dates", (486, 486), (28, 28), False),
    "queries: 28 days, then sixteen months": ("search_console_queries", (1000, 28), (900, 486), False),
    "days unknown": ("semrush_organic", (1500, None), (50, None), False),
    "links of a few days only": ("ahrefs_backlinks", (1500, 1500), (50, 30), True),
    "links, days unknown": ("semrush_audit", (1500, None), (50, None), True),
}


@pytest.mark.parametrize(("name", "usual", "newest", "is_held_back"), FEEDS.values(), ids=FEEDS)
def test_an_export_of_fewer_days_has_not_collapsed(
    open_world: OpenWorld,
    as_of: datetime.date,
    name: str,
    usual: tuple[int, int | None],
    newest: tuple[int, int | None],
    is_held_back: bool,
) -> None:
    connection = open_world([SITE])
    for weeks, (rows, days) in enumerate((newest, usual, usual, usual)):
        exported_on = as_of - datetime.timedelta(weeks=weeks)
        values: dict[str, Any] = {
            "id": f"{SITE}-{weeks}",
            "name": name,
            "feed": "backlinks" if "ahrefs" in name or "audit" in name else "rankings",
            "rows": rows,
            "on": exported_on,
            "first": exported_on - datetime.timedelta(days=days - 1) if days else None,
            "last": exported_on if days else None,
        }
        connection.execute(
            "UPDATE ingest.export_files SET format = $name, feed = $feed, row_count = $rows, loaded_count = $rows, "
            "rejected_count = 0, exported_on = $on, first_day_on = $first, last_day_on = $last WHERE file_id = $id",
            values,
        )
    connection.execute("DELETE FROM ingest.rejected_rows")

    result = check_stage(connection, "ingest", as_of=as_of)

    assert ("export_not_collapsed" in " ".join(result.broken)) == is_held_back
    assert (f"{SITE}: export_size_steady" in result.warnings) == (newest[0] < 0.5 * usual[0])
