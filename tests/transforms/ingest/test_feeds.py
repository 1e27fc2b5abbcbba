"""ingest.feeds: how often a feed comes, and from which night on it is late."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory, rows_of

FIRST = datetime.date(2026, 3, 2)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse in memory."""
    connection = open_memory()
    yield connection
    connection.close()


def export(warehouse: duckdb.DuckDBPyConnection, *days: int, provider: str = "ahrefs_backlinks", **row: object) -> None:
    """One loaded export on each of the ``days`` after the first of them."""
    for day in days:
        fill(
            warehouse,
            "ingest.export_files",
            f"exported_on\n{FIRST + datetime.timedelta(days=day)}",
            **{"site_domain": "kaas.example", "provider": provider, "status": "loaded", **row},
        )


def make_feeds(warehouse: duckdb.DuckDBPyConnection, day: int) -> None:
    make(warehouse, "ingest.feeds", as_of=str(FIRST + datetime.timedelta(days=day)))


@pytest.mark.parametrize(
    ("days", "cadence", "allowed_days"),
    [
        ((0, 1, 2, 3), "daily", 4),
        ((0, 3, 4, 5), "daily", 4),  # a weekend between
        ((0, 2, 9), "weekly", 11),  # of two gaps the longer
        ((0, 7, 14, 44, 51), "weekly", 11),  # one month missed does not make it monthly
        ((0, 14, 28), "monthly", 38),
        ((0, 30, 61, 92), "monthly", 38),
    ],
)
def test_the_cadence_is_the_median_gap_between_exports_and_late_is_after_the_grace(
    warehouse, days, cadence, allowed_days
):
    export(warehouse, *days)
    for age_days, is_stale in ((allowed_days, "false"), (allowed_days + 1, "true")):
        make_feeds(warehouse, days[-1] + age_days)
        columns = ("cadence", "cadence_source", "allowed_days", "export_count", "age_days", "is_stale")
        found = rows_of(warehouse, "ingest.feeds", columns)
        assert found == [(cadence, "inferred", str(allowed_days), str(len(days)), str(age_days), is_stale)]


def test_two_exports_tell_no_cadence_so_weekly_is_assumed(warehouse):
    export(warehouse, 0, 1)
    export(warehouse, 1, 1, 1, provider="semrush_audit")  # three files of one day
    make_feeds(warehouse, 13)
    check(
        warehouse,
        "ingest.feeds",
        """
        provider         | cadence | cadence_source | export_count | newest_on  | is_stale
        ahrefs_backlinks | weekly  | assumed        | 2            | 2026-03-03 | true
        semrush_audit    | weekly  | assumed        | 1            | 2026-03-03 | true
        """,
    )


def test_what_is_listed_wins_and_a_listed_feed_that_never_came_is_no_late_one(warehouse):
    export(warehouse, 0, 1, 2)
    fill(
        warehouse,
        "ingest.listed_feeds",
        """
        site_domain  | provider         | cadence | allowed_days
        kaas.example | ahrefs_backlinks | monthly | 33
        kaas.example | search_console   | daily   | 4
        """,
    )
    make_feeds(warehouse, 35)
    check(
        warehouse,
        "ingest.feeds",
        """
        provider         | cadence | cadence_source | allowed_days | export_count | newest_on  | age_days | is_stale
        ahrefs_backlinks | monthly | listed         | 33           | 3            | 2026-03-04 | 33       | false
        search_console   | daily   | listed         | 4            | 0            |            |          | false
        """,
    )


def test_only_what_was_known_on_the_night_counts(warehouse):
    export(warehouse, 0, 7, 14, 15, 16, 17, 18)
    export(warehouse, 3, status="set_aside")
    export(warehouse, 2, site_domain=None)
    make_feeds(warehouse, 14)
    columns = ("provider", "cadence", "export_count", "newest_on")
    assert rows_of(warehouse, "ingest.feeds", columns) == [("ahrefs_backlinks", "weekly", "3", "2026-03-16")]


def test_lists_the_team_keeps_itself_are_no_feeds(warehouse):
    export(warehouse, 0)
    export(warehouse, 0, provider="calendar")
    export(warehouse, 0, provider="placements")
    make_feeds(warehouse, 60)
    assert rows_of(warehouse, "ingest.feeds", ("provider",)) == [("ahrefs_backlinks",)]


def test_a_site_that_left_the_list_has_no_feed(warehouse):
    export(warehouse, 0)
    export(warehouse, 0, site_domain="weg.example")
    fill(warehouse, "ingest.listed_sites", "site_domain | standing\nkaas.example | listed\nweg.example | unlisted")
    make_feeds(warehouse, 1)
    assert rows_of(warehouse, "ingest.feeds", ("site_domain",)) == [("kaas.example",)]
