"""surges.surge_declarations: how much of a surge the team placed itself."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, open_memory


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_memory() as connection:
        yield connection


def test_a_surge_is_declared_from_half_of_its_domains_on(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "surges.surge_members",
        """
        surge_id | source_domain
        s1       | a.example
        s1       | b.example
        s1       | c.example
        s1       | d.example
        s2       | a.example
        s2       | e.example
        s2       | f.example
        s3       | g.example
        """,
        site_domain="kaas.example", provider="p",
    )  # fmt: skip
    fill(
        warehouse,
        "signals.told_links",
        """
        link_id | site_domain  | provider | source_domain | is_declared | campaign
        1       | kaas.example | p        | a.example     | true        | lente
        2       | kaas.example | p        | a.example     | true        | lente
        3       | kaas.example | p        | b.example     | true        |
        4       | kaas.example | p        | c.example     | false       |
        5       | kaas.example | q        | d.example     | true        | herfst
        6       | melk.example | p        | g.example     | true        | herfst
        """,
    )
    make(warehouse, "surges.surge_declarations")
    check(
        warehouse,
        "surges.surge_declarations",
        """
        as_of      | surge_id | source_domain_count | declared_domain_count | declared_share | is_declared | campaign
        2026-06-30 | s1       | 4                   | 2                     | 0.5            | true        | lente
        2026-06-30 | s2       | 3                   | 1                     | 0.333333       | false       | lente
        """,
    )
