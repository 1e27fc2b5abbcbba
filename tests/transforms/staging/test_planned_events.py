"""staging.planned_events: what begins after the day, as far as it was written down by it."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make


@pytest.fixture
def calendar(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    fill(
        warehouse,
        "staging.event_observations",
        """
        file_id | observed_on | event_id | kind        | site_domain  | name | starts_on
        old     | 2026-06-01  | move     | site_change | kaas.example | move | 2026-08-01
        old     | 2026-06-01  | shop     | site_change | kaas.example | shop | 2026-09-01
        new     | 2026-06-20  | move2    | site_change | kaas.example | move | 2026-08-15
        new     | 2026-06-20  | menu     | site_change | kaas.example | menu | 2026-06-10
        """,
        source="noted by the team",
    )
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | exported_on | superseded_by\n old | 2026-06-01 | new\n new | 2026-06-20 | -".replace("| -", "|"),
    )
    return warehouse


def test_a_plan_counts_until_the_list_that_changed_it_was_written(calendar: duckdb.DuckDBPyConnection) -> None:
    make(calendar, "staging.planned_events", as_of="2026-06-10")
    check(calendar, "staging.planned_events", "event_id | starts_on\n move | 2026-08-01\n shop | 2026-09-01")
    make(calendar, "staging.planned_events", as_of="2026-06-20")
    check(calendar, "staging.planned_events", "event_id | starts_on\n move2 | 2026-08-15")


def test_a_plan_is_not_known_before_it_was_written_nor_a_plan_once_it_began(
    calendar: duckdb.DuckDBPyConnection,
) -> None:
    for day in ("2026-05-31", "2026-08-15"):
        make(calendar, "staging.planned_events", as_of=day)
        assert calendar.execute("SELECT count(*) FROM staging.planned_events").fetchall() == [(0,)]
