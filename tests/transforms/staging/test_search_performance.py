"""staging.search_performance: daily rows; late revisions win, dimension sets stay apart."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_late_revision_wins_and_totals_of_a_period_are_left_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.performance_observations",
        """
        file_id | observed_on | dimension_set | device | performed_on | starts_on  | clicks | impressions
        f1      | 2026-01-03  | day           |        | 2026-01-01   |            | 10     | 100
        f2      | 2026-01-04  | day           |        | 2026-01-01   |            | 12     | 110
        f1      | 2026-01-03  | device        | mobile | 2026-01-01   |            | 6      | 60
        f1      | 2026-01-03  | query         |        |              | 2025-12-01 | 99     | 999
        f3      | 2026-09-01  | day           |        | 2026-01-01   |            | 0      | 0
        """,
        site_domain="kaas.example",
        provider="search_console",
        merged_count=0,
    )
    make(warehouse, "staging.search_performance", as_of="2026-06-30")
    check(
        warehouse,
        "staging.search_performance",
        """
        dimension_set | device | performed_on | clicks | impressions | observed_on
        day           |        | 2026-01-01   | 12     | 110         | 2026-01-04
        device        | mobile | 2026-01-01   | 6      | 60          | 2026-01-03
        """,
    )
