"""signals.exchange_candidates: mutual links and rings, the distance of their days, and what lies near by chance."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def add_edges(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    fill(warehouse, "signals.domain_edges", text, provider="p", is_hub=False)
    make(warehouse, "signals.exchange_candidates")


def test_a_mutual_link_has_the_smallest_distance_over_exports(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.domain_edges",
        """
        provider | direction | other_domain   | linked_on  | page_url            | target_url
        p        | in        | partner.example| 2026-01-01 |                     |
        q        | in        | partner.example| 2026-02-01 |                     |
        r        | out       | partner.example| 2026-02-11 | https://kaas.example/links | https://partner.example/
        p        | in        | other.example  | 2026-02-05 |                     |
        r        | out       | third.example  | 2026-03-01 |                     |
        r        | out       | fourth.example | 2025-03-01 |                     |
        """,
        site_domain="kaas.example", is_hub=False,
    )  # fmt: skip
    make(warehouse, "signals.exchange_candidates")
    check(
        warehouse,
        "signals.exchange_candidates",
        """
        site_domain  | source_domain   | form   | in_on      | out_on     | days_apart | near_share | link_out_url
        kaas.example | partner.example | mutual | 2026-02-01 | 2026-02-11 | 10         | 0.75       | https://kaas.example/links
        """,
    )


def test_hubs_and_links_without_days(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.domain_edges",
        """
        direction | other_domain    | is_hub
        in        | partner.example | false
        out       | partner.example | false
        in        | hub.example     | true
        out       | hub.example     | true
        """,
        site_domain="kaas.example", provider="p",
    )  # fmt: skip
    make(warehouse, "signals.exchange_candidates")
    check(
        warehouse,
        "signals.exchange_candidates",
        """
        source_domain   | form   | days_apart | known_day_count
        partner.example | mutual |            | 0
        """,
    )


def test_a_ring_of_three_through_another_monitored_site(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_edges(
        warehouse,
        """
        site_domain  | direction | other_domain | linked_on
        kaas.example | out       | melk.example | 2026-03-01
        melk.example | in        | kaas.example | 2026-03-03
        melk.example | out       | boer.example | 2026-03-08
        kaas.example | in        | boer.example | 2026-03-21
        """,
    )
    check(
        warehouse,
        "signals.exchange_candidates",
        """
        site_domain  | source_domain | form          | through      | days_apart | known_day_count | way_count
        kaas.example | boer.example  | ring_of_three | melk.example | 20         | 3               | 1
        melk.example | kaas.example  | ring_of_three | boer.example | 20         | 3               | 1
        """,
    )


def test_a_ring_of_four_needs_days_that_lie_together(warehouse: duckdb.DuckDBPyConnection) -> None:
    ring = """
        site_domain  | direction | other_domain | linked_on
        kaas.example | out       | een.example  | 2026-03-01
        melk.example | in        | een.example  | 2026-03-05
        melk.example | out       | twee.example | 2026-03-09
        kaas.example | in        | twee.example | {day}
        """
    add_edges(warehouse, ring.format(day="2026-06-21"))
    assert warehouse.execute("SELECT count(*) FROM signals.exchange_candidates").fetchone() == (0,)
    warehouse.execute("DELETE FROM signals.domain_edges")
    add_edges(warehouse, ring.format(day="2026-03-21"))
    check(
        warehouse,
        "signals.exchange_candidates",
        """
        site_domain  | source_domain | form         | through                      | days_apart
        kaas.example | twee.example  | ring_of_four | een.example > melk.example   | 20
        melk.example | een.example   | ring_of_four | twee.example > kaas.example  | 20
        """,
    )


def test_no_ring_is_listed_of_a_site_whose_links_out_are_not_told(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_edges(
        warehouse,
        """
        site_domain  | direction | other_domain | linked_on
        melk.example | in        | kaas.example | 2026-03-03
        melk.example | out       | boer.example | 2026-03-08
        kaas.example | in        | boer.example | 2026-03-21
        """,
    )
    check(
        warehouse,
        "signals.exchange_candidates",
        """
        site_domain  | source_domain | form
        melk.example | kaas.example  | ring_of_three
        """,
    )


def test_the_same_ring_twice_is_one_row(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_edges(
        warehouse,
        """
        site_domain  | direction | other_domain | linked_on
        kaas.example | out       | melk.example | 2026-03-01
        kaas.example | out       | ei.example   | 2026-01-01
        melk.example | out       | boer.example | 2026-03-08
        ei.example   | out       | boer.example | 2026-05-08
        kaas.example | in        | boer.example | 2026-03-21
        """,
    )
    rows = warehouse.execute(
        "SELECT through, way_count FROM signals.exchange_candidates WHERE site_domain = 'kaas.example'"
    ).fetchall()
    assert rows == [("melk.example", 2)]
