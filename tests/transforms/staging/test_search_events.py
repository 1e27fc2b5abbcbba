"""staging.search_events: what had begun by the day, and what of it had ended."""

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
        file_id | observed_on | event_id | site_domain  | name    | starts_on  | ends_on
        c1      | 2026-06-10  | core     |              | core    | 2026-06-10 | 2026-06-20
        c1      | 2026-07-10  | spam     |              | spam    | 2026-07-10 | 2026-07-12
        c9      | 2026-06-03  | outage   | kaas.example | typo    | 2026-06-03 |
        c2      | 2026-06-01  | outage   | kaas.example | outage  | 2026-06-01 | 2026-06-02
        """,
        kind="update",
        source="dashboard",
    )
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | exported_on\n c1 | 2026-09-01\n c9 | 2026-09-01\n c2 | 2026-09-02",
    )
    return warehouse


def test_an_event_is_known_from_its_first_day_and_its_end_only_after_it(
    calendar: duckdb.DuckDBPyConnection,
) -> None:
    make(calendar, "staging.search_events", as_of="2026-06-15")
    check(
        calendar,
        "staging.search_events",
        """
        event_id | site_domain  | name   | starts_on  | ends_on
        core     |              | core   | 2026-06-10 |
        outage   | kaas.example | outage | 2026-06-01 | 2026-06-02
        """,
    )


def test_on_its_last_day_the_end_is_known(calendar: duckdb.DuckDBPyConnection) -> None:
    make(calendar, "staging.search_events", as_of="2026-06-20")
    check(
        calendar,
        "staging.search_events",
        "event_id | ends_on\n core | 2026-06-20\n outage | 2026-06-02",
    )


def test_a_newer_list_of_first_days_takes_no_end_away(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.event_observations",
        """
        file_id | observed_on | event_id | name         | starts_on  | ends_on
        c1      | 2026-06-10  | core     | core         | 2026-06-10 | 2026-06-20
        c2      | 2026-06-10  | core     | Core update  | 2026-06-10 |
        c1      | 2026-07-10  | spam     | spam         | 2026-07-10 | 2026-07-12
        c2      | 2026-07-15  | spam     | spam, late   | 2026-07-15 |
        """,
        kind="update",
        source="dashboard",
    )
    fill(warehouse, "ingest.export_files", "file_id | exported_on\n c1 | 2026-09-01\n c2 | 2026-09-02")
    make(warehouse, "staging.search_events", as_of="2026-09-30")
    check(
        warehouse,
        "staging.search_events",
        """
        event_id | name        | starts_on  | ends_on
        core     | Core update | 2026-06-10 | 2026-06-20
        spam     | spam, late  | 2026-07-15 |
        """,
    )
