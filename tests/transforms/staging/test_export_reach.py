"""staging.export_reach: how far back exports still show what is gone."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, make, observe_links, rows_of

SITE = {"site_domain": "kaas.example", "provider": "p", "merged_count": 0}
MADE = ("staging.known_exports", "staging.export_reach")
LISTED = """
link_id | file_id | observed_on | last_seen_on | is_lost | lost_on
1       | f1      | 2026-02-01  | 2026-01-30   | false   |
2       | f1      | 2026-02-01  | 2025-08-01   | true    | 2025-09-04
3       | f1      | 2026-02-01  | 2025-11-01   | true    |
4       | f1      | 2026-02-01  | 2026-01-30   |         | 2026-01-31
5       | f1      | 2026-02-01  |              | true    |
"""


def test_the_oldest_lost_link_and_the_oldest_sight_tell_how_far_back(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(warehouse, LISTED, **SITE)
    make(warehouse, *MADE)
    check(
        warehouse,
        "staging.export_reach",
        """
        file_id | provider | observed_on | link_count | lost_count | lost_reach_days | last_seen_reach_days
        f1      | p        | 2026-02-01  | 5          | 4          | 150             | 184
        """,
    )


def test_what_is_lost_without_a_day_counts_by_its_last_sight(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(warehouse, "link_id | file_id | observed_on | last_seen_on\n 1 | f1 | 2026-02-01 | 2026-01-22",
                  is_lost=True, **SITE)  # fmt: skip
    make(warehouse, *MADE)
    check(warehouse, "staging.export_reach", "lost_count | lost_reach_days\n 1 | 10")


def test_an_export_without_lost_links_or_days_says_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(
        warehouse,
        """
        link_id | file_id | observed_on | last_seen_on | lost_on
        1       | f1      | 2026-02-01  |              |
        2       | f2      | 2026-02-01  | 2026-02-02   | 2026-02-02
        """,
        **SITE,
    )
    make(warehouse, *MADE)
    check(
        warehouse,
        "staging.export_reach",
        """
        file_id | link_count | lost_count | lost_reach_days | last_seen_reach_days | provider_lost_reach_days
        f1      | 1          | 0          |                 |                      |
        f2      | 1          | 1          |                 |                      |
        """,
    )


def test_a_provider_reaches_as_far_as_its_furthest_export_of_a_hundred_links(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for file_id, site, provider, count, last_seen_on in (
        ("f1", "kaas.example", "p", 100, "2025-12-01"),
        ("f2", "melk.example", "p", 120, "2025-10-01"),
        ("f3", "wijn.example", "p", 99, "2020-01-01"),
        ("f4", "kaas.example", "q", 100, "2026-01-01"),
        ("f5", "melk.example", "r", 99, "2026-01-01"),
    ):
        links = "\n".join(f"{number}" for number in range(count))
        same = {"file_id": file_id, "site_domain": site, "provider": provider, "last_seen_on": last_seen_on}
        observe_links(warehouse, f"link_id\n{links}", **same, observed_on="2026-02-01", is_lost=True, merged_count=0)
    make(warehouse, *MADE)
    check(
        warehouse,
        "staging.export_reach",
        """
        file_id | last_seen_reach_days | provider_last_seen_reach_days | provider_lost_reach_days
        f1      | 62                   | 123                           | 123
        f2      | 123                  | 123                           | 123
        f3      | 2223                 | 123                           | 123
        f4      | 31                   | 31                            | 31
        f5      | 31                   |                               |
        """,
    )


def test_only_exports_that_count_on_the_day_are_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(warehouse, f"{LISTED} 1 | f2 | 2026-03-01 | | | \n 1 | f3 | 2026-04-01 | | |", **SITE)
    warehouse.execute("UPDATE ingest.export_files SET superseded_by = 'f2' WHERE file_id = 'f1'")
    make(warehouse, *MADE, as_of="2026-03-31")
    assert rows_of(warehouse, "staging.export_reach", ["file_id", "link_count"]) == [("f2", "1")]
