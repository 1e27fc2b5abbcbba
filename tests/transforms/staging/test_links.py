"""staging.links: what was known of each link on a day."""

from __future__ import annotations

import random

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.text_tables import check, fill, make, open_memory, rows_of

SITE = {"site_domain": "kaas.example", "provider": "p", "merged_count": 0}


def observe(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    fill(warehouse, "staging.link_observations", text, **SITE)


def test_newest_observation_describes_the_link_and_first_days_are_the_earliest(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | anchor_text | first_seen_on | last_seen_on
        a       | f2      | 2026-02-01  | new         | 2026-01-05    | 2026-01-30
        a       | f1      | 2026-01-01  | old         | 2025-12-24    | 2025-12-31
        b       | f1      | 2026-01-01  | only        |               |
        """,
    )
    make(warehouse, "staging.links", as_of="2026-03-01")
    check(
        warehouse,
        "staging.links",
        """
        link_id | anchor_text | first_seen_on | last_seen_on | observed_on | first_observed_on | observation_count
        a       | new         | 2025-12-24    | 2026-01-30   | 2026-02-01  | 2026-01-01        | 2
        b       | only        |               |              | 2026-01-01  | 2026-01-01        | 1
        """,
    )


def test_a_later_export_is_not_known_yet(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | anchor_text | lost_on
        a       | f1      | 2026-01-01  | old         |
        a       | f2      | 2026-02-01  | new         | 2026-01-20
        b       | f2      | 2026-02-01  | future      |
        """,
    )
    make(warehouse, "staging.links", as_of="2026-01-31")
    check(
        warehouse,
        "staging.links",
        """
        link_id | anchor_text | lost_on | is_lost | observation_count
        a       | old         |         | false   | 1
        """,
    )


def test_of_two_exports_of_one_day_the_larger_file_id_wins(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe(
        warehouse,
        """
        link_id | file_id | observed_on | anchor_text
        a       | f9      | 2026-01-01  | nine
        a       | f1      | 2026-01-01  | one
        """,
    )
    make(warehouse, "staging.links")
    check(warehouse, "staging.links", "link_id | anchor_text\n a | nine")


def test_a_link_is_lost_only_on_the_providers_word_and_a_later_sight_clears_it(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    observe(
        warehouse,
        """
        link_id  | file_id | observed_on | last_seen_on | is_lost | lost_on
        dated    | f1      | 2026-01-01  | 2025-12-01   | true    | 2025-12-03
        undated  | f1      | 2026-01-01  | 2025-12-01   | true    |
        unseen   | f1      | 2026-01-01  |              | true    |
        back     | f1      | 2026-01-01  | 2025-12-01   | true    | 2025-12-03
        back     | f2      | 2026-02-01  | 2026-01-20   | false   |
        absent   | f1      | 2026-01-01  | 2025-12-31   | false   |
        other    | f2      | 2026-02-01  | 2026-01-31   |         |
        """,
    )
    make(warehouse, "staging.links")
    check(
        warehouse,
        "staging.links",
        """
        link_id | is_lost | lost_on
        dated   | true    | 2025-12-03
        undated | true    | 2025-12-01
        unseen  | true    | 2026-01-01
        back    | false   |
        absent  | false   |
        other   | false   |
        """,
    )


OBSERVATIONS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
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
            make(warehouse, "staging.links")
            once = rows_of(warehouse, "staging.links")
            make(warehouse, "staging.links")
            assert rows_of(warehouse, "staging.links") == once
            found.append(once)
    assert found[0] == found[1]
    assert len(found[0]) == len({link for link, *_ in rows})
