"""signals.page_arrivals: what is new to a deep page in weeks in which several came with keywords."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import fill, make

SHOP = "https://kaas.example/products/oude-kaas"


def add(
    warehouse: duckdb.DuckDBPyConnection, *anchors: str, target: str = SHOP, authority: float = 30.0, **same: object
) -> None:
    rows = [f"{anchor} | d{number}.example | {anchor} | 2026-03-0{2 + number}" for number, anchor in enumerate(anchors)]
    fill(
        warehouse, "staging.links", "\n".join(["link_id | source_domain | anchor_text | first_seen_on", *rows]),
        site_domain="kaas.example", provider="p", target_url=target, source_authority=authority, **same,
    )  # fmt: skip


def arrivals(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    make(warehouse, "signals.linked_pages", "signals.page_arrivals")
    return warehouse.execute("SELECT link_id, is_keyword FROM signals.page_arrivals ORDER BY 1").fetchall()


WORDS = ("garden sheds", "cheap garden sheds", "wooden shed", "sheds for sale")


def test_a_week_of_keywords_is_kept_with_all_that_is_new_in_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, *WORDS, "www.kaas.example", "click here")
    assert dict(arrivals(warehouse)) == dict.fromkeys(WORDS, True) | {"www.kaas.example": False, "click here": False}
    ordinary = warehouse.execute(
        "SELECT DISTINCT page_domain_count, site_domain_count, site_keyword_count, full_week_count "
        "FROM signals.page_arrivals"
    ).fetchall()
    assert ordinary == [(6, 6, 4, 1)]


@pytest.mark.parametrize(
    "same",
    [
        {"target": "https://kaas.example/"},
        {"target": "https://kaas.example/nl/"},
        {"target": "https://kaas.example/prijslijst.pdf"},
        {"authority": 3.0},
        {"is_sponsored": True},
    ],
    ids=["home", "home by language", "file", "weak domains", "disclosed"],
)
def test_what_nobody_hides_or_buys_is_left_out(warehouse: duckdb.DuckDBPyConnection, same: dict[str, object]) -> None:
    add(warehouse, *WORDS, **same)  # type: ignore[arg-type]
    assert arrivals(warehouse) == []


def test_three_are_too_few(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, *WORDS[:3])
    assert arrivals(warehouse) == []


def test_a_domain_that_linked_before_is_not_new(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, *WORDS)
    fill(
        warehouse,
        "staging.links",
        """
        link_id | source_domain | anchor_text | first_seen_on
        early   | d0.example    | sheds       | 2025-03-01
        """,
        site_domain="kaas.example", provider="p", target_url=SHOP, source_authority=30.0,
    )  # fmt: skip
    assert arrivals(warehouse) == []
