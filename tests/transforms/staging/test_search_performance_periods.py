"""staging.search_performance_periods: the newest export day of a period counts, whole."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_newest_export_of_a_period_replaces_the_earlier_one_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.performance_observations",
        """
        file_id | observed_on | dimension_set | query  | starts_on  | ends_on    | clicks | performed_on
        f1      | 2026-02-01  | query         | kaas   | 2026-01-01 | 2026-01-31 | 5      |
        f1      | 2026-02-01  | query         | gone   | 2026-01-01 | 2026-01-31 | 4      |
        f2      | 2026-02-03  | query         | kaas   | 2026-01-01 | 2026-01-31 | 6      |
        f3      | 2026-02-03  | query         | brie   | 2026-01-01 | 2026-01-31 | 7      |
        f1      | 2026-02-01  | query         | kaas   | 2025-12-01 | 2025-12-31 | 3      |
        f1      | 2026-02-01  | query         | undated |           |            | 2      |
        f4      | 2026-03-01  | query         | newer  |            |            | 1      |
        f5      | 2026-09-01  | query         | later  | 2026-01-01 | 2026-01-31 | 9      |
        f1      | 2026-02-01  | day           |        |            |            | 8      | 2026-01-01
        """,
        site_domain="kaas.example",
        provider="search_console",
        impressions=10,
        merged_count=0,
    )
    make(warehouse, "staging.search_performance_periods", as_of="2026-06-30")
    check(
        warehouse,
        "staging.search_performance_periods",
        """
        query | starts_on  | ends_on    | clicks
        kaas  | 2026-01-01 | 2026-01-31 | 6
        brie  | 2026-01-01 | 2026-01-31 | 7
        kaas  | 2025-12-01 | 2025-12-31 | 3
        newer |            |            | 1
        """,
    )


def test_the_newest_period_of_a_name_replaces_only_its_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.performance_observations",
        """
        file_id | observed_on | query | period_name     | clicks
        f1      | 2026-02-01  | kaas  | Last 7 days     | 5
        f1      | 2026-02-01  | kaas  | Previous 7 days | 4
        f2      | 2026-02-08  | kaas  | Last 7 days     | 6
        f3      | 2026-02-09  | kaas  |                 | 9
        """,
        site_domain="kaas.example",
        provider="search_console",
        dimension_set="query",
        impressions=10,
        merged_count=0,
    )
    make(warehouse, "staging.search_performance_periods", as_of="2026-06-30")
    check(
        warehouse,
        "staging.search_performance_periods",
        """
        period_name     | clicks
        Last 7 days     | 6
        Previous 7 days | 4
                        | 9
        """,
    )
