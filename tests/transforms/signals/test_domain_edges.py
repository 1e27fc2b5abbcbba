"""signals.domain_edges: who links to whom, and which days can say when."""

from __future__ import annotations

import datetime

import duckdb

from tests.transforms.text_tables import check, fill, make


def add_links(warehouse: duckdb.DuckDBPyConnection, text: str, **same: object) -> None:
    fill(warehouse, "staging.links", text, **({"site_domain": "kaas.example", "provider": "p"} | same))


def test_an_edge_is_a_domain_and_a_direction(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(
        warehouse,
        """
        source_domain | first_seen_on | lost_on    | observed_on | source_authority
        melk.example  | 2026-02-01    | 2026-04-01 | 2026-05-01  | 20
        melk.example  | 2026-01-05    | 2026-03-01 | 2026-05-02  | 30
        boer.example  | 2026-03-01    | 2026-04-01 | 2026-05-01  |
        boer.example  | 2026-03-02    |            | 2026-05-01  |
        """,
    )
    fill(
        warehouse,
        "staging.outlinks",
        """
        source_url             | target_url             | target_domain | first_seen_on
        https://kaas.example/b | https://melk.example/y | melk.example  | 2026-01-20
        https://kaas.example/a | https://melk.example/z | melk.example  | 2026-02-20
        """,
        site_domain="kaas.example", provider="q",
    )  # fmt: skip
    fill(
        warehouse,
        "staging.linked_domains",
        """
        target_domain | first_seen_on
        ei.example    | 2026-03-03
        kaas.example  | 2026-03-03
        """,
        site_domain="kaas.example", provider="r",
    )  # fmt: skip
    make(warehouse, "signals.domain_edges")
    check(
        warehouse,
        "signals.domain_edges",
        """
        provider | direction | other_domain | linked_on  | lost_on    | page_url | target_url | authority
        p        | in        | boer.example | 2026-03-01 |            |          |            |
        p        | in        | melk.example | 2026-01-05 | 2026-04-01 |          |            | 30
        q | out | melk.example | 2026-01-20 | | https://kaas.example/a | https://melk.example/z |
        r        | out       | ei.example   | 2026-03-03 |            |          |            |
        """,
    )


def test_a_day_of_the_crawler_says_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(
        warehouse,
        """
        source_domain | first_seen_on
        a1.example    | 2026-01-01
        a2.example    | 2026-01-01
        b1.example    | 2026-02-01
        b2.example    | 2026-02-01
        c1.example    | 2026-03-01
        c2.example    | 2026-03-01
        c3.example    | 2026-03-01
        c4.example    | 2026-03-01
        c5.example    | 2026-03-01
        """,
    )
    make(warehouse, "signals.domain_edges")
    check(
        warehouse,
        "signals.domain_edges",
        """
        other_domain | linked_on
        a1.example   |
        a2.example   |
        b1.example   | 2026-02-01
        b2.example   | 2026-02-01
        c1.example   |
        c2.example   |
        c3.example   |
        c4.example   |
        c5.example   |
        """,
    )


def crawl(warehouse: duckdb.DuckDBPyConnection, *crawls: tuple[str, list[str]]) -> None:
    for day, domains in crawls:
        fill(
            warehouse,
            "ingest.export_files",
            f"""
            file_id | exported_on | status
            {day}   | {day}       | loaded
            """,
            site_domain="kaas.example", provider="screaming_frog",
        )  # fmt: skip
        for domain in domains:
            fill(
                warehouse,
                "staging.outlink_observations",
                f"""
                file_id | observed_on | source_url            | target_url        | target_domain
                {day}   | {day}       | https://kaas.example/ | https://{domain}/ | {domain}
                """,
                site_domain="kaas.example", provider="screaming_frog",
            )  # fmt: skip
    make(warehouse, "staging.outlinks", "signals.domain_edges")


def test_a_crawl_dates_what_the_one_before_lacked(warehouse: duckdb.DuckDBPyConnection) -> None:
    old = [f"d{number}.example" for number in range(9)]
    crawl(warehouse, ("2026-03-01", old), ("2026-04-01", [*old, "new.example", "other.example"]))
    dated = "SELECT other_domain, linked_on FROM signals.domain_edges WHERE linked_on IS NOT NULL ORDER BY 1"
    day = datetime.date(2026, 4, 1)
    assert warehouse.execute(dated).fetchall() == [("new.example", day), ("other.example", day)]


def test_neither_a_smaller_nor_a_far_crawl_dates_anything(warehouse: duckdb.DuckDBPyConnection) -> None:
    everything = [f"d{number}.example" for number in range(9)]
    crawl(
        warehouse,
        ("2026-01-01", everything[:4]),
        ("2026-01-20", everything),
        ("2026-06-01", [*everything, "x.example"]),
    )
    dated = warehouse.execute("SELECT count(linked_on) FROM signals.domain_edges").fetchone()
    assert dated == (0,)


def test_platforms_and_what_most_sites_link_to_are_hubs(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_links(
        warehouse,
        """
        source_domain | source_authority
        facebook.com  |
        news.example  | 93
        small.example | 12
        """,
    )
    for number in range(5):
        fill(
            warehouse,
            "staging.outlinks",
            """
            source_url         | target_url           | target_domain
            https://s.example/ | https://all.example/ | all.example
            """,
            site_domain=f"s{number}.example", provider="q",
        )  # fmt: skip
    make(warehouse, "signals.domain_edges")
    hubs = warehouse.execute(
        "SELECT DISTINCT other_domain FROM signals.domain_edges WHERE is_hub ORDER BY 1"
    ).fetchall()
    assert hubs == [("all.example",), ("facebook.com",), ("news.example",)]
