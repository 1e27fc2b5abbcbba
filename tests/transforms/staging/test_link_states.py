"""staging.link_states: what is known of each link where there is more than one export."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, observe_links

SITE = {"site_domain": "kaas.example", "provider": "p", "merged_count": 0}
MADE = ("staging.known_exports", "staging.link_states")
TWICE = """
link_id | file_id | observed_on
1       | f1      | 2026-01-01
2       | f1      | 2026-01-01
1       | f2      | 2026-02-01
"""


def declare(warehouse: duckdb.DuckDBPyConnection, file_id: str, fact: str) -> None:
    warehouse.execute(f"UPDATE ingest.export_files SET {fact} WHERE file_id = ?", [file_id])


def test_the_newest_observation_describes_the_link(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(
        warehouse,
        """
        link_id | file_id | observed_on | described_in | first_seen_on | last_seen_on | source_authority | is_nofollow
        1       | f2      | 2026-02-01  | f1           | 2026-01-05    | 2026-01-30   | 7                |
        1       | f1      | 2026-01-01  | f1           | 2025-12-24    | 2025-12-31   | 5                | true
        1       | f0      | 2025-12-01  | f0           |               |              | 3                | true
        """,
        **SITE,
    )
    make(warehouse, *MADE)
    columns = "link_id | described_in | first_seen_on | last_seen_on | source_authority | is_nofollow"
    check(warehouse, "staging.link_states", f"{columns}\n 1 | f1 | 2025-12-24 | 2026-01-30 | 7 |")
    days = "link_id | observed_on | first_observed_on | observation_count"
    check(warehouse, "staging.link_states", f"{days}\n 1 | 2026-02-01 | 2025-12-01 | 3")


def test_links_of_an_only_export_have_no_state(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(warehouse, TWICE, **SITE)
    observe_links(warehouse, "link_id | file_id | observed_on\n 9 | g1 | 2026-01-01", **(SITE | {"provider": "q"}))
    make(warehouse, *MADE)
    check(warehouse, "staging.link_states", "link_id | provider | observation_count\n 1 | p | 2\n 2 | p | 1")


@pytest.mark.parametrize(
    ("declared", "lost_on"),
    [
        ("is_complete = true", "2026-02-01"),
        ("is_complete = false", ""),
        ("is_complete = NULL", ""),
        ("is_truncated = true, truncated_by = 'row cap', is_complete = false", ""),
    ],
)
def test_a_link_is_lost_by_a_later_export_only_if_that_is_complete(
    warehouse: duckdb.DuckDBPyConnection, declared: str, lost_on: str
) -> None:
    observe_links(warehouse, TWICE, **SITE)
    declare(warehouse, "f2", declared)
    make(warehouse, *MADE)
    is_lost = str(bool(lost_on)).lower()
    check(warehouse, "staging.link_states", f"link_id | is_lost | lost_on\n 1 | false | \n 2 | {is_lost} | {lost_on}")


@pytest.mark.parametrize("complete", ["f1", "g2", "f0"])
def test_a_complete_export_of_before_or_elsewhere_proves_nothing(
    warehouse: duckdb.DuckDBPyConnection, complete: str
) -> None:
    observe_links(warehouse, f"{TWICE} 3 | f0 | 2025-12-01", **SITE)
    observe_links(warehouse, "link_id | file_id | observed_on\n 9 | g2 | 2026-02-01", **(SITE | {"provider": "q"}))
    declare(warehouse, complete, "is_complete = true")
    make(warehouse, *MADE)
    lost = "3 | true" if complete == "f1" else "3 | false"
    check(warehouse, "staging.link_states", f"link_id | is_lost\n 1 | false\n 2 | false\n {lost}")


def test_the_first_complete_export_without_the_link_tells_the_day_and_a_sight_clears_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    observe_links(warehouse, f"{TWICE} 1 | f3 | 2026-03-01\n 1 | f4 | 2026-04-01\n 2 | f4 | 2026-04-01", **SITE)
    for file_id in ("f2", "f3"):
        declare(warehouse, file_id, "is_complete = true")
    lost: dict[str, list[tuple[object, ...]]] = {}
    for as_of in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-02-28"):
        make(warehouse, *MADE, as_of=as_of)
        rows = warehouse.execute("SELECT CAST(lost_on AS VARCHAR) FROM staging.link_states WHERE link_id = 2")
        found = rows.fetchall()
        assert lost.setdefault(as_of, found) == found, "an earlier day replayed says what it said"
    assert lost == {
        "2026-01-31": [(None,)],
        "2026-02-28": [("2026-02-01",)],
        "2026-03-31": [("2026-02-01",)],
        "2026-04-30": [(None,)],
    }


def test_what_the_provider_says_goes_before_an_absence(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(
        warehouse,
        """
        link_id | file_id | observed_on | last_seen_on | is_lost | lost_on
        1       | f1      | 2026-01-01  | 2025-12-01   | true    | 2025-12-03
        2       | f1      | 2026-01-01  | 2025-12-01   | true    |
        3       | f1      | 2026-01-01  |              | true    |
        4       | f1      | 2026-01-01  | 2025-12-01   |         | 2025-12-04
        5       | f1      | 2026-01-01  | 2025-12-01   | false   |
        6       | f2      | 2026-02-01  |              |         |
        """,
        **SITE,
    )
    declare(warehouse, "f2", "is_complete = true")
    make(warehouse, *MADE)
    check(
        warehouse,
        "staging.link_states",
        """
        link_id | is_lost | lost_on
        1       | true    | 2025-12-03
        2       | true    | 2025-12-01
        3       | true    | 2026-01-01
        4       | true    | 2025-12-04
        5       | true    | 2026-02-01
        6       | false   |
        """,
    )


def test_a_superseded_complete_export_proves_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | path | exported_on | superseded_by | is_complete\n f2 | b.csv | 2026-02-01 | f3 | true",
        status="loaded",
        site_domain="kaas.example",
        provider="p",
    )
    observe_links(warehouse, f"{TWICE} 1 | f3 | 2026-02-01", **SITE)
    make(warehouse, *MADE)
    check(warehouse, "staging.link_states", "link_id | is_lost | observation_count\n 1 | false | 2\n 2 | false | 1")
