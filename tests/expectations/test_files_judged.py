"""Which files the checks of ingest judge: not those another took the place of, and by the day of their export."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import duckdb
import pytest

from expectations.runner import check_stage

OpenWorld = Callable[[Sequence[str]], duckdb.DuckDBPyConnection]
SITE = "kaas.example"
COPY = (
    "INSERT INTO ingest.export_files BY NAME SELECT * REPLACE ({changes}) FROM ingest.export_files WHERE file_id = $1"
)


def copy_newest(connection: duckdb.DuckDBPyConnection, changes: str) -> None:
    connection.execute(COPY.format(changes=f"'x' AS file_id, {changes}"), [f"{SITE}-0"])


@pytest.mark.parametrize(("superseded_by", "held_back"), [("NULL", {SITE}), (f"'{SITE}-0'", set())])
def test_a_corrected_export_lifts_what_the_first_held_back(
    open_world: OpenWorld, as_of: datetime.date, superseded_by: str, held_back: set[str]
) -> None:
    connection = open_world([SITE])
    bad = f"200 AS rejected_count, 0 AS loaded_count, {superseded_by} AS superseded_by"
    copy_newest(connection, bad)
    connection.execute("INSERT INTO ingest.rejected_rows SELECT 'x', unnest(range(200)), 'c', NULL, 'r'")
    assert check_stage(connection, "ingest", as_of=as_of).held_back == held_back


@pytest.mark.parametrize(
    ("day", "source", "superseded_by", "warns"),
    [
        ("2026-11-15", "file_name", "NULL", True),
        ("2026-10-17", "file_name", "NULL", True),
        ("2026-10-16", "file_name", "NULL", False),
        ("2026-10-16", "file_modified", "NULL", False),
        ("2026-11-22", "file_modified", "NULL", True),
        ("2026-11-22", "file_name", "NULL", False),
        ("2026-11-15", "file_name", "'y'", False),
    ],
)
def test_a_file_set_aside_is_news_for_thirty_days_from_its_own_day(
    open_world: OpenWorld, as_of: datetime.date, day: str, source: str, superseded_by: str, warns: bool
) -> None:
    connection = open_world([SITE])
    own = f"DATE '{day}' AS exported_on, '{source}' AS exported_on_source, {superseded_by} AS superseded_by"
    copy_newest(connection, f"'set_aside' AS status, {own}")
    warnings = check_stage(connection, "ingest", as_of=as_of).warnings
    assert (f"{SITE}: files_set_aside" in warnings) == warns


@pytest.mark.parametrize(
    ("day", "dated", "warns"),
    [
        ("2026-11-16", True, True),
        ("2026-11-15", True, False),
        ("2026-11-16", False, True),
        ("2026-11-14", False, False),
    ],
)
def test_an_undated_file_later_than_all_others_is_seen(
    open_world: OpenWorld, as_of: datetime.date, day: str, dated: bool, warns: bool
) -> None:
    connection = open_world([SITE])
    copy_newest(
        connection,
        f"'screaming_frog' AS provider, 'screaming_frog_outlinks' AS format, 0 AS rejected_count, "
        f"200 AS loaded_count, DATE '{day}' AS exported_on, 'file_modified' AS exported_on_source",
    )
    if not dated:
        connection.execute("UPDATE ingest.export_files SET exported_on_source = 'file_modified'")
    warnings = check_stage(connection, "ingest", as_of=as_of).warnings
    assert (f"{SITE}: undated_files_used" in warnings) == warns


def test_a_night_run_again_does_not_warn_of_files_that_came_later(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world([SITE])
    copy_newest(connection, "0 AS rejected_count, 200 AS loaded_count, 'file_modified' AS exported_on_source")
    earlier = as_of - datetime.timedelta(days=1)
    assert f"{SITE}: undated_files_used" not in check_stage(connection, "ingest", as_of=earlier).warnings
