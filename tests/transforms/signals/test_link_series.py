"""signals.link_series: where each series begins and ends."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import KNOWN_LINKS, check, fill, make, observe_rows, rows_of


def test_a_series_ends_at_its_own_newest_export(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.links",
        """
        link_id | provider | source_domain | first_seen_on | last_seen_on | lost_on
        1       | p        | a.example     | 2025-01-01    | 2026-01-02   |
        2       | p        | a.example     | 2025-06-01    | 2025-12-30   | 2025-12-31
        3       | p        | b.example     |               |              |
        4       | q        | b.example     |               |              |
        """,
        site_domain="kaas.example",
    )
    fill(
        warehouse,
        "staging.link_observations",
        """
        link_id | provider | file_id | observed_on
        1       | p        | f1      | 2026-01-01
        2       | p        | f2      | 2026-02-01
        3       | p        | f3      | 2026-02-01
        4       | q        | f4      | 2026-01-05
        5       | p        | f5      | 2026-09-01
        """,
        site_domain="kaas.example",
    )
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | is_truncated\n f1 | true\n f2 | false\n f3 | true\n f4 |\n f5 | false",
    )
    make(warehouse, "signals.link_series", as_of="2026-06-30")
    check(
        warehouse,
        "signals.link_series",
        """
        provider | starts_on  | ends_on    | is_truncated | export_count | link_count | domain_count | dated_share | loss_horizon_on
        p        | 2025-01-01 | 2026-02-01 | true         | 2            | 3          | 2            | 0.666667    | 2025-12-31
        q        |            | 2026-01-05 | false        | 1            | 1          | 1            | 0           |
        """,  # noqa: E501
    )


def export(
    warehouse: duckdb.DuckDBPyConnection, file_id: str, observed_on: str, days: dict[str, int], *, cut: bool = False
) -> None:
    """An export with so many links first seen on each day; the same links in every export, by day and number."""
    rows = [
        {
            "link_id": 1000 * int(day.replace("-", "")) + number,
            "source_domain": f"d{day}-{number}.example",
            "source_url": f"https://d{day}-{number}.example/",
            "target_url": "https://kaas.example/",
            "first_seen_on": day,
            "file_id": file_id,
            "observed_on": observed_on,
            "site_domain": "kaas.example",
            "provider": "p",
            "merged_count": 0,
        }
        for day, count in days.items()
        for number in range(count)
    ]
    observe_rows(warehouse, rows)
    warehouse.execute("UPDATE ingest.export_files SET is_truncated = ? WHERE file_id = ?", [cut, file_id])


def complete_days(warehouse: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    make(warehouse, *KNOWN_LINKS, "signals.link_series", as_of="2026-12-31")
    rows = rows_of(warehouse, "signals.link_series", ("complete_from_on", "complete_until_on"))
    return str(rows[0][0]), str(rows[0][1])


HISTORY = {"2025-01-10": 20, "2025-06-10": 20, "2025-12-10": 10}
RECENT = {"2026-02-01": 5, "2026-02-10": 5}


def test_days_are_whole_up_to_a_full_export_and_in_part_beyond_one_cut_off_by_authority(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    export(warehouse, "full", "2026-01-01", HISTORY)
    assert complete_days(warehouse) == ("2025-01-10", "2026-01-01")
    export(warehouse, "cut", "2026-03-01", {"2025-01-10": 10, "2026-02-10": 2}, cut=True)
    assert complete_days(warehouse) == ("2025-01-10", "2026-01-01")
    export(warehouse, "full again", "2026-04-01", HISTORY | RECENT)
    assert complete_days(warehouse) == ("2025-01-10", "2026-04-01")


def test_one_export_cut_off_in_an_unknown_order_lists_no_day_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    export(warehouse, "cut", "2026-01-01", HISTORY, cut=True)
    assert complete_days(warehouse) == ("None", "None")


def test_a_list_of_recent_links_speaks_for_its_own_days_after_a_gap(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Between the full export and the report of new links nothing is known: its first day is no rise."""
    export(warehouse, "full", "2026-01-01", HISTORY)
    export(warehouse, "new", "2026-03-01", RECENT)
    assert complete_days(warehouse) == ("2026-02-01", "2026-03-01")


def test_the_first_day_of_a_list_cut_off_by_date_is_cut_itself(warehouse: duckdb.DuckDBPyConnection) -> None:
    export(warehouse, "full", "2026-01-01", HISTORY)
    export(warehouse, "latest", "2026-03-01", RECENT, cut=True)
    assert complete_days(warehouse) == ("2026-02-02", "2026-03-01")


def test_lists_of_recent_links_that_meet_leave_no_gap(warehouse: duckdb.DuckDBPyConnection) -> None:
    export(warehouse, "full", "2026-02-05", HISTORY | {"2026-02-01": 5})
    export(warehouse, "new", "2026-02-20", {"2026-02-06": 3, "2026-02-10": 5})
    export(warehouse, "newer", "2026-03-01", {"2026-02-20": 3, "2026-02-25": 5})
    assert complete_days(warehouse) == ("2025-01-10", "2026-03-01")


def test_an_export_that_lost_its_few_oldest_links_is_no_list_of_recent_ones(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    export(warehouse, "full", "2026-01-01", HISTORY | {"2024-01-01": 5})
    export(warehouse, "survivors", "2026-03-01", HISTORY | RECENT)
    assert complete_days(warehouse) == ("2024-01-01", "2026-03-01")


def test_a_provider_without_dates_has_no_days(warehouse: duckdb.DuckDBPyConnection) -> None:
    observed = {"file_id": "f", "observed_on": "2026-01-01", "site_domain": "kaas.example", "provider": "p"}
    observe_rows(warehouse, [{"link_id": 1, "merged_count": 0, **observed}])
    assert complete_days(warehouse) == ("None", "None")
