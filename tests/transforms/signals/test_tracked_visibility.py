"""signals.tracked_visibility: the parts of a tracker's basket, and what becomes of them when a page vanishes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.transforms.text_tables import check, make, rows_of

PARTS = (
    "signals.keyword_groups",
    "signals.tracked_keywords",
    "signals.tracked_segments",
    "signals.tracked_visibility",
)
KAAS, BRIE, BLOG = "https://www.kaas.example/Kaas", "https://kaas.example/winkel/brie?ref=1", "kaas.example/blog/"


def track(
    warehouse: duckdb.DuckDBPyConnection,
    keyword: str,
    page: str | Callable[[int], str | None],
    position: Callable[[int], float | None] = lambda _: 1.0,
    **said: str | float,
) -> None:
    """Twenty daily checks of a keyword of 100 searches a month."""
    rows = pd.DataFrame(
        {
            "site_domain": "kaas.example",
            "keyword": keyword,
            "ranked_on": [datetime.date(2026, 1, 1) + datetime.timedelta(days=offset) for offset in range(20)],
            "position": [position(offset) for offset in range(20)],
            "page_url": [page if isinstance(page, str) else page(offset) for offset in range(20)],
            "search_volume": 100.0,
            "provider": "se_ranking",
            "tracked_depth": 50,
        }
    ).assign(**said)
    warehouse.register("rows", rows)
    warehouse.execute("INSERT INTO staging.rankings BY NAME SELECT * FROM rows")
    warehouse.unregister("rows")


def segments_of(warehouse: duckdb.DuckDBPyConnection, **changed: Any) -> list[str]:
    """The segments that are followed, but for the whole site."""
    make(warehouse, *PARTS, **changed)
    found = warehouse.execute(
        "SELECT DISTINCT segment FROM signals.tracked_visibility WHERE segment <> 'site'"
    ).fetchall()
    return sorted(segment for (segment,) in found)


def test_a_basket_is_split_by_page_directory_brand_market_and_device(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "kaas winkel", KAAS, country="nl", device="mobile")
    track(warehouse, "brie", BRIE, lambda _: 2.0, country="be", device="desktop")
    make(warehouse, *PARTS)
    check_day(
        warehouse,
        """
        segment_kind | segment            | visibility | position | basket_size | ranked_count
        site         | site               | 44.2       | 1.5      | 2           | 2
        page         | page:/kaas         | 28.5       | 1        | 1           | 1
        page         | page:/winkel/brie  | 15.7       | 2        | 1           | 1
        directory    | directory:/        | 28.5       | 1        | 1           | 1
        directory    | directory:/winkel/ | 15.7       | 2        | 1           | 1
        keywords     | keywords:brand     | 28.5       | 1        | 1           | 1
        keywords     | keywords:other     | 15.7       | 2        | 1           | 1
        market       | market:nl          | 28.5       | 1        | 1           | 1
        market       | market:be          | 15.7       | 2        | 1           | 1
        device       | device:mobile      | 28.5       | 1        | 1           | 1
        device       | device:desktop     | 15.7       | 2        | 1           | 1
        """,
    )


def check_day(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    """Assert the rows of the last day."""
    warehouse.execute("DELETE FROM signals.tracked_visibility WHERE day <> DATE '2026-01-20'")
    check(warehouse, "signals.tracked_visibility", text)


def test_a_keyword_whose_page_vanishes_is_a_loss_of_that_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "brie", lambda day: BRIE if day < 12 else None, lambda day: 1.0 if day < 12 else None)
    track(warehouse, "nieuws", BLOG)
    make(warehouse, *PARTS)
    check_day(
        warehouse,
        """
        segment            | visibility | position | basket_size | ranked_count
        site               | 28.5       | 26       | 2           | 1
        page:/winkel/brie  | 0          | 51       | 1           | 0
        page:/blog/        | 28.5       | 1        | 1           | 1
        directory:/winkel/ | 0          | 51       | 1           | 0
        directory:/blog/   | 28.5       | 1        | 1           | 1
        """,
    )


def test_the_page_of_a_keyword_is_the_one_on_most_days_whatever_ranks_later(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    track(warehouse, "brie", lambda day: BRIE if day < 11 else KAAS)
    track(warehouse, "geit", lambda day: BLOG if day < 10 else KAAS)
    track(warehouse, "onvindbaar", lambda _: None, lambda _: None)
    make(warehouse, "signals.keyword_groups", "signals.tracked_keywords")
    assert rows_of(warehouse, "signals.tracked_keywords", ("keyword", "page_path")) == [
        ("brie", "/winkel/brie"),
        ("geit", "/kaas"),
        ("onvindbaar", None),
    ]


def test_the_home_page_is_a_slash_however_it_is_spelt(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "brie", "https://kaas.example")
    track(warehouse, "geit", "http://www.kaas.example/?a=/b/c")
    track(warehouse, "blog", BLOG)
    assert segments_of(warehouse) == ["directory:/", "directory:/blog/", "page:/", "page:/blog/"]


def test_a_part_that_is_the_whole_basket_is_not_told_twice(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "brie", BRIE, country="nl", device="mobile")
    assert segments_of(warehouse) == []


def test_few_searches_and_all_but_the_largest_pages_are_left_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    for number, volume in enumerate((3.0, 40.0, 50.0, 60.0)):
        track(warehouse, f"k {number}", f"https://kaas.example/{number}/", search_volume=volume)
    assert segments_of(warehouse, page_segments=2, directory_segments=10) == [
        "directory:/1/",
        "directory:/2/",
        "directory:/3/",
        "page:/2/",
        "page:/3/",
    ]


def test_trackers_are_never_mixed(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "brie", BRIE)
    track(warehouse, "geit", BLOG)
    track(warehouse, "brie", BRIE, lambda _: 10.0, provider="andere")
    make(warehouse, *PARTS)
    check_day(
        warehouse,
        """
        provider   | segment            | visibility
        se_ranking | site               | 57
        se_ranking | page:/winkel/brie  | 28.5
        se_ranking | page:/blog/        | 28.5
        se_ranking | directory:/winkel/ | 28.5
        se_ranking | directory:/blog/   | 28.5
        andere     | site               | 2.5
        """,
    )


@pytest.mark.parametrize("site_first", [True, False])
def test_sites_do_not_share_numbers(warehouse: duckdb.DuckDBPyConnection, site_first: bool) -> None:
    track(warehouse, "brie", BRIE)
    track(warehouse, "geit", BLOG)
    other = "a.example" if site_first else "z.example"
    warehouse.execute(
        f"INSERT INTO staging.rankings BY NAME SELECT * REPLACE ('{other}' AS site_domain, 3.0 AS position) "
        "FROM staging.rankings"
    )
    make(warehouse, *PARTS)
    found = warehouse.execute(
        "SELECT DISTINCT site_domain, visibility FROM signals.tracked_visibility "
        "WHERE segment = 'page:/blog/' ORDER BY visibility"
    ).fetchall()
    assert found == [(other, pytest.approx(11.0)), ("kaas.example", pytest.approx(28.5))]
