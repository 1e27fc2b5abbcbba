"""signals.link_series: where each series begins and ends."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_a_series_ends_at_its_own_newest_export(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.links",
        """
        link_id | provider | source_domain | first_seen_on | last_seen_on | lost_on
        1       | p        | a.example     | 2025-01-01    | 2026-01-02   |
        2       | p        | a.example     | 2025-06-01    | 2025-12-30   | 2025-12-31
        3       | p        | b.example     |               |              |
        4       | q        | b.example     |               |              |
        """,
        site_domain="kaas.example",
    )
    fill(
        warehouse,
        "staging.link_observations",
        """
        link_id | provider | file_id | observed_on
        1       | p        | f1      | 2026-01-01
        2       | p        | f2      | 2026-02-01
        3       | p        | f3      | 2026-02-01
        4       | q        | f4      | 2026-01-05
        5       | p        | f5      | 2026-09-01
        """,
        site_domain="kaas.example",
    )
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | is_truncated\n f1 | true\n f2 | false\n f3 | true\n f4 |\n f5 | false",
    )
    make(warehouse, "signals.link_series", as_of="2026-06-30")
    check(
        warehouse,
        "signals.link_series",
        """
        provider | starts_on  | ends_on    | is_truncated | export_count | link_count | domain_count | dated_share | loss_horizon_on
        p        | 2025-01-01 | 2026-02-01 | true         | 2            | 3          | 2            | 0.666667    | 2025-12-30
        q        |            | 2026-01-05 | false        | 1            | 1          | 1            | 0           |
        """,  # noqa: E501
    )
