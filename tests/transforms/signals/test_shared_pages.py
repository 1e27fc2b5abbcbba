"""signals.shared_pages: page addresses and titles that several referring domains share."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make

TITLE = "Twintig tekens of langer"


def fill_links(warehouse: duckdb.DuckDBPyConnection, domains: list[str], path: str, **same: object) -> None:
    for domain in domains:
        fields: dict[str, object] = {"site_domain": "kaas.example", "provider": "p", **same}
        fill(warehouse, "staging.links", f"source_domain | source_url\n{domain} | https://{domain}{path}", **fields)


def test_three_domains_share_and_one_domain_alone_does_not(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_links(warehouse, ["a.example", "b.example", "c.example"], "/Social/315305?x=1", source_title=TITLE)
    fill_links(warehouse, ["a.example"], "/social/315305", source_title=TITLE)
    fill_links(warehouse, ["d.example"] * 5, "/social/999999")
    fill_links(warehouse, ["a.example", "b.example"], "/social/777777")
    make(warehouse, "signals.shared_pages")
    check(
        warehouse,
        "signals.shared_pages",
        f"""
        trait   | value            | domain_count | is_weak
        address | /social/315305   | 3            |
        title   | {TITLE.lower()}  | 3            |
        """,
    )


@pytest.mark.parametrize("path", ["/partners/", "/forum/index.php", "/p/123456789", "/" + "x" * 28])
def test_paths_that_sites_share_by_chance_are_left_out(warehouse: duckdb.DuckDBPyConnection, path: str) -> None:
    fill_links(warehouse, [f"d{number}.example" for number in range(6)], path, source_title="Negentien tekens ..")
    make(warehouse, "signals.shared_pages")
    found = warehouse.execute("SELECT value FROM signals.shared_pages").fetchall()
    assert found == ([(path,)] if path == "/p/123456789" else [])


def test_sites_and_providers_are_told_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_links(warehouse, ["a.example", "b.example"], "/social/315305")
    fill_links(warehouse, ["c.example", "d.example"], "/social/315305", provider="q")
    fill_links(warehouse, ["e.example", "f.example"], "/social/315305", site_domain="melk.example")
    make(warehouse, "signals.shared_pages")
    assert warehouse.execute("SELECT count(*) FROM signals.shared_pages").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("domain_scores", "page_scores", "is_weak"),
    [
        ((40, 40, 40), (None,) * 3, False),
        ((1, 1, 9), (None,) * 3, True),
        ((1, None, None), (9, 9, 9), True),  # domains say more than pages
        ((None,) * 3, (0, 0, 9), True),
        ((None,) * 3, (0, 9, 9), False),
        ((None,) * 3, (None,) * 3, None),
    ],
)
def test_weak_as_far_as_authority_is_known(
    warehouse: duckdb.DuckDBPyConnection,
    domain_scores: tuple[float | None, ...],
    page_scores: tuple[float | None, ...],
    is_weak: bool | None,
) -> None:
    for number, (domain, page) in enumerate(zip(domain_scores, page_scores, strict=True)):
        scores = {"source_authority": domain, "page_authority": page}
        fill_links(warehouse, [f"d{number}.example"], "/social/315305", **scores)
    make(warehouse, "signals.shared_pages")
    assert warehouse.execute("SELECT is_weak FROM signals.shared_pages").fetchall() == [(is_weak,)]


def test_links_disclosed_as_paid_share_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_links(warehouse, ["a.example", "b.example"], "/social/315305")
    fill_links(warehouse, ["c.example"], "/social/315305", is_sponsored=True)
    make(warehouse, "signals.shared_pages")
    assert warehouse.execute("SELECT count(*) FROM signals.shared_pages").fetchall() == [(0,)]
