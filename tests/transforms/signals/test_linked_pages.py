"""signals.linked_pages and signals.site_pages: the pages that links lead to, and what they look like."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make, parse

KINDS = """
target                                    | path                        | kind
https://kaas.example                      | ''                          | home
https://kaas.example/                     | /                           | home
https://kaas.example/nl/                  | /nl/                        | home
https://kaas.example/Index.html           | /index.html                 | home
https://kaas.example/logo.PNG?x=1         | /logo.png                   | file
https://kaas.example/shop/gouda           | /shop/gouda                 | commercial
https://kaas.example/nl/producten/        | /nl/producten/              | commercial
https://kaas.example/gouda-kopen          | /gouda-kopen                | commercial
https://kaas.example/blog/gouda           | /blog/gouda                 | informational
https://kaas.example/2026/05/gouda        | /2026/05/gouda              | informational
https://kaas.example/hoe-wordt-kaas-rond  | /hoe-wordt-kaas-rond        | informational
https://kaas.example/over-ons             | /over-ons                   | other
https://kaas.example/workshop/            | /workshop/                  | other
"""


def test_what_each_page_looks_like(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = parse(KINDS)[1]
    for number, (target, _, _) in enumerate(rows):
        fill(warehouse, "staging.links", f"link_id\n{number}", site_domain="kaas.example", target_url=target)
    make(warehouse, "signals.linked_pages")
    lines = [f"{target} | {path or chr(39) * 2} | {kind} | 1" for target, path, kind in rows]
    check(warehouse, "signals.linked_pages", "\n".join(["target_url | target_path | target_kind | link_count", *lines]))


def test_links_of_all_providers_count_and_pages_of_the_site_are_ranked(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.links",
        """
        provider | site_domain  | target_url
        p        | kaas.example | https://kaas.example/a
        q        | kaas.example | https://kaas.example/A?x=1
        p        | kaas.example | https://kaas.example/b
        p        | kaas.example | https://kaas.example/c
        p        | kaas.example | https://kaas.example/
        p        | melk.example | https://melk.example/a
        """,
    )
    make(warehouse, "signals.linked_pages")
    make(warehouse, "signals.site_pages", site_page_count=2)
    check(
        warehouse,
        "signals.site_pages",
        """
        site_domain  | page_path | link_count
        kaas.example | /a        | 2
        kaas.example | /b        | 1
        melk.example | /a        | 1
        """,
    )
