"""Every table of what is known leaves superseded files aside; ties of one day go by path."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make

LEDGER = """
file_id | path  | status | exported_on | superseded_by
f9      | a.csv | loaded | 2026-01-01  | f1
f1      | a.csv | loaded | 2026-01-01  |
"""
SITE = {"site_domain": "kaas.example", "provider": "p", "observed_on": "2026-01-01", "merged_count": 0}
CASES: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "staging.links": ("staging.link_observations", "link_id", "anchor_text", SITE),
    "staging.outlinks": (
        "staging.outlink_observations",
        "source_url",
        "anchor_text",
        SITE | {"target_url": "https://melk.example/", "target_host": "melk.example", "target_domain": "melk.example"},
    ),
    "staging.rankings": (
        "staging.ranking_observations",
        "keyword",
        "page_url",
        SITE | {"ranked_on": "2026-01-01", "position": 3},
    ),
    "staging.search_performance": (
        "staging.performance_observations",
        "query",
        "clicks",
        SITE | {"dimension_set": "query", "performed_on": "2026-01-01"},
    ),
    "staging.search_performance_periods": (
        "staging.performance_observations",
        "query",
        "clicks",
        SITE | {"dimension_set": "query"},
    ),
    "staging.search_events": (
        "staging.event_observations",
        "event_id",
        "name",
        {"starts_on": "2026-01-01", "kind": "update", "observed_on": "2026-01-01"},
    ),
}


@pytest.mark.parametrize("made", sorted(CASES))
def test_a_superseded_file_is_not_looked_at(warehouse: duckdb.DuckDBPyConnection, made: str) -> None:
    observations, key, says, same = CASES[made]
    fill(warehouse, "ingest.export_files", LEDGER)
    fill(warehouse, observations, f"file_id | {key} | {says}\n f9 | a | 1\n f9 | b | 2\n f1 | a | 3", **same)
    make(warehouse, made)
    check(warehouse, made, f"{key} | {says}\n a | 3")


@pytest.mark.parametrize("made", sorted(set(CASES) - {"staging.search_events"}))
def test_of_two_files_of_one_day_the_last_path_wins(warehouse: duckdb.DuckDBPyConnection, made: str) -> None:
    observations, key, says, same = CASES[made]
    fill(warehouse, "ingest.export_files", "file_id | path\n f9 | a.csv\n f1 | b.csv")
    fill(warehouse, observations, f"file_id | {key} | {says}\n f9 | a | 1\n f1 | a | 3", **same)
    make(warehouse, made)
    check(warehouse, made, f"{key} | {says}\n a | 3")
