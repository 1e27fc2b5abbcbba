"""The score beside that of 1, 7 and 28 days ago: what a step is put down to, and what is said where nothing can be."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import duckdb
import pytest

from reports.changes import CAUSES, Comparison, gather_spans, read_changes, record_night
from reports.messages import LANGUAGES, say
from tests.reports.invented_rows import AS_OF, insert, make_file, make_risk
from tests.transforms.text_tables import open_memory

SITE, OTHER = "shop.example", "sister.example"


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_memory()
    yield connection
    connection.close()


@pytest.fixture
def warehouse(empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """An empty warehouse; tables that a test fills are emptied first."""
    for name in ("risk.site_risk", "reports.nights", "staging.known_days", "staging.labels", "ingest.export_files",
                 "signals.link_marks", "expectations.outcomes", "ingest.allowed_domains",
                 "ingest.listed_sites"):  # fmt: skip
        empty.execute(f"DELETE FROM {name}")
    return empty


def before(days: int) -> datetime.date:
    return AS_OF - datetime.timedelta(days=days)


def add_night(
    connection: duckdb.DuckDBPyConnection, days: int, score: float | None, versions: str | None, site: str = SITE
) -> None:
    """A night ``days`` ago; ``versions`` are method, labels and data as three letters, None = no record."""
    tier = "not_assessed" if score is None else "low"
    insert(connection, "risk.site_risk", make_risk(site, before(days), score, tier, "links", []))
    if versions:
        names = ("method_version", "labels_version", "data_version")
        night = dict(zip(names, versions, strict=True))
        insert(connection, "reports.nights", {"as_of": before(days), "site_domain": site, **night})


def by_days(connection: duckdb.DuckDBPyConnection, site: str = SITE) -> dict[int, Comparison]:
    return {one.days: one for one in read_changes(connection, site, AS_OF)}


def test_each_step_counts_for_the_one_thing_that_changed(warehouse: duckdb.DuckDBPyConnection) -> None:
    nights = [
        (30, 10, "aaa"),
        (7, 14, "aab"),
        (5, 20, "bab"),
        (4, 19, "bbb"),
        (3, 22, "cbc"),
        (1, 21, "cbc"),
        (0, 25, "cbd"),
    ]
    for days, score, versions in nights:
        add_night(warehouse, days, score, versions)
    found = by_days(warehouse)
    assert found[1].parts == (("data", 4.0),)
    assert dict(found[7].parts) == {"method": 6.0, "data": 4.0, "mixed": 3.0, "labels": -1.0, "days": -1.0}
    assert (found[28].then_on, found[28].then_score) == (before(30), 10.0)
    assert found[28].change == 15.0
    for one in found.values():
        assert sum(getattr(one, f"by_{cause}") for cause in CAUSES) == pytest.approx(one.change)


def test_a_night_without_a_record_is_put_down_to_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_night(warehouse, 1, 30, None)
    add_night(warehouse, 0, 40, "aaa")
    assert by_days(warehouse)[1].parts == (("unrecorded", 10.0),)


def test_a_site_known_since_last_week_says_since_when(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_night(warehouse, 7, 12, "aaa")
    add_night(warehouse, 0, 12, "aaa")
    found = by_days(warehouse)
    assert found[7].change == 0.0 and found[7].parts == ()
    assert found[28].change is None
    assert found[28].since_on == before(7)


def test_nights_without_a_score_are_no_zeros(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_night(warehouse, 8, 50, "aaa")
    add_night(warehouse, 7, None, "aab")
    add_night(warehouse, 0, 55, "aac")
    assert by_days(warehouse)[7].then_on == before(8)
    warehouse.execute("UPDATE risk.site_risk SET risk_score = NULL WHERE day = $day", {"day": AS_OF})
    assert {one.now_score for one in read_changes(warehouse, SITE, AS_OF)} == {None}
    assert all(one.change is None for one in read_changes(warehouse, SITE, AS_OF))


def test_a_night_held_back_is_compared_with_by_nobody(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_night(warehouse, 3, 20, "aaa")
    add_night(warehouse, 1, 90, "aab")
    add_night(warehouse, 0, 21, "aac")
    insert(warehouse, "expectations.outcomes", {
        "as_of": before(1), "stage": "risk", "table_name": "risk.site_risk", "check_name": "c", "site_domain": SITE,
        "severity": "minimum", "is_met": False, "failing_count": 1})  # fmt: skip
    assert by_days(warehouse)[1].then_score == 20.0
    assert by_days(warehouse)[1].change == 1.0


def test_sites_are_summed_only_where_both_days_have_a_score(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_night(warehouse, 1, 10, "aaa")
    add_night(warehouse, 0, 30, "aab")
    add_night(warehouse, 0, 70, "aaa", OTHER)
    day, week, _ = gather_spans(read_changes(warehouse, None, AS_OF))
    assert (day.site_count, len(day.compared)) == (2, 1)
    assert (day.median_then, day.median_now, day.change) == (10.0, 30.0, 20.0)
    assert [one.site_domain for one in day.movers] == [SITE]
    assert week.compared == ()


def fill_site(connection: duckdb.DuckDBPyConnection) -> None:
    insert(connection, "risk.site_risk", make_risk(SITE, AS_OF, 20.0, "low", "links", []))
    insert(connection, "staging.known_days", {"site_domain": SITE, "as_of": AS_OF})
    insert(connection, "ingest.export_files", make_file(SITE, "one.csv", "ahrefs_backlinks"))


LABEL = {"site_domain": SITE, "subject_kind": "domain", "subject_key": "a.example", "subject_domain": "a.example",
         "subject": "a.example", "origin": "bought", "observed_on": AS_OF, "contradiction_count": 0}  # fmt: skip


def recorded(connection: duckdb.DuckDBPyConnection) -> tuple[str, str, str]:
    assert record_night(connection, AS_OF) == 1
    ((*versions,),) = connection.execute(
        "SELECT method_version, labels_version, data_version FROM reports.nights"
    ).fetchall()
    return versions[0], versions[1], versions[2]


def test_a_repeated_night_leaves_the_same_row(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_site(warehouse)
    assert recorded(warehouse) == recorded(warehouse)


@pytest.mark.parametrize(
    ("table_name", "row", "changed"),
    [
        ("staging.labels", LABEL, 1),
        ("staging.labels", {**LABEL, "site_domain": None}, 1),
        ("ingest.allowed_domains", {"site_domain": SITE, "allowed_domain": "b.example", "is_owned": False}, 1),
        ("ingest.listed_sites", {"site_domain": SITE, "standing": "listed", "brand_words": "shop"}, 1),
        ("ingest.export_files", make_file(SITE, "two.csv", "semrush_audit"), 2),
        ("ingest.export_files", make_file(None, "calendar.csv", "calendar"), 2),
    ],
)
def test_a_record_changes_with_what_the_score_stands_on(
    warehouse: duckdb.DuckDBPyConnection, table_name: str, row: dict[str, object], changed: int
) -> None:
    fill_site(warehouse)
    was = recorded(warehouse)
    insert(warehouse, table_name, row)
    now = recorded(warehouse)
    assert [number for number in range(3) if was[number] != now[number]] == [changed]


@pytest.mark.parametrize(
    ("column", "is_another"),
    [("brand_words", True), ("owner_group", True), ("owner", False), ("recipients", False), ("language", False)],
)
def test_of_sites_toml_counts_what_the_score_stands_on(
    warehouse: duckdb.DuckDBPyConnection, column: str, is_another: bool
) -> None:
    fill_site(warehouse)
    insert(warehouse, "ingest.listed_sites", {"site_domain": SITE, "standing": "listed"})
    was = recorded(warehouse)
    warehouse.execute(f"UPDATE ingest.listed_sites SET {column} = 'x'")
    assert (recorded(warehouse)[1] != was[1]) is is_another


def test_other_rules_of_origins_are_another_method(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_site(warehouse)
    was = recorded(warehouse)
    warehouse.execute(
        "INSERT INTO signals.link_marks (link_number, site_domain, rule_set) VALUES (1, $site, 'ours')", {"site": SITE}
    )
    now = recorded(warehouse)
    assert was[0] != now[0] and was[1:] == now[1:]


def test_a_report_of_an_old_night_keeps_what_was_recorded_then(warehouse: duckdb.DuckDBPyConnection) -> None:
    add_night(warehouse, 5, 20, "aaa")
    insert(warehouse, "staging.known_days", {"site_domain": SITE, "as_of": AS_OF})
    assert record_night(warehouse, before(5)) == 0
    assert warehouse.execute("SELECT method_version FROM reports.nights").fetchall() == [("a",)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_part_is_said_with_its_sign(cause: str, language: str) -> None:
    comma = "," if language == "nl" else "."
    assert say(f"changes.by.{cause}", language, points=4.25).startswith(f"+4{comma}2")
    assert say(f"changes.by.{cause}", language, points=-4.25).startswith(f"−4{comma}2")
