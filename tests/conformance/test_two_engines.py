"""One definition, two engines: every relational stage gives the same rows on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.portable import find_stages
from tests.conformance.two_engines import Case, differences_between, run_on_duckdb, run_on_spark


@pytest.mark.spark
def test_every_stage_gives_the_same_rows_on_both_engines(spark_python: Path, cases: list[Case], tmp_path: Path) -> None:
    assert {case.stage.name for case in cases} == {stage.name for stage in find_stages()}
    theirs = run_on_spark(cases, spark_python, tmp_path)
    found = {
        case.case_id: differences_between(case.stage.name, run_on_duckdb(case), theirs[case.case_id]) for case in cases
    }
    assert {case_id: differences for case_id, differences in found.items() if differences} == {}


def test_small_world_gives_every_stage_something_to_compare(small_cases: list[Case]) -> None:
    assert len(small_cases) >= 12
    assert [case.case_id for case in small_cases if not run_on_duckdb(case)] == []


def test_a_difference_is_found_whatever_the_order_of_rows() -> None:
    ours = [("l1", 1, "s", "p", "r1", "spam", 0.5, "x", None), ("l2", 2, "s", "p", "r1", "spam", 0.5, "x", None)]
    same = [ours[1], ("l1", 1, "s", "p", "r1", "spam", 0.5 + 1e-13, "x", None)]
    other = [ours[1], ("l1", 1, "s", "p", "r1", "spam", 0.6, "x", None)]
    assert differences_between("signals.link_evidence", ours, same) == []
    assert "weight" in differences_between("signals.link_evidence", ours, other)[0]
    assert "2 rows" in differences_between("signals.link_evidence", ours, ours[:1])[0]
