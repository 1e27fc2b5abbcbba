"""signals.keyword_groups: which keywords name the site."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import fill, make


def group_of(warehouse: duckdb.DuckDBPyConnection, site: str, keyword: str, brand_words: str | None) -> str:
    """The group of one query of ``site``, for which sites.toml says ``brand_words``."""
    fill(warehouse, "staging.search_performance", f"query\n{keyword}", site_domain=site, dimension_set="query")
    fill(warehouse, "ingest.listed_sites", "standing\nlisted", site_domain=site, brand_words=brand_words)
    make(warehouse, "signals.keyword_groups")
    ((found,),) = warehouse.execute("SELECT keyword_group FROM signals.keyword_groups").fetchall()
    return str(found)


@pytest.mark.parametrize(
    ("keyword", "brand_words", "group"),
    [
        ("Kaas Huis gouda", "Kaas-Huis", "brand"),
        ("kaashuis openingstijden", "kaas huis|de kaasboer", "brand"),
        ("recensies de-kaasboer", "kaas huis|de kaasboer", "brand"),
        ("kaas kopen", "kaas huis|de kaasboer", "other"),
        ("go schoenen", "go", "brand"),
        ("gouda kaas", "go", "other"),
        ("q & a winkel", "q & a", "brand"),
    ],
)
def test_brand_words_of_the_site_list(
    warehouse: duckdb.DuckDBPyConnection, keyword: str, brand_words: str, group: str
) -> None:
    assert group_of(warehouse, "kaashuis.example", keyword, brand_words) == group


@pytest.mark.parametrize("brand_words", [None, ""])
@pytest.mark.parametrize(("keyword", "group"), [("kaas huis gouda", "brand"), ("brie kopen", "other")])
def test_without_brand_words_the_name_in_the_domain_counts(
    warehouse: duckdb.DuckDBPyConnection, keyword: str, group: str, brand_words: str | None
) -> None:
    assert group_of(warehouse, "kaas-huis.example", keyword, brand_words) == group
