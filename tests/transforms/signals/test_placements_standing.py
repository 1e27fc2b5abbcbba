"""signals.placements_standing: whether what the team placed is seen, and still stands."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make

PLACED = """
source_url                     | source_host   | target_url               | removed_on
https://www.blog.example/kaas/ | www.blog.example | https://kaas.example/oud | 
blog.example/melk              | blog.example  |                          | 2026-04-01
https://stil.example/          | stil.example  |                          |
https://blog.example/ei        | blog.example  | https://kaas.example/ei  |
"""


def see(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Links to the site from pages of blog.example, and what the team placed."""
    fill(connection, "staging.hosts", "host_id | host | domain\n1 | blog.example | blog.example")
    fill(
        connection, "staging.links", text, source_domain="blog.example", source_host="blog.example",
        first_observed_on="2026-01-20", observed_on="2026-06-01",
    )  # fmt: skip
    fill(
        connection, "staging.placements", PLACED, site_domain="kaas.example", source_domain="x.example",
        provider="placements", kind="bought", campaign="lente", placed_on="2026-01-10", observed_on="2026-01-10",
    )  # fmt: skip
    make(connection, "signals.placements_standing")


def test_lost_only_where_every_provider_that_saw_it_says_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    see(
        warehouse,
        """
        link_id | site_domain  | provider | source_url                | target_url               | first_seen_on | last_seen_on | lost_on
        1       | kaas.example | p        | https://blog.example/kaas | http://kaas.example/oud/ | 2026-01-12    | 2026-05-01   | 2026-05-03
        2       | kaas.example | q        | https://blog.example/kaas | https://kaas.example/oud | 2026-01-15    | 2026-05-30   |
        3       | kaas.example | p        | https://blog.example/melk | https://kaas.example/    |               | 2026-03-01   | 2026-03-20
        4       | kaas.example | q        | https://blog.example/melk | https://kaas.example/x   | 2026-01-30    |              | 2026-04-02
        5       | melk.example | p        | https://blog.example/ei   | https://kaas.example/ei  | 2026-01-30    |              |
        """,
    )
    check(
        warehouse,
        "signals.placements_standing",
        """
        source_url                     | is_seen | provider_count | first_seen_on | last_seen_on | is_lost | lost_on    | removed_on
        https://www.blog.example/kaas/ | true    | 2              | 2026-01-12    | 2026-05-30   | false   |            |
        blog.example/melk              | true    | 2              | 2026-01-20    | 2026-04-02   | true    | 2026-04-02 | 2026-04-01
        https://stil.example/          | false   | 0              |               |              | false   |            |
        https://blog.example/ei        | false   | 0              |               |              | false   |            |
        """,
    )


def test_a_link_to_the_named_target_counts_before_others_of_the_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    see(
        warehouse,
        """
        link_id | site_domain  | provider | source_url                | target_url              | lost_on
        1       | kaas.example | p        | https://blog.example/ei   | https://kaas.example/ei | 2026-05-03
        2       | kaas.example | p        | https://blog.example/ei   | https://kaas.example/   |
        3       | kaas.example | p        | https://blog.example/kaas | https://kaas.example/   |
        """,
    )
    check(
        warehouse,
        "signals.placements_standing",
        """
        source_url                     | is_seen | is_lost | lost_on
        https://www.blog.example/kaas/ | true    | false   |
        blog.example/melk              | false   | false   |
        https://stil.example/          | false   | false   |
        https://blog.example/ei        | true    | true    | 2026-05-03
        """,
    )
