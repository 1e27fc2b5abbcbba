"""signals.anchors: what each anchor text is, and how many domains use it."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, parse

NEEDS = ("signals.linked_pages", "signals.site_pages", "signals.site_keywords", "signals.site_words", "signals.anchors")
SORTS = """
anchor                                      | kind
''                                          | empty
kaas-boer.example                           | own_address
https://www.kaas-boer.example/winkel        | own_address
www.elders.example                          | address
elders.example/pagina                       | address
zie kaas-boer.example                       | address
TG @koper                                   | address
Kaas-Boer                                   | brand
de boer met kaas                            | brand
Kaasbóer                                    | brand
bij de Zuivelmeester                        | brand
kaas                                        | half_brand
klik hier!                                  | generic
Read more                                   | generic
website                                     | generic
goedkope gouda                              | money
buy cheese online                           | money
zachte gouda                                | keyword
gouda van het land                          | keyword
hoe je in vijf stappen gouda maakt          | phrase
een lange zin over gouda uit Noord-Holland  | phrase
goudakoperij                                | keyword
bio                                         | phrase
"""


def fill_links(warehouse: duckdb.DuckDBPyConnection, anchors: list[str | None], **same: object) -> None:
    fill(warehouse, "staging.known_exports", "site_domain\nkaas-boer.example")
    for number, anchor in enumerate(anchors):
        domain = f"d{number}.example"
        fields: dict[str, object] = {"provider": "p", "source_domain": domain, **same}
        fill(
            warehouse, "staging.links", f"link_id\n{number}", anchor_text=anchor, site_domain="kaas-boer.example",
            source_url=f"https://{domain}/", target_url="https://kaas-boer.example/", **fields,
        )  # fmt: skip


def test_what_each_anchor_text_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, "ingest.listed_sites", "site_domain | brand_words\nkaas-boer.example | Zuivelmeester")
    rows = parse(SORTS)[1]
    fill_links(warehouse, [anchor for anchor, _ in rows])
    make(warehouse, *NEEDS)
    found = warehouse.execute("SELECT anchor, anchor_kind FROM signals.anchors").fetchall()
    assert dict(found) == {str(anchor).lower(): kind for anchor, kind in rows}


def test_domains_are_counted_once_whatever_the_case_and_providers_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_links(warehouse, ["Zachte Gouda ", "zachte gouda", "zachte gouda"])
    fill_links(warehouse, ["zachte gouda", "zachte gouda"], source_domain="d0.example")
    fill_links(warehouse, ["zachte gouda", None], provider="q")
    make(warehouse, *NEEDS)
    check(
        warehouse,
        "signals.anchors",
        """
        provider | anchor       | domain_count
        p        | zachte gouda | 3
        q        | zachte gouda | 1
        q        | ''           | 1
        """,
    )


@pytest.mark.parametrize(("keyword", "found"), [("Zachte Gouda", True), ("gouda", False)])
def test_an_anchor_is_a_site_keyword_when_a_tracker_follows_it(
    warehouse: duckdb.DuckDBPyConnection, keyword: str, found: bool
) -> None:
    fill(warehouse, "staging.rankings", f"keyword\n{keyword}", site_domain="kaas-boer.example", provider="t")
    fill_links(warehouse, ["zachte gouda"])
    make(warehouse, *NEEDS)
    assert warehouse.execute("SELECT is_site_keyword FROM signals.anchors").fetchall() == [(found,)]
