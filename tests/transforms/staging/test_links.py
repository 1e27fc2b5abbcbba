"""staging.links: what was known of each link on a day."""

from __future__ import annotations

import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text_tables import (
    KNOWN_LINKS,
    check,
    fill,
    make,
    observe_links,
    open_memory,
    query_of,
    rows_of,
)
from transforms.schemas import table

SITE = {"site_domain": "kaas.example", "provider": "p", "merged_count": 0}


def observe(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    observe_links(warehouse, text, **SITE)


def test_newest_observation_describes_the_link_and_first_days_are_the_earliest(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | anchor_text | first_seen_on | last_seen_on
        1       | f2      | 2026-02-01  | new         | 2026-01-05    | 2026-01-30
        1       | f1      | 2026-01-01  | old         | 2025-12-24    | 2025-12-31
        2       | f1      | 2026-01-01  | only        |               |
        """,
    )
    make(warehouse, *KNOWN_LINKS, as_of="2026-03-01")
    check(
        warehouse,
        "staging.links",
        """
        link_id | anchor_text | first_seen_on | last_seen_on | observed_on | first_observed_on | observation_count
        1       | new         | 2025-12-24    | 2026-01-30   | 2026-02-01  | 2026-01-01        | 2
        2       | only        |               |              | 2026-01-01  | 2026-01-01        | 1
        """,
    )


def test_a_later_export_is_not_known_yet(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | anchor_text | lost_on
        1       | f1      | 2026-01-01  | old         |
        1       | f2      | 2026-02-01  | new         | 2026-01-20
        2       | f2      | 2026-02-01  | future      |
        """,
    )
    make(warehouse, *KNOWN_LINKS, as_of="2026-01-31")
    check(
        warehouse,
        "staging.links",
        """
        link_id | anchor_text | lost_on | is_lost | observation_count
        1       | old         |         | false   | 1
        """,
    )


def test_of_two_exports_of_one_day_the_last_path_and_file_id_wins(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "ingest.export_files",
        "file_id\n f9\n f1",
        path="same.csv", status="loaded", exported_on="2026-01-01", site_domain="kaas.example", provider="p",
    )  # fmt: skip
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | anchor_text
        1       | f9      | 2026-01-01  | nine
        1       | f1      | 2026-01-01  | one
        """,
    )
    make(warehouse, *KNOWN_LINKS)
    check(warehouse, "staging.links", "link_id | anchor_text\n 1 | nine")


LOST = """
link_id | source_url | file_id | observed_on | last_seen_on | is_lost | lost_on
1       | dated      | f1      | 2026-01-01  | 2025-12-01   | true    | 2025-12-03
2       | undated    | f1      | 2026-01-01  | 2025-12-01   | true    |
3       | unseen     | f1      | 2026-01-01  |              | true    |
4       | day only   | f1      | 2026-01-01  |              |         | 2025-12-04
5       | absent     | f1      | 2026-01-01  | 2025-12-31   | false   |
6       | back       | f1      | 2026-01-01  | 2025-12-01   | true    | 2025-12-03
"""
KNOWN_LOST = """
source_url | is_lost | lost_on
dated      | true    | 2025-12-03
undated    | true    | 2025-12-01
unseen     | true    | 2026-01-01
day only   | true    | 2025-12-04
absent     | false   |
"""


def test_a_link_is_lost_only_on_the_providers_word_and_a_later_sight_clears_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    observe(warehouse, f"{LOST} 6 | back | f2 | 2026-02-01 | 2026-01-20 | false |\n 7 | other | f2 | 2026-02-01 | | | ")
    make(warehouse, *KNOWN_LINKS)
    check(warehouse, "staging.links", f"{KNOWN_LOST} back | false | \n other | false | ")


def test_an_only_export_is_known_as_it_stands(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(warehouse, LOST)
    make(warehouse, *KNOWN_LINKS)
    check(warehouse, "staging.links", f"{KNOWN_LOST} back | true | 2025-12-03")
    assert rows_of(warehouse, "staging.link_states") == []
    known = rows_of(warehouse, "staging.links", ["observed_on", "first_observed_on", "observation_count"])
    assert known == [("2026-01-01", "2026-01-01", "1")] * 6


def test_an_only_export_of_a_later_day_is_not_known(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(warehouse, LOST)
    make(warehouse, *KNOWN_LINKS, as_of="2025-12-31")
    assert rows_of(warehouse, "staging.links") == []


TEXTS_ELSEWHERE = """
link_id | file_id | observed_on | described_in | anchor_text | source_authority
1       | f1      | 2026-01-01  | f1           | kaas        | 1
1       | f2      | 2026-02-01  | f2           | wijn        | 2
1       | f3      | 2026-03-01  | f1           |             | 3
"""


@pytest.mark.parametrize(
    ("fact", "as_of", "known"),
    [
        ("path = path", "2026-03-31", "1 | kaas | 3 | 3"),
        ("path = path", "2026-02-28", "1 | wijn | 2 | 2"),
        ("superseded_by = 'f3'", "2026-03-31", "1 | kaas | 3 | 2"),
        ("exported_on = DATE '2026-09-01'", "2026-03-31", "1 | kaas | 3 | 2"),
    ],
    ids=["in an earlier file", "of an earlier day", "in a superseded file", "in a file of a later day, loaded before"],
)
def test_texts_said_once_are_found_again(
    warehouse: duckdb.DuckDBPyConnection, fact: str, as_of: str, known: str
) -> None:
    observe(warehouse, TEXTS_ELSEWHERE)
    warehouse.execute(f"UPDATE ingest.export_files SET {fact} WHERE file_id = 'f1'")
    make(warehouse, *KNOWN_LINKS, as_of=as_of)
    check(warehouse, "staging.links", f"link_id | anchor_text | source_authority | observation_count\n {known}")


def test_the_host_gives_the_referring_domain(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | source_host    | source_domain
        1       | f1      | 2026-01-01  | a.farm.example | farm.example
        2       | f1      | 2026-01-01  | b.farm.example | farm.example
        """,
    )
    make(warehouse, *KNOWN_LINKS)
    check(
        warehouse,
        "staging.links",
        "link_id | source_host | source_domain\n 1 | a.farm.example | farm.example\n 2 | b.farm.example | farm.example",
    )


def test_the_view_of_a_warehouse_holds_the_same_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(warehouse, TEXTS_ELSEWHERE)
    make(warehouse, *KNOWN_LINKS)
    made = rows_of(warehouse, "staging.links")
    warehouse.execute("DROP TABLE staging.links")
    warehouse.execute(table("staging.links").view_statement(query_of("staging.links")))
    assert rows_of(warehouse, "staging.links") == made
    assert len(made) == 1


OBSERVATIONS = st.lists(
    st.tuples(
        st.sampled_from("123"),
        st.sampled_from(["f1", "f2", "f3"]),
        st.one_of(st.none(), st.sampled_from(["2026-01-03", "2026-01-09"])),
        st.booleans(),
    ),
    unique_by=lambda row: (row[0], row[1]),
    max_size=9,
)


@settings(max_examples=25, deadline=None)
@given(rows=OBSERVATIONS, dice=st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter_and_running_twice_changes_nothing(
    rows: list[tuple[str, str, str | None, bool]], dice: random.Random
) -> None:
    lines = [
        f"{link} | {file} | 2026-01-1{file[1]} | {file} | {first or ''} | {str(lost).lower()}"
        for link, file, first, lost in rows
    ]
    header = "link_id | file_id | observed_on | anchor_text | first_seen_on | is_lost"
    shuffled = lines.copy()
    dice.shuffle(shuffled)
    found = []
    for order in (lines, shuffled):
        with open_memory() as warehouse:
            observe(warehouse, "\n".join([header, *order]))
            make(warehouse, *KNOWN_LINKS)
            once = rows_of(warehouse, "staging.links")
            make(warehouse, *KNOWN_LINKS)
            assert rows_of(warehouse, "staging.links") == once
            found.append(once)
    assert found[0] == found[1]
    assert len(found[0]) == len({link for link, *_ in rows})
