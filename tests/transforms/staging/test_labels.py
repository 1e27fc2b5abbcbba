"""staging.labels: which judgement of a link or domain counts on a day."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make

SAME = {
    "subject_kind": "domain",
    "subject_domain": "blog.example",
    "subject": "blog.example",
    "merged_count": 0,
}


def keep(connection: duckdb.DuckDBPyConnection, ledger: str, observations: str) -> None:
    """Lists of the team and what they say of one domain unless told otherwise."""
    fill(connection, "ingest.export_files", ledger, status="loaded")
    fill(connection, "staging.label_observations", observations, **SAME)


def test_the_newest_day_wins_then_the_later_row_and_the_others_are_counted(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    keep(
        warehouse,
        """
        file_id | path         | exported_on | ingested_at
        f1      | labels.csv   | 2026-05-01  | 2026-05-02
        f2      | klant.csv    | 2026-04-01  | 2026-06-02
        """,
        """
        file_id | row_number | site_domain  | subject_key  | origin  | observed_on
        f1      | 1          | kaas.example | blog.example | bought  | 2026-05-01
        f1      | 2          | kaas.example | blog.example | natural | 2026-05-01
        f1      | 3          | kaas.example | blog.example | spam    | 2026-02-01
        f2      | 1          | kaas.example | blog.example | natural | 2026-04-01
        f1      | 4          |              | blog.example | bought  | 2026-05-01
        f1      | 5          | melk.example | blog.example | bought  | 2026-05-01
        f1      | 6          | melk.example | blog.example | bought  | 2026-05-02
        """,
    )
    make(warehouse, "staging.labels")
    check(
        warehouse,
        "staging.labels",
        """
        site_domain  | origin  | observed_on | contradiction_count
        kaas.example | natural | 2026-05-01  | 2
                     | bought  | 2026-05-01  | 0
        melk.example | bought  | 2026-05-02  | 0
        """,
    )


def test_the_allow_list_comes_before_newer_judgements(warehouse: duckdb.DuckDBPyConnection) -> None:
    keep(
        warehouse,
        "file_id | path | exported_on\nf1 | labels.csv | 2026-05-01",
        """
        file_id | row_number | site_domain  | subject_key  | origin  | observed_on
        f1      | 1          | kaas.example | blog.example | allowed | 2026-01-01
        f1      | 2          | kaas.example | blog.example | bought  | 2026-05-01
        """,
    )
    make(warehouse, "staging.labels")
    check(warehouse, "staging.labels", "origin | contradiction_count\nallowed | 1")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-01-31", "origin | subject_key\nbought | a.example"),
        ("2026-03-31", "origin | subject_key\nbought | a.example\nspam | b.example"),
        ("2026-05-31", "origin | subject_key\nnatural | a.example\nspam | c.example"),
    ],
)
def test_a_correction_takes_the_place_of_the_former_list_from_its_day_on(
    warehouse: duckdb.DuckDBPyConnection, as_of: str, expected: str
) -> None:
    keep(
        warehouse,
        """
        file_id | path       | exported_on | ingested_at
        f1      | labels.csv | 2026-03-01  | 2026-03-02
        f2      | labels.csv | 2026-05-01  | 2026-05-02
        """,
        """
        file_id | row_number | subject_key | origin  | observed_on
        f1      | 1          | a.example   | bought  | 2026-01-10
        f1      | 2          | b.example   | spam    | 2026-03-01
        f2      | 1          | a.example   | natural | 2026-01-10
        f2      | 2          | c.example   | spam    | 2026-05-01
        """,
    )
    make(warehouse, "staging.labels", as_of=as_of)
    check(warehouse, "staging.labels", expected)


def test_superseded_lists_are_not_looked_at(warehouse: duckdb.DuckDBPyConnection) -> None:
    keep(
        warehouse,
        """
        file_id | path       | exported_on | superseded_by
        f1      | labels.csv | 2026-05-01  | f2
        f2      | labels.csv | 2026-05-01  |
        """,
        """
        file_id | row_number | subject_key | origin  | observed_on
        f1      | 1          | a.example   | bought  | 2026-05-01
        f2      | 1          | a.example   | natural | 2026-05-01
        """,
    )
    make(warehouse, "staging.labels")
    check(warehouse, "staging.labels", "origin | contradiction_count\nnatural | 0")
