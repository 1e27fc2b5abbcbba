"""signals.search_visibility: clicks of each part of a site, and what a missing row is."""

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
    "signals.search_days",
    "signals.search_members",
    "signals.search_segments",
    "signals.search_visibility",
)
FIRST = datetime.date(2026, 1, 26)
"""A Monday that begins a block of four weeks."""

DAYS = 84
Clicks = Callable[[int], "float | None"]


def perform(
    warehouse: duckdb.DuckDBPyConnection,
    dimension_set: str,
    clicks: float | Clicks = 4.0,
    *,
    days: range = range(DAYS),
    position: float | None = 2.0,
    **said: str,
) -> None:
    """Daily rows of one page, query, country or device; no row where ``clicks`` says None. Ten impressions a click."""
    counts = [(offset, clicks(offset) if callable(clicks) else clicks) for offset in days]
    shown = [(offset, count) for offset, count in counts if count is not None]
    rows = pd.DataFrame(
        {
            "site_domain": "kaas.example",
            "provider": "search_console",
            "dimension_set": dimension_set,
            "performed_on": [FIRST + datetime.timedelta(days=offset) for offset, _ in shown],
            "clicks": [count for _, count in shown],
            "impressions": [10 * count for _, count in shown],
            "position": position,
        }
    ).assign(**said)
    warehouse.register("rows", rows)
    warehouse.execute("INSERT INTO staging.search_performance BY NAME SELECT * FROM rows")
    warehouse.unregister("rows")


def clicks_of(warehouse: duckdb.DuckDBPyConnection, segment: str, **changed: Any) -> list[float]:
    """Clicks of the segment on each day that is known, in order."""
    make(warehouse, *PARTS, **changed)
    return [
        clicks
        for (clicks,) in warehouse.execute(
            "SELECT visibility FROM signals.search_visibility WHERE segment = ? ORDER BY day", [segment]
        ).fetchall()
    ]


def segments_of(warehouse: duckdb.DuckDBPyConnection, **changed: Any) -> list[str]:
    """The segments that are followed."""
    make(warehouse, *PARTS, **changed)
    found = warehouse.execute("SELECT DISTINCT segment FROM signals.search_visibility").fetchall()
    return sorted(segment for (segment,) in found)


def test_every_kind_of_segment(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", page_url="https://www.kaas.example/Winkel/Brie?a=1", position=1.0)
    perform(warehouse, "page", 8.0, page_url="http://kaas.example/winkel/brie", position=4.0)
    perform(warehouse, "page", page_url="https://kaas.example")
    perform(warehouse, "query", query="kaas winkel")
    perform(warehouse, "query", 5.0, query="brie")
    perform(warehouse, "country", country="nl")
    perform(warehouse, "country", country="Onbekend gebied")
    perform(warehouse, "device", device="mobile")
    make(warehouse, *PARTS)
    warehouse.execute("DELETE FROM signals.search_visibility WHERE day <> DATE '2026-02-10'")
    check(
        warehouse,
        "signals.search_visibility",
        """
        segment_kind | segment            | provider       | visibility | impressions | position
        page         | page:/winkel/brie  | search_console | 12         | 120         | 3
        page         | page:/             | search_console | 4          | 40          | 2
        directory    | directory:/winkel/ | search_console | 12         | 120         | 3
        directory    | directory:/        | search_console | 4          | 40          | 2
        keywords     | keywords:brand     | search_console | 4          | 40          | 2
        keywords     | keywords:other     | search_console | 5          | 50          | 2
        market       | market:nl          | search_console | 4          | 40          | 2
        device       | device:mobile      | search_console | 4          | 40          | 2
        """,
    )


def test_a_page_that_is_shown_nearly_every_day_and_has_no_row_had_no_click(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    perform(warehouse, "page", lambda day: None if day >= 60 or day == 7 else 4.0, page_url="https://kaas.example/a")
    perform(warehouse, "page", page_url="https://kaas.example/b")
    found = clicks_of(warehouse, "page:/a")
    assert found == [0.0 if day >= 60 or day == 7 else 4.0 for day in range(DAYS)]


def test_a_page_without_clicks_has_no_position(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", lambda day: None if day == 7 else 4.0, page_url="https://kaas.example/a")
    perform(warehouse, "page", page_url="https://kaas.example/b")
    make(warehouse, *PARTS)
    assert warehouse.execute(
        "SELECT day, impressions FROM signals.search_visibility WHERE segment = 'page:/a' AND position IS NULL"
    ).fetchall() == [(datetime.date(2026, 2, 2), 0.0)]


def test_a_day_that_the_export_does_not_cover_is_unknown(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", lambda day: None if day == 7 else 4.0, page_url="https://kaas.example/a")
    assert len(clicks_of(warehouse, "page:/a")) == DAYS - 1


def test_a_day_on_which_the_site_was_not_shown_at_all_is_zero_for_its_parts(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    perform(warehouse, "page", lambda day: None if day >= 70 else 4.0, page_url="https://kaas.example/a")
    perform(warehouse, "day", lambda day: 0.0 if day >= 70 else 4.0)
    assert clicks_of(warehouse, "page:/a") == [4.0] * 70 + [0.0] * 14


def test_nothing_is_said_before_the_first_row_of_a_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", page_url="https://kaas.example/a", days=range(20, DAYS))
    perform(warehouse, "page", page_url="https://kaas.example/b")
    assert len(clicks_of(warehouse, "page:/a")) == DAYS - 20


@pytest.mark.parametrize(
    ("clicks", "is_kept"),
    [
        (lambda day: 1.0, True),
        (lambda day: 0.9, False),
        (lambda day: 100.0 if day < 28 else 0.5, False),
        (lambda day: 4.0 if day < 56 else None, True),
        (lambda day: 40.0 if day % 7 == 0 else None, False),
    ],
    ids=["a click a day", "less", "one busy month", "vanished", "seldom shown"],
)
def test_which_pages_are_followed(warehouse: duckdb.DuckDBPyConnection, clicks: Clicks, is_kept: bool) -> None:
    perform(warehouse, "page", clicks, page_url="https://kaas.example/map/a")
    perform(warehouse, "page", page_url="https://kaas.example/b")
    assert ("page:/map/a" in segments_of(warehouse)) == is_kept


def test_a_directory_counts_rare_pages_too(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", page_url="https://kaas.example/blog/a")
    perform(warehouse, "page", 2.0, page_url="https://kaas.example/blog/b", days=range(50, 51))
    found = clicks_of(warehouse, "directory:/blog/")
    assert (found[50], sum(found)) == (6.0, 4.0 * DAYS + 2.0)


def test_rare_queries_stay_out_of_the_basket_and_kept_ones_in(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "query", lambda day: 4.0 if day < 60 else None, query="brie")
    perform(warehouse, "query", 0.5, query="geit")
    perform(warehouse, "query", lambda day: 9.0 if day % 3 == 0 else None, query="schaap")
    assert clicks_of(warehouse, "keywords:other") == [4.5] * 60 + [0.5] * 24


def test_the_largest_pages_are_kept(warehouse: duckdb.DuckDBPyConnection) -> None:
    for number in range(3):
        perform(warehouse, "page", 2.0 + number, page_url=f"https://kaas.example/{number}/")
    assert segments_of(warehouse, page_segments=1, directory_segments=2) == [
        "directory:/1/",
        "directory:/2/",
        "page:/2/",
    ]


def test_one_dimension_set_is_read_the_plainest(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", 3.0, page_url="https://kaas.example/a")
    for query in ("brie", "geit"):
        perform(warehouse, "page_query", 1.0, page_url="https://kaas.example/a", query=query)
    assert set(clicks_of(warehouse, "page:/a")) == {3.0}
    assert set(clicks_of(warehouse, "keywords:other")) == {2.0}


def test_a_plain_set_of_few_days_gives_way_to_a_fuller_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "page", 3.0, page_url="https://kaas.example/a", days=range(60, DAYS))
    for query in ("brie", "geit"):
        perform(warehouse, "page_query", 1.0, page_url="https://kaas.example/a", query=query)
    assert clicks_of(warehouse, "page:/a") == [2.0] * DAYS
    assert rows_of(warehouse, "signals.search_members", ("dimension", "dimension_set", "member")) == [
        ("page", "page_query", "https://kaas.example/a"),
        ("query", "page_query", "brie"),
        ("query", "page_query", "geit"),
    ]


def test_days_are_counted_once_in_a_set_of_several_dimensions(warehouse: duckdb.DuckDBPyConnection) -> None:
    def every_third(day: int) -> float | None:
        return 9.0 if day % 3 == 0 else None

    for device in ("mobile", "desktop", "tablet"):
        perform(warehouse, "page_device", every_third, page_url="https://kaas.example/a", device=device)
        perform(warehouse, "page_device", page_url="https://kaas.example/b", device=device)
    assert "page:/a" not in segments_of(warehouse)


def test_two_weeks_of_rows_are_needed(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "device", device="mobile", days=range(13))
    make(warehouse, *PARTS)
    assert rows_of(warehouse, "signals.search_days") == []


def test_providers_are_never_mixed(warehouse: duckdb.DuckDBPyConnection) -> None:
    perform(warehouse, "device", 4.0, device="mobile")
    perform(warehouse, "device", 7.0, device="mobile", provider="bing")
    make(warehouse, *PARTS)
    found = warehouse.execute(
        "SELECT DISTINCT provider, visibility FROM signals.search_visibility ORDER BY 1"
    ).fetchall()
    assert found == [("bing", 7.0), ("search_console", 4.0)]


def test_addresses_that_take_turns_are_one_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    for turn in range(2):
        address = f"https://kaas.example/a?version={turn}"
        perform(warehouse, "page", 4.0 + turn, page_url=address, days=range(turn, DAYS, 2))
    assert clicks_of(warehouse, "page:/a") == [4.0, 5.0] * (DAYS // 2)
