"""signals.shared_sources: one source new to several monitored sites on one day."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_a_source_is_shared_where_it_is_new_to_two_sites_on_one_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.domain_origins",
        """
        site_domain  | provider | source_domain | origin  | first_seen_on
        kaas.example | p        | net.example   | spam    | 2026-01-05
        melk.example | p        | net.example   | unknown | 2026-01-05
        ei.example   | p        | net.example   | spam    | 2026-01-06
        kaas.example | p        | own.example   | natural | 2026-01-05
        kaas.example | q        | own.example   | natural | 2026-01-05
        kaas.example | p        | old.example   | natural |
        melk.example | p        | old.example   | natural |
        """,
    )
    make(warehouse, "signals.shared_sources")
    check(
        warehouse,
        "signals.shared_sources",
        """
        site_domain  | provider | source_domain | origin  | day        | site_count | owner_count | is_one_owner
        kaas.example | p        | net.example   | spam    | 2026-01-05 | 2          | 2           |
        melk.example | p        | net.example   | unknown | 2026-01-05 | 2          | 2           |
        """,
    )


def test_owners_are_told_apart_as_far_as_the_site_list_knows_them(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.domain_origins",
        """
        site_domain  | source_domain
        kaas.example | one.example
        melk.example | one.example
        kaas.example | two.example
        brood.example | two.example
        kaas.example | some.example
        los.example  | some.example
        """,
        provider="p", origin="spam", first_seen_on="2026-01-05",
    )  # fmt: skip
    fill(
        warehouse,
        "ingest.listed_sites",
        """
        site_domain   | owner_group
        kaas.example  | zuivel
        melk.example  | zuivel
        brood.example | bakkers
        los.example   |
        """,
        standing="listed",
    )
    make(warehouse, "signals.shared_sources")
    check(
        warehouse,
        "signals.shared_sources",
        """
        site_domain   | source_domain | owner_count | is_one_owner
        kaas.example  | one.example   | 1           | true
        melk.example  | one.example   | 1           | true
        kaas.example  | two.example   | 2           | false
        brood.example | two.example   | 2           | false
        kaas.example  | some.example  | 2           |
        los.example   | some.example  | 2           |
        """,
    )
