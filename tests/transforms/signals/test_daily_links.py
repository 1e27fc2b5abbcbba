"""signals.daily_links: new domains, new links and lost domains per site, provider, origin and day."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_a_domain_is_new_once_under_its_own_origin(warehouse: duckdb.DuckDBPyConnection) -> None:
    same = {"site_domain": "kaas.example", "provider": "p"}
    fill(
        warehouse,
        "signals.link_origins",
        """
        link_id | origin  | first_seen_on
        a1      | bought  | 2026-01-01
        a2      | unknown | 2026-01-01
        a3      | bought  | 2026-01-09
        b1      | bought  | 2026-01-01
        c1      | bought  |
        """,
        **same,
    )
    fill(
        warehouse,
        "signals.domain_origins",
        """
        source_domain | origin | first_seen_on | lost_on
        a.example     | bought | 2026-01-01    | 2026-02-02
        b.example     | bought | 2026-01-01    |
        c.example     | bought |               | 2026-02-03
        """,
        **same,
    )
    make(warehouse, "signals.daily_links")
    check(
        warehouse,
        "signals.daily_links",
        """
        origin  | day        | new_domain_count | new_link_count | lost_domain_count
        bought  | 2026-01-01 | 2                | 2              | 0
        unknown | 2026-01-01 | 0                | 1              | 0
        bought  | 2026-01-09 | 0                | 1              | 0
        bought  | 2026-02-02 | 0                | 0              | 1
        """,
    )


def test_providers_are_never_mixed(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.domain_origins",
        """
        provider | source_domain | origin | first_seen_on
        p        | a.example     | spam   | 2026-01-01
        q        | a.example     | spam   | 2026-01-01
        """,
        site_domain="kaas.example",
    )
    make(warehouse, "signals.daily_links")
    check(warehouse, "signals.daily_links", "provider | new_domain_count\n p | 1\n q | 1")
