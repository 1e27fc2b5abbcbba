"""correlation.links_before: arranged links that were new before a drop, as one link series tells them."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory

HEAD = "drop_id | near_domain_count | far_domain_count"


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A site with one drop, on the first of June."""
    with open_memory() as connection:
        fill(
            connection,
            "drops.ranking_drops",
            "drop_id | starts_on\n d | 2026-06-01",
            as_of="2026-06-30",
            site_domain="kaas.example",
            provider="search_console",
            segment="site",
        )
        yield connection


def given_links(warehouse: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Daily counts of new and lost domains; makes the table."""
    head = "provider | origin | day | new_domain_count | lost_domain_count\n"
    fill(warehouse, "signals.daily_links", head + rows, site_domain="kaas.example", new_link_count=0)
    make(warehouse, "correlation.links_before", as_of="2026-06-30")


def test_days_on_which_links_were_only_lost_make_no_row(warehouse: duckdb.DuckDBPyConnection) -> None:
    given_links(
        warehouse, "ahrefs_backlinks | bought | 2026-05-20 | 0 | 4\n ahrefs_backlinks | bought | 2026-02-01 | 0 | 2"
    )
    check(warehouse, "correlation.links_before", HEAD)


def test_near_and_far_are_of_the_one_series_that_shows_most(warehouse: duckdb.DuckDBPyConnection) -> None:
    given_links(
        warehouse,
        """ahrefs_backlinks  | bought     | 2026-05-20 | 5 | 0
        ahrefs_backlinks     | guest_post | 2026-02-01 | 1 | 0
        semrush_backlinks    | bought     | 2026-05-20 | 2 | 0
        semrush_backlinks    | exchanged  | 2026-02-01 | 6 | 1
        """,
    )
    check(warehouse, "correlation.links_before", HEAD + "\n d | 2 | 6")


def test_of_two_series_that_show_as_much_the_first_by_name_is_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    given_links(
        warehouse,
        """semrush_backlinks | bought | 2026-02-01 | 4 | 0
        ahrefs_backlinks     | bought | 2026-05-20 | 4 | 0
        """,
    )
    check(warehouse, "correlation.links_before", HEAD + "\n d | 4 | 0")


def test_only_arranged_links_of_the_180_days_before_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    given_links(
        warehouse,
        """ahrefs_backlinks | bought  | 2026-06-01 | 9 | 0
        ahrefs_backlinks    | natural | 2026-05-20 | 9 | 0
        ahrefs_backlinks    | bought  | 2025-12-01 | 9 | 0
        ahrefs_backlinks    | bought  | 2026-04-17 | 1 | 0
        ahrefs_backlinks    | bought  | 2026-04-16 | 2 | 0
        """,
    )
    check(warehouse, "correlation.links_before", HEAD + "\n d | 1 | 2")
