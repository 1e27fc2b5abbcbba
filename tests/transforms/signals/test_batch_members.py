"""signals.batch_members: the links of each batch, each in one batch."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make

SAME = {"site_domain": "kaas.example", "provider": "p"}


def test_members_are_the_links_that_a_batch_was_made_of(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.link_batches",
        """
        batch_id | placed_from_on | placed_to_on | lost_from_on | lost_to_on | p_value
        r1       | 2026-01-01     | 2026-01-07   | 2026-04-01   | 2026-04-03 | 1e-9
        r2       | 2026-01-05     | 2026-01-09   | 2026-04-02   | 2026-04-05 | 1e-7
        """,
        kind="rented", **SAME,
    )  # fmt: skip
    fill(
        warehouse,
        "signals.link_batches",
        """
        batch_id | placed_from_on | placed_to_on | p_value | target_url | authority_low | authority_high
        p1       | 2026-01-05     | 2026-01-09   | 1e-9    | /shop      | 20            | 30
        """,
        kind="purchase", **SAME,
    )  # fmt: skip
    fill(
        warehouse,
        "signals.domain_edges",
        """
        other_domain | first_seen_on | lost_on    | authority
        a.example    | 2026-01-02    | 2026-04-01 | 40
        b.example    | 2026-01-06    | 2026-04-02 |
        c.example    | 2026-01-08    | 2026-04-05 | 25
        weak.example | 2026-01-02    | 2026-04-01 | 2
        d.example    | 2026-01-02    |            | 40
        """,
        direction="in", is_hub=False, **SAME,
    )  # fmt: skip
    fill(
        warehouse,
        "staging.links",
        """
        link_id | source_domain
        a1      | a.example
        a2      | a.example
        b1      | b.example
        c1      | c.example
        w1      | weak.example
        d1      | d.example
        """,
        **SAME,
    )
    fill(
        warehouse,
        "signals.page_arrivals",
        """
        link_id | target_url | source_domain | placed_on  | authority | is_keyword
        c1      | /shop      | c.example     | 2026-01-08 | 25        | true
        e1      | /shop      | e.example     | 2026-01-08 | 20        | true
        f1      | /shop      | f.example     | 2026-01-08 | 30        | true
        g1      | /shop      | g.example     | 2026-01-08 | 25        | false
        h1      | /shop      | h.example     | 2026-01-18 | 25        | true
        i1      | /other     | i.example     | 2026-01-08 | 25        | true
        """,
        **SAME,
    )
    make(warehouse, "signals.batch_members")
    check(
        warehouse,
        "signals.batch_members",
        """
        link_id | batch_id | kind
        a1      | r1       | rented
        a2      | r1       | rented
        b1      | r1       | rented
        c1      | r2       | rented
        e1      | p1       | purchase
        """,
    )
