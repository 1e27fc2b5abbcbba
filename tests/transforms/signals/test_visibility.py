"""signals.visibility of whole sites: clicks as they are, tracked keywords over a fixed basket, indexes as told."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make
from transforms.schemas import signals_visibility

FIRST = datetime.date(2026, 1, 1)
PARTS = tuple(declared.name for declared in signals_visibility.TABLES)


def track(
    warehouse: duckdb.DuckDBPyConnection,
    keyword: str,
    position: Callable[[int], float | None],
    *,
    volume: Callable[[int], float | None] = lambda _: 100.0,
    depth: Callable[[int], int | None] = lambda _: None,
    days: range = range(20),
) -> None:
    """Daily checks of a keyword from the first of January on."""
    for offset in days:
        warehouse.execute(
            "INSERT INTO staging.rankings "
            "(site_domain, provider, keyword, ranked_on, position, search_volume, tracked_depth) "
            "VALUES ('kaas.example', 'se_ranking', ?, ?, ?, ?, ?)",
            [keyword, FIRST + datetime.timedelta(days=offset), position(offset), volume(offset), depth(offset)],
        )


def days_of(warehouse: duckdb.DuckDBPyConnection) -> list[Any]:
    """Visibility, position, basket size and ranked count, by day."""
    make(warehouse, *PARTS)
    return warehouse.execute(
        "SELECT visibility, position, basket_size, ranked_count FROM signals.visibility "
        "WHERE segment = 'site' ORDER BY day"
    ).fetchall()


def test_clicks_of_search_performance_are_visibility(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        """
        INSERT INTO staging.search_performance BY NAME
        SELECT 'kaas.example' AS site_domain, 'search_console' AS provider, * FROM (VALUES
          ('day', DATE '2026-01-01', 12.0, 240.0, 8.5), ('day', DATE '2026-01-02', 0.0, 0.0, NULL),
          ('device', DATE '2026-01-01', 7.0, 100.0, 8.0)
        ) AS rows (dimension_set, performed_on, clicks, impressions, position)
        """
    )
    make(warehouse, *PARTS)
    check(
        warehouse,
        "signals.visibility",
        """
        segment_kind | segment | provider       | day        | visibility | impressions | position | basket_size
        site         | site    | search_console | 2026-01-01 | 12         | 240         | 8.5      |
        site         | site    | search_console | 2026-01-02 | 0          | 0           |          |
        """,
    )


def test_volume_times_click_curve_and_an_unranked_keyword_counts_zero(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "kaas", lambda _: 1.0)
    track(warehouse, "brie", lambda day: 10.0 if day < 15 else None, volume=lambda _: 1000.0)
    days = days_of(warehouse)
    assert len(days) == 20
    assert days[0] == (pytest.approx(100 * 0.285 + 1000 * 0.025), 5.5, 2, 2)
    assert days[19] == (pytest.approx(100 * 0.285), (1 + 101) / 2, 2, 1)


def test_all_unranked_is_zero_and_not_left_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "kaas", lambda day: 1.0 if day < 10 else None)
    assert days_of(warehouse)[-1] == (0.0, 101.0, 1, 0)


def test_positions_are_cut_off_at_the_least_depth_so_that_a_shallower_tracker_is_no_gain(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    track(warehouse, "kaas", lambda day: 60.0 if day < 10 else None, depth=lambda day: 100 if day < 10 else 20)
    assert {position for _, position, *_ in days_of(warehouse)} == {21.0}


def test_the_basket_is_fixed_rarely_checked_keywords_stay_out(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "kaas", lambda _: 1.0)
    track(warehouse, "sometimes", lambda _: 1.0, days=range(0, 20, 2))
    track(warehouse, "mostly", lambda _: 1.0, days=range(4, 20))
    assert {(round(visibility, 6), basket) for visibility, _, basket, _ in days_of(warehouse)} == {(57.0, 2)}


def test_a_missed_check_is_neither_ranked_nor_unranked(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "kaas", lambda _: 1.0)
    track(warehouse, "brie", lambda _: 1.0, days=range(1, 20))
    assert days_of(warehouse)[0] == (pytest.approx(57.0), 1.0, 2, 1)


def test_a_change_of_volume_is_no_change_of_visibility(warehouse: duckdb.DuckDBPyConnection) -> None:
    track(warehouse, "kaas", lambda _: 1.0, volume=lambda day: 10.0 * (day + 1) if day < 19 else None)
    assert {round(visibility, 6) for visibility, *_ in days_of(warehouse)} == {54.15}


@pytest.mark.parametrize("volume", [None, 0.0])
def test_an_unknown_volume_counts_as_one(warehouse: duckdb.DuckDBPyConnection, volume: float | None) -> None:
    track(warehouse, "kaas", lambda _: 2.0, volume=lambda _: volume)
    assert days_of(warehouse)[0][0] == pytest.approx(0.157)


@pytest.mark.parametrize(("day_count", "found"), [(13, 0), (14, 14)])
def test_a_few_days_of_tracking_are_no_series(warehouse: duckdb.DuckDBPyConnection, day_count: int, found: int) -> None:
    track(warehouse, "kaas", lambda _: 1.0, days=range(day_count))
    assert len(days_of(warehouse)) == found


@pytest.mark.parametrize(
    ("position", "share"),
    [(1.0, 0.285), (1.4, 0.285), (1.6, 0.157), (10.0, 0.025), (11.0, 0.006), (50.0, 0.002), (100.0, 0.001)],
)
def test_click_curve(warehouse: duckdb.DuckDBPyConnection, position: float, share: float) -> None:
    track(warehouse, "kaas", lambda _: position, volume=lambda _: 1.0)
    assert days_of(warehouse)[0][0] == pytest.approx(share)


def test_an_index_is_a_series_of_its_own_for_each_metric_that_measures_visibility(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    fill(
        warehouse,
        "staging.visibility_index",
        """
        provider           | metric             | country | device | measured_on | visibility
        sistrix_visibility | sistrix_visibility |         |        | 2026-01-05  | 0.0123
        semrush_trend      | organic_traffic    |         |        | 2026-01-01  | 900
        semrush_trend      | organic_traffic    | nl      |        | 2026-01-01  | 700
        semrush_trend      | paid_traffic       |         |        | 2026-01-01  | 40
        other_index        | organic_traffic    | be      |        | 2026-01-01  | 5
        other_index        | organic_traffic    | nl      |        | 2026-01-01  | 50
        other_index        | organic_traffic    | nl      |        | 2026-02-01  | 60
        """,
        site_domain="kaas.example",
    )
    make(warehouse, *PARTS)
    check(
        warehouse,
        "signals.visibility",
        """
        segment_kind | segment | provider                      | day        | visibility
        site         | site    | sistrix_visibility            | 2026-01-05 | 12.3
        site         | site    | semrush_trend_organic_traffic | 2026-01-01 | 900
        site         | site    | other_index_organic_traffic   | 2026-01-01 | 50
        site         | site    | other_index_organic_traffic   | 2026-02-01 | 60
        """,
    )


def test_a_stray_row_of_the_whole_world_does_not_displace_the_series_of_a_country(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    values = "provider | country | device | measured_on | visibility\n"
    values += "few |  |  | 2026-01-01 | 900\n most |  |  | 2026-01-01 | \n"
    values += "".join(
        f"few | nl | | 2026-01-{day:02d} | 5\n most | nl | | 2026-01-{day:02d} | 5\n" for day in range(1, 6)
    )
    values += "".join(f"most | | | 2026-01-{day:02d} | 9\n" for day in range(2, 6))
    fill(warehouse, "staging.visibility_index", values, site_domain="kaas.example", metric="organic_traffic")
    make(warehouse, *PARTS)
    found = warehouse.execute(
        "SELECT provider, min(visibility), max(visibility), count(*) FROM signals.visibility GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert found == [("few_organic_traffic", 5.0, 5.0, 5), ("most_organic_traffic", 9.0, 9.0, 4)]
