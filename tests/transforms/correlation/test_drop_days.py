"""correlation.drop_days: the days around a drop and those a year before, in its own series."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory

HEADER = "drop_id | day | visibility | brand_visibility | other_visibility"


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A site's drop and one of its pages, part of it."""
    with open_memory() as connection:
        fill(
            connection,
            "drops.ranking_drops",
            """
            drop_id | segment   | part_of_drop_id | starts_on
            d       | site      |                 | 2026-04-01
            p       | page:/a/  | d               | 2026-04-02
            """,
            as_of="2026-06-30",
            site_domain="kaas.example",
            provider="search_console",
        )
        fill(
            connection,
            "signals.visibility",
            """
            segment        | provider       | day        | visibility
            site           | search_console | 2026-01-30 | 9
            site           | search_console | 2026-01-31 | 10
            site           | search_console | 2026-04-01 | 6
            site           | search_console | 2026-06-15 | 6
            site           | search_console | 2026-06-16 | 6
            site           | search_console | 2025-04-01 | 8
            site           | se_ranking     | 2026-04-01 | 50
            page:/a/       | search_console | 2026-04-01 | 3
            keywords:brand | search_console | 2026-04-01 | 2
            keywords:other | search_console | 2026-04-01 | 4
            """,
            site_domain="kaas.example",
        )
        yield connection


def test_days_of_its_own_series_with_brand_and_other_queries(warehouse: duckdb.DuckDBPyConnection) -> None:
    make(warehouse, "correlation.drop_days")
    check(
        warehouse,
        "correlation.drop_days",
        HEADER
        + """
        d | 2025-04-01 | 8  |   |
        d | 2026-01-31 | 10 |   |
        d | 2026-04-01 | 6  | 2 | 4
        d | 2026-06-15 | 6  |   |
        """,
    )


def test_a_part_that_stands_alone_has_days_of_its_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DELETE FROM drops.ranking_drops WHERE drop_id = 'd'")
    warehouse.execute("UPDATE drops.ranking_drops SET part_of_drop_id = NULL")
    make(warehouse, "correlation.drop_days")
    check(warehouse, "correlation.drop_days", HEADER + "\n p | 2026-04-01 | 3 | 2 | 4")
