"""staging.rankings: the newest export wins per keyword, device, country and day."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_newest_export_wins_per_key_and_unranked_stays(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.ranking_observations",
        """
        file_id | observed_on | keyword | device | ranked_on  | position
        f1      | 2026-01-03  | kaas    |        | 2026-01-01 | 4
        f2      | 2026-01-04  | kaas    |        | 2026-01-01 |
        f1      | 2026-01-03  | kaas    | mobile | 2026-01-01 | 7
        f1      | 2026-01-03  | kaas    |        | 2026-01-02 | 5
        f3      | 2026-09-03  | kaas    |        | 2026-01-02 | 99
        """,
        site_domain="kaas.example",
        provider="se_ranking",
        merged_count=0,
        tracked_depth=100,
    )
    make(warehouse, "staging.rankings", as_of="2026-06-30")
    check(
        warehouse,
        "staging.rankings",
        """
        keyword | device | ranked_on  | position
        kaas    |        | 2026-01-01 |
        kaas    | mobile | 2026-01-01 | 7
        kaas    |        | 2026-01-02 | 5
        """,
    )
