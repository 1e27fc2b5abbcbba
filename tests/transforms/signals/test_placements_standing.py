"""signals.placements_standing: whether what the team placed is seen, and still stands."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make

PLACED = """
source_url               | source_host   | target_url          | removed_on
https://www.b.example/k/ | www.b.example | https://k.example/o |
b.example/m              | b.example     |                     | 2026-04-01
https://stil.example/    | stil.example  |                     |
https://b.example/e      | b.example     | https://k.example/e |
"""


def see(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Links to the site from pages of b.example, and what the team placed."""
    fill(connection, "staging.hosts", "host_id | host | domain\n1 | b.example | b.example")
    fill(
        connection, "staging.links", text, source_domain="b.example", source_host="b.example",
        first_observed_on="2026-01-20", observed_on="2026-06-01",
    )  # fmt: skip
    fill(
        connection, "staging.placements", PLACED, site_domain="k.example", source_domain="x.example",
        provider="placements", kind="bought", campaign="lente", placed_on="2026-01-10", observed_on="2026-01-10",
    )  # fmt: skip
    make(connection, "signals.placements_standing")


def test_lost_only_where_every_provider_that_saw_it_says_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    see(
        warehouse,
        """
        site_domain | provider | source_url          | target_url          | first_seen_on | last_seen_on | lost_on
        k.example   | p        | https://b.example/k | http://k.example/o/ | 2026-01-12    | 2026-05-01   | 2026-05-03
        k.example   | q        | https://b.example/k | https://k.example/o | 2026-01-15    | 2026-05-30   |
        k.example   | p        | https://b.example/m | https://k.example/  |               | 2026-03-01   | 2026-03-20
        k.example   | q        | https://b.example/m | https://k.example/x | 2026-01-30    |              | 2026-04-02
        m.example   | p        | https://b.example/e | https://k.example/e | 2026-01-30    |              |
        """,
    )
    check(
        warehouse,
        "signals.placements_standing",
        """
        source_url               | is_seen | provider_count | first_seen_on | last_seen_on | is_lost | lost_on
        https://www.b.example/k/ | true    | 2              | 2026-01-12    | 2026-05-30   | false   |
        b.example/m              | true    | 2              | 2026-01-20    | 2026-04-02   | true    | 2026-04-02
        https://stil.example/    | false   | 0              |               |              | false   |
        https://b.example/e      | false   | 0              |               |              | false   |
        """,
    )


def test_a_link_to_the_named_target_counts_before_others_of_the_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    see(
        warehouse,
        """
        site_domain | provider | source_url          | target_url          | lost_on
        k.example   | p        | https://b.example/e | https://k.example/e | 2026-05-03
        k.example   | p        | https://b.example/e | https://k.example/  |
        k.example   | p        | https://b.example/k | https://k.example/  |
        """,
    )
    check(
        warehouse,
        "signals.placements_standing",
        """
        source_url               | is_seen | is_lost | lost_on
        https://www.b.example/k/ | true    | false   |
        b.example/m              | false   | false   |
        https://stil.example/    | false   | false   |
        https://b.example/e      | true    | true    | 2026-05-03
        """,
    )
