"""What checking a stage leaves behind, and whom it holds back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pytest

from expectations import runner
from expectations.runner import check_stage
from expectations.suites import stage_checks
from transforms.stages import STAGES

OpenWorld = Callable[[Sequence[str]], duckdb.DuckDBPyConnection]
SITES = ("a.example", "b.example")


def rows_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT * FROM expectations.{name} ORDER BY ALL").fetchall()


@pytest.mark.parametrize("stage", STAGES)
def test_a_clean_warehouse_meets_every_check(stage: str, open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)

    result = check_stage(connection, stage, as_of=as_of)

    assert (result.broken, result.warnings, result.held_back) == ((), (), frozenset())
    measured = set(result.outcomes["check_name"])
    assert measured == {check.name for check in stage_checks(stage)}, "a check without an outcome was never made"
    assert result.outcomes["is_met"].all()


def test_running_again_leaves_the_same_rows(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("UPDATE drops.ranking_drops SET depth_share = 2 WHERE site_domain = 'a.example'")
    check_stage(connection, "drops", as_of=as_of)
    first = rows_of(connection, "outcomes"), rows_of(connection, "failing_rows")

    check_stage(connection, "drops", as_of=as_of)

    assert (rows_of(connection, "outcomes"), rows_of(connection, "failing_rows")) == first
    assert len(first[1]) == 1


def test_other_nights_and_stages_keep_their_outcomes(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    check_stage(connection, "drops", as_of=as_of)
    before = rows_of(connection, "outcomes")

    check_stage(connection, "risk", as_of=as_of)
    check_stage(connection, "drops", as_of=as_of + datetime.timedelta(days=1))

    assert set(before) <= set(rows_of(connection, "outcomes"))


def test_checking_one_site_replaces_only_its_outcomes(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("UPDATE drops.ranking_drops SET depth_share = 2")
    check_stage(connection, "drops", as_of=as_of)
    connection.execute("UPDATE drops.ranking_drops SET depth_share = 0.4")

    result = check_stage(connection, "drops", as_of=as_of, sites=["a.example"])

    assert result.held_back == frozenset()
    unmet = connection.execute("SELECT site_domain FROM expectations.outcomes WHERE NOT is_met").fetchall()
    assert unmet == [("b.example",)]
    assert connection.execute("SELECT DISTINCT site_domain FROM expectations.failing_rows").fetchall() == unmet


def test_at_most_twenty_failing_rows_of_a_site_in_order_of_the_key(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("UPDATE signals.visibility SET visibility = -1 WHERE site_domain = 'a.example'")

    result = check_stage(connection, "signals", as_of=as_of)

    assert result.broken == ("a.example: visibility_not_negative",)
    outcome = result.outcomes.query("check_name == 'visibility_not_negative' and site_domain == 'a.example'").iloc[0]
    assert (outcome["failing_count"], outcome["observed_value"], outcome["most_value"]) == (30, 30.0, 0.0)
    found = connection.execute('SELECT row_number, "row" FROM expectations.failing_rows ORDER BY row_number').fetchall()
    assert [number for number, _ in found] == list(range(1, 21))
    days = [json.loads(row)["day"] for _, row in found]
    assert days == sorted(days)
    assert days[0] == "2026-10-17"


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("UPDATE signals.origin_rules SET weight = 'NaN'::DOUBLE WHERE bit = 1", "*: evidence_weight"),
        ("UPDATE signals.origin_rules SET weight = -20.5 WHERE bit = 1", "*: evidence_weight"),
        (
            "UPDATE signals.evidence_combinations SET spam_probability = 0.2 WHERE text_bits = 1",
            "*: combination_probabilities_add_up",
        ),
    ],
)
def test_rules_and_their_sums_concern_the_whole_warehouse(
    open_world: OpenWorld, as_of: datetime.date, broken: str, found: str
) -> None:
    connection = open_world(SITES)
    connection.execute(broken)

    result = check_stage(connection, "signals", as_of=as_of)

    assert (result.broken, result.held_back, result.is_warehouse_broken) == ((found,), frozenset(), True)


def test_hostile_text_stays_inside_the_json_of_a_failing_row(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    hostile = "<script>alert('1')</script>\"; DROP TABLE staging.links; --"
    connection.execute("UPDATE signals.origin_rules SET says_en = ?, weight = 900", [hostile])

    check_stage(connection, "signals", as_of=as_of)

    (row,) = connection.execute('SELECT "row" FROM expectations.failing_rows LIMIT 1').fetchall()
    assert json.loads(row[0])["says_en"] == hostile


def test_a_broken_maximum_warns_and_holds_nobody_back(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("UPDATE ingest.export_files SET is_truncated = true WHERE site_domain = 'b.example'")

    result = check_stage(connection, "ingest", as_of=as_of)

    assert result.warnings == ("b.example: export_is_complete",)
    assert (result.held_back, result.is_warehouse_broken) == (frozenset(), False)


def test_a_site_held_back_by_an_earlier_stage_is_passed_over(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("UPDATE staging.links SET source_authority = 900 WHERE site_domain = 'a.example'")
    connection.execute("DELETE FROM risk.site_risk WHERE site_domain = 'a.example'")
    assert check_stage(connection, "staging", as_of=as_of).held_back == {"a.example"}

    result = check_stage(connection, "risk", as_of=as_of)

    assert result.broken == ()
    assert set(result.outcomes["site_domain"]) == {"b.example"}


def test_a_site_that_the_list_no_longer_has_is_passed_over(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("UPDATE ingest.listed_sites SET standing = 'unlisted' WHERE site_domain = 'a.example'")
    connection.execute("UPDATE staging.links SET source_authority = 900 WHERE site_domain = 'a.example'")

    result = check_stage(connection, "staging", as_of=as_of)

    assert (result.broken, result.held_back) == ((), frozenset())
    assert set(result.outcomes["site_domain"]) == {"*", "b.example"}


def test_what_cannot_be_measured_breaks_nothing(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    connection.execute("DELETE FROM signals.visibility WHERE site_domain = 'a.example'")
    connection.execute("UPDATE signals.link_series SET dated_share = 0 WHERE site_domain = 'a.example'")

    result = check_stage(connection, "signals", as_of=as_of)

    assert (result.broken, result.warnings) == ((), ())
    of_visibility = result.outcomes.query("table_name == 'signals.visibility'")
    assert set(of_visibility["site_domain"]) == {"b.example"}
    values = connection.execute(
        "SELECT site_domain, observed_value, is_met FROM expectations.outcomes "
        "WHERE check_name = 'links_dated' ORDER BY 1"
    ).fetchall()
    assert values == [("a.example", None, True), ("b.example", 1.0, True)]


def test_an_empty_warehouse_is_broken_and_says_so(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(SITES)
    for table in ("ingest.export_files", "ingest.rejected_rows", "staging.search_events"):
        connection.execute(f"DELETE FROM {table}")

    result = check_stage(connection, "ingest", as_of=as_of)

    assert result.is_warehouse_broken
    assert result.broken == ("*: exports_loaded",)
    assert result.held_back == frozenset()
    assert check_stage(connection, "staging", as_of=as_of).warnings == ("*: updates_known",)


def test_a_day_before_the_first_export_has_nothing_to_assess(open_world: OpenWorld) -> None:
    connection = open_world(SITES)

    result = check_stage(connection, "ingest", as_of=datetime.date(2026, 1, 1))

    assert "*: exports_loaded" in result.broken


def test_a_provider_in_which_most_sites_surge_at_once_is_its_crawler(
    open_world: OpenWorld, as_of: datetime.date
) -> None:
    connection = open_world([f"site{number}.example" for number in range(4)])
    for table in ("surges.link_surges", "signals.daily_links"):
        column = "starts_on = DATE '2026-11-10', ends_on = DATE '2026-11-10', detected_on"
        connection.execute(
            f"UPDATE {table} SET {column if 'surges' in table else 'day'} = DATE '2026-11-10' "
            "WHERE site_domain <> 'site0.example'"
        )

    result = check_stage(connection, "surges", as_of=as_of)

    assert result.warnings == ("*: surges_not_everywhere",)
    outcome = result.outcomes.query("check_name == 'surges_not_everywhere'").iloc[0]
    assert outcome["observed_value"] == pytest.approx(0.75)


def test_nothing_is_written_when_judging_fails(
    open_world: OpenWorld, as_of: datetime.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = open_world(SITES)
    check_stage(connection, "risk", as_of=as_of)
    before = rows_of(connection, "outcomes")
    connection.execute("UPDATE risk.site_risk SET basis = 'none'")

    def fail(*_: object) -> None:
        raise RuntimeError("no verdict")

    monkeypatch.setattr(runner, "judge", fail)
    with pytest.raises(RuntimeError, match="no verdict"):
        check_stage(connection, "risk", as_of=as_of)

    assert rows_of(connection, "outcomes") == before
