"""signals.source_customers: domains that link with keywords to monitored sites of several owners."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, judge_links, make


def test_owners_are_counted_and_only_keywords_make_a_customer(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "ingest.listed_sites",
        "site_domain | owner_group\nkaas.example | zuivel\nmelk.example | zuivel\nbrood.example | bakkers",
    )
    fill(
        warehouse,
        "staging.links",
        """
        link_id | source_domain | site_domain   | provider | anchor_text
        1       | shop.example  | kaas.example  | p        | goedkope tuin
        2       | shop.example  | melk.example  | p        | zachte tuin
        3       | shop.example  | brood.example | q        | tuin kopen
        4       | shop.example  | los.example   | p        | grote tuin
        5       | own.example   | kaas.example  | p        | zachte tuin
        6       | own.example   | melk.example  | p        | zachte tuin
        7       | fan.example   | kaas.example  | p        | kaas
        8       | fan.example   | brood.example | p        | lees meer
        9       | one.example   | kaas.example  | p        | grote tuin
        10      | one.example   | kaas.example  | p        | mooie tuin
        """,
        source_url="https://bron.example/", target_url="https://doel.example/",
    )  # fmt: skip
    judge_links(warehouse)
    check(
        warehouse,
        "signals.source_customers",
        "source_domain | site_count | owner_count\n shop.example | 4 | 3",
    )
    warehouse.execute("UPDATE ingest.listed_sites SET owner_group = NULL")
    make(warehouse, "signals.source_customers")
    check(
        warehouse,
        "signals.source_customers",
        "source_domain | site_count | owner_count\n shop.example | 4 | 4\n own.example | 2 | 2",
    )
