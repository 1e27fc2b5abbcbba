"""correlation.linked_segments and linked_days: what a surge links to or names, beside the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory

NIGHT = {"as_of": "2026-06-30", "site_domain": "kaas.example"}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A site with a surge of links to one page, and a drop after it."""
    with open_memory() as connection:
        fill(
            connection,
            "surges.link_surges",
            "surge_id | starts_on\n s | 2026-03-01",
            **NIGHT,
            provider="ahrefs_backlinks",
        )
        fill(
            connection,
            "drops.ranking_drops",
            "drop_id | starts_on\n d | 2026-04-01",
            **NIGHT,
            provider="search_console",
            segment="site",
        )
        fill(
            connection,
            "surges.surge_members",
            """
            surge_id | source_domain | target_url                     | anchor_text   | anchor_kind
            s        | blog1.example | https://kaas.example/kopen/    | goudse kaas   | commercial
            s        | blog2.example | https://kaas.example/kopen/    | Kaas.example  | address
            s        | blog3.example | https://kaas.example           | zie hier      | empty
            """,
            site_domain="kaas.example",
        )
        fill(
            connection,
            "signals.linked_pages",
            """
            target_url                  | target_path
            https://kaas.example/kopen/ | /kopen/
            https://kaas.example        | ''
            """,
            site_domain="kaas.example",
        )
        yield connection


def test_pages_are_named_as_visibility_names_them(warehouse: duckdb.DuckDBPyConnection) -> None:
    make(warehouse, "correlation.linked_segments")
    check(
        warehouse,
        "correlation.linked_segments",
        """
        surge_id | segment
        s        | page:/
        s        | page:/kopen/
        """,
    )


def test_linked_pages_and_the_others_are_summed_by_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.visibility",
        """
        segment      | day        | visibility
        page:/kopen/ | 2026-03-31 | 10
        page:/       | 2026-03-31 | 5
        page:/tips/  | 2026-03-31 | 7
        page:/weg/   | 2026-03-31 | 1
        page:/kopen/ | 2026-04-01 | 4
        page:/tips/  | 2026-04-01 | 7
        page:/tips/  | 2025-01-01 | 7
        page:/tips/  | 2026-04-29 | 7
        """,
        site_domain="kaas.example",
        provider="search_console",
        segment_kind="page",
    )
    make(warehouse, "correlation.linked_segments", "correlation.linked_days")
    check(
        warehouse,
        "correlation.linked_days",
        """
        surge_id | kind | day        | linked_visibility | other_visibility
        s        | page | 2026-03-31 | 15                | 8
        s        | page | 2026-04-01 | 4                 | 7
        """,
    )


def test_queries_that_hold_a_link_text_are_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.search_performance",
        """
        query             | clicks
        Goudse kaas       | 6
        oude goudse kaas  | 2
        goudse kaasmarkt  | 3
        geitenkaas        | 9
        """,
        site_domain="kaas.example",
        provider="search_console",
        dimension_set="query",
        performed_on="2026-04-02",
    )
    make(warehouse, "correlation.linked_segments", "correlation.linked_days")
    check(
        warehouse,
        "correlation.linked_days",
        """
        surge_id | kind    | day        | linked_visibility | other_visibility
        s        | keyword | 2026-04-02 | 8                 | 12
        """,
    )


def test_a_day_without_a_row_is_zero_for_pages_and_unknown_for_queries(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.visibility",
        """
        segment      | day        | visibility
        page:/kopen/ | 2026-03-31 | 10
        page:/tips/  | 2026-03-31 | 7
        page:/tips/  | 2026-04-01 | 7
        """,
        site_domain="kaas.example", provider="search_console", segment_kind="page",
    )  # fmt: skip
    fill(
        warehouse,
        "staging.search_performance",
        """
        query       | performed_on | clicks
        goudse kaas | 2026-03-31   | 6
        geitenkaas  | 2026-03-31   | 9
        goudse kaas | 2026-04-01   | 6
        geitenkaas  | 2026-04-02   | 9
        goudse kaas | 2026-04-03   | 0
        geitenkaas  | 2026-04-03   | 9
        goudse kaas | 2025-01-01   | 6
        geitenkaas  | 2025-01-01   | 9
        """,
        site_domain="kaas.example", provider="search_console", dimension_set="query",
    )  # fmt: skip
    make(warehouse, "correlation.linked_segments", "correlation.linked_days")
    check(
        warehouse,
        "correlation.linked_days",
        """
        kind    | day        | linked_visibility | other_visibility
        keyword | 2026-03-31 | 6                 | 9
        keyword | 2026-04-03 | 0                 | 9
        page    | 2026-03-31 | 10                | 7
        page    | 2026-04-01 | 0                 | 7
        """,
    )


def test_where_everything_is_linked_there_is_nothing_to_compare(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "signals.visibility",
        "segment | day | visibility\n page:/kopen/ | 2026-03-31 | 10",
        site_domain="kaas.example",
        provider="search_console",
        segment_kind="page",
    )
    make(warehouse, "correlation.linked_segments", "correlation.linked_days")
    check(warehouse, "correlation.linked_days", "surge_id | kind | day | linked_visibility | other_visibility")


def test_a_surge_without_a_drop_after_it_has_no_days(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("UPDATE drops.ranking_drops SET starts_on = DATE '2026-02-01'")
    fill(
        warehouse,
        "signals.visibility",
        "segment | day | visibility\n page:/kopen/ | 2026-03-31 | 10\n page:/tips/ | 2026-03-31 | 10",
        site_domain="kaas.example",
        provider="search_console",
        segment_kind="page",
    )
    make(warehouse, "correlation.linked_segments", "correlation.linked_days")
    check(warehouse, "correlation.linked_days", "surge_id | kind | day | linked_visibility | other_visibility")
