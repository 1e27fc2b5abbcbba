"""correlation.recovery_events: what happened between the start of a drop and its recovery."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory

DROPS = """
drop_id | site_domain  | starts_on  | recovered_on
back    | kaas.example | 2026-03-01 | 2026-05-01
open    | geit.example | 2026-03-01 |
"""
EVENTS = """
event_id | kind            | site_domain  | name    | starts_on
before   | update          |              | core    | 2026-02-20
core     | update          |              | core    | 2026-04-01
asked    | reconsideration | kaas.example | request | 2026-04-10
after    | disavow         | kaas.example | file    | 2026-05-02
down     | outage          | kaas.example | server  | 2026-03-10
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every declared table, empty."""
    with open_memory() as connection:
        yield connection


def fallen(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    night = {"provider": "search_console", "segment": "site", "as_of": "2026-06-30"}
    fill(warehouse, "drops.ranking_drops", DROPS, **night)
    fill(warehouse, "staging.search_events", EVENTS, source="test")
    return warehouse


def test_only_what_lies_between_start_and_recovery_is_told_with_its_days(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    make(fallen(warehouse), "correlation.recovery_events", as_of="2026-06-30")
    check(
        warehouse,
        "correlation.recovery_events",
        """
        drop_id | event_id | kind            | happened_on | days_since_start | days_to_recovery | told_by
        back    | asked    | reconsideration | 2026-04-10  | 40               | 21               | calendar
        back    | core     | update          | 2026-04-01  | 31               | 30               | calendar
        open    | core     | update          | 2026-04-01  | 31               |                  | calendar
        """,
    )


def test_disavow_files_and_links_that_are_gone_are_told_without_anybodys_note(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fallen(warehouse)
    warehouse.execute("DELETE FROM staging.search_events")
    fill(
        warehouse,
        "staging.disavow_entry_observations",
        "file_id | observed_on | entry\n f1 | 2026-03-20 | a.example\n f1 | 2026-03-20 | b.example",
        site_domain="kaas.example", provider="google_disavow", entry_kind="domain", merged_count=0,
    )  # fmt: skip
    fill(
        warehouse,
        "signals.daily_links",
        """
        provider          | origin  | day        | lost_domain_count
        ahrefs_backlinks  | bought  | 2026-03-25 | 4
        ahrefs_backlinks  | bought  | 2026-04-25 | 3
        ahrefs_backlinks  | natural | 2026-04-25 | 9
        semrush_backlinks | bought  | 2026-03-20 | 5
        ahrefs_backlinks  | bought  | 2026-05-25 | 8
        """,
        site_domain="kaas.example", new_domain_count=0, new_link_count=0,
    )  # fmt: skip
    make(warehouse, "correlation.recovery_events", as_of="2026-06-30")
    check(
        warehouse,
        "correlation.recovery_events",
        """
        drop_id | kind         | happened_on | days_since_start | days_to_recovery | item_count | told_by
        back    | disavow      | 2026-03-20  | 19               | 42               | 2          | disavow_file
        back    | link_removal | 2026-03-25  | 24               | 37               | 7          | ahrefs_backlinks
        """,
    )


def test_a_disavow_file_is_told_only_where_its_entries_differ_from_the_one_before(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fallen(warehouse)
    warehouse.execute("DELETE FROM staging.search_events")
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | path\n f1 | 1.txt\n f2 | 2.txt\n f3 | 3.txt\n f4 | 4.txt\n f5 | 5.txt\n f6 | 6.txt",
    )
    fill(
        warehouse,
        "staging.disavow_entry_observations",
        """
        file_id | observed_on | entry
        f1      | 2026-02-01  | a.example
        f1      | 2026-02-01  | b.example
        f2      | 2026-03-10  | a.example
        f2      | 2026-03-10  | b.example
        f3      | 2026-03-20  | x.example
        f4      | 2026-03-20  | a.example
        f4      | 2026-03-20  | c.example
        f5      | 2026-04-01  | a.example
        f6      | 2026-04-10  | a.example
        """,
        site_domain="kaas.example", provider="google_disavow", entry_kind="domain", merged_count=0,
    )  # fmt: skip
    make(warehouse, "correlation.recovery_events", as_of="2026-06-30")
    check(
        warehouse,
        "correlation.recovery_events",
        """
        drop_id | kind    | happened_on | item_count
        back    | disavow | 2026-03-20  | 2
        back    | disavow | 2026-04-01  | 1
        """,
    )


def test_updates_of_surfaces_that_no_input_measures_are_not_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    fallen(warehouse)
    warehouse.execute("DELETE FROM staging.search_events")
    rows = "event_id | scope\n feed | Discover\n search | search\n open |\n"
    fill(warehouse, "staging.search_events", rows, kind="update", starts_on="2026-04-01", source="test")
    make(warehouse, "correlation.recovery_events", as_of="2026-03-31")
    check(warehouse, "correlation.recovery_events", "drop_id | event_id")
    make(warehouse, "correlation.recovery_events", as_of="2026-06-30")
    check(
        warehouse,
        "correlation.recovery_events",
        "drop_id | event_id\n back | open\n back | search\n open | open\n open | search",
    )
