"""signals.link_lives: referring domains by day of arrival and loss."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_domains_are_counted_by_day_loss_and_authority(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.domain_edges",
        """
        direction | other_domain | first_seen_on | lost_on    | observed_on | authority
        in        | a.example    | 2026-01-05    | 2026-04-01 | 2026-05-01  | 31
        in        | b.example    | 2026-01-05    | 2026-04-01 | 2026-05-01  | 34.9
        in        | c.example    | 2026-01-05    | 2026-04-01 | 2026-03-01  | 31
        in        | d.example    | 2026-01-05    |            | 2026-06-01  |
        in        | e.example    |               |            | 2026-06-01  | 31
        out       | f.example    | 2026-01-05    |            |             | 31
        """,
        site_domain="kaas.example", provider="p", is_hub=False,
    )  # fmt: skip
    make(warehouse, "signals.link_lives")
    check(
        warehouse,
        "signals.link_lives",
        """
        placed_on  | lost_on    | lost_after_on | authority_band | domain_count | ends_on
        2026-01-05 |            |               |                | 1            | 2026-06-01
        2026-01-05 | 2026-04-01 |               | 30             | 2            | 2026-06-01
        2026-01-05 | 2026-04-01 | 2026-03-01    | 30             | 1            | 2026-06-01
        """,
    )
