"""Every table of what is known leaves superseded files aside; ties of one day go by path."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import KNOWN_LINKS, check, fill, make, observe_links

LEDGER = """
file_id | path  | status | exported_on | superseded_by
f9      | a.csv | loaded | 2026-01-01  | f1
f1      | a.csv | loaded | 2026-01-01  |
"""
OF_SITE = {"site_domain": "kaas.example", "provider": "p"}
SITE = OF_SITE | {"observed_on": "2026-01-01", "merged_count": 0}
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


def observe(warehouse: duckdb.DuckDBPyConnection, name: str, text: str, same: dict[str, object]) -> None:
    """What files say, in the table that keeps it."""
    if name == "staging.link_observations":
        observe_links(warehouse, text, **same)
    else:
        fill(warehouse, name, text, **same)


def _made_before(name: str) -> tuple[str, ...]:
    return KNOWN_LINKS[:-1] if name == "staging.links" else ()


@pytest.mark.parametrize("made", sorted(CASES))
def test_a_superseded_file_is_not_looked_at(warehouse: duckdb.DuckDBPyConnection, made: str) -> None:
    observations, key, says, same = CASES[made]
    fill(warehouse, "ingest.export_files", LEDGER, **OF_SITE)
    observe(warehouse, observations, f"file_id | {key} | {says}\n f9 | 7 | 1\n f9 | 8 | 2\n f1 | 7 | 3", same)
    make(warehouse, *_made_before(made), made)
    check(warehouse, made, f"{key} | {says}\n 7 | 3")


@pytest.mark.parametrize("made", sorted(set(CASES) - {"staging.search_events"}))
def test_of_two_files_of_one_day_the_last_path_wins(warehouse: duckdb.DuckDBPyConnection, made: str) -> None:
    observations, key, says, same = CASES[made]
    ledger = (
        "file_id | path | status | exported_on\n f9 | a.csv | loaded | 2026-01-01\n f1 | b.csv | loaded | 2026-01-01"
    )
    fill(warehouse, "ingest.export_files", ledger, **OF_SITE)
    observe(warehouse, observations, f"file_id | {key} | {says}\n f9 | 7 | 1\n f1 | 7 | 3", same)
    make(warehouse, *_made_before(made), made)
    check(warehouse, made, f"{key} | {says}\n 7 | 3")
