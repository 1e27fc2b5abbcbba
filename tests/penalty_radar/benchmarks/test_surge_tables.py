"""The surge benchmark's rows: bars on ours alone, what is left out says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from penalty_radar.benchmarks import page, surges
from penalty_radar.benchmarks import surge_tables as tables
from penalty_radar.benchmarks.rows import FIELDS
from penalty_radar.benchmarks.surge_methods.cases import COMPARATORS, OURS
from penalty_radar.benchmarks.surge_sets import recipe
from transforms.errors import UsageError


def test_bars_are_asked_of_ours_alone() -> None:
    found = {"average precision": 0.15}
    (ours,), (other,) = tables.star_rows(OURS, found), tables.star_rows(COMPARATORS[0], found)
    assert (ours["bar"], ours["meets"]) == ("≥ 0.16", False)
    assert (other["bar"], other["meets"]) == ("", None)
    assert tables.star_rows(OURS, {"average precision": 0.16})[0]["meets"] is True
    assert set(ours) == set(FIELDS)
    assert other["reference"] == "Hutwagner et al. 2003"


def test_every_bar_is_met_or_missed_by_a_metric_that_is_measured() -> None:
    scores = recipe.RecipeScores(
        clean=np.zeros((2, 49)),
        surged=np.zeros((2, 49)),
        is_inside=np.ones((2, 49), dtype=bool),
        size=np.array([1, 2]),
        scenario=np.array([0, 1]),
        mean=np.array([0.5, 3.0]),
    )
    rows = [*tables.recipe_rows(OURS, scores), *tables.scenario_rows(OURS, scores)]
    barred = {(row["table"], row["metric"]): row["meets"] for row in rows if row["bar"]}
    assert barred == {(tables.RECIPE, "POD at FPR ≤ 0.0091"): False, (tables.SCENARIOS, "ours"): False}
    cases = [row["case"] for row in rows if row["table"] == tables.SCENARIOS and row["bar"]]
    assert cases == ["scenario 02, mean count 3.00"]


def test_a_set_that_is_absent_has_one_line(tmp_path: Path) -> None:
    case = COMPARATORS[0].name
    measured = (tables.SURVSTAT, tables.DAILY, tables.STARS, tables.POWER)
    rows = [surges._measure(surges.Task(table, case, tmp_path, 1.0)) for table in measured]
    assert all(len(part) == 1 for part in rows)
    ordered = tables.in_order([row for part in [*rows, *rows] for row in part])
    assert [row["case"] for row in ordered] == list(measured)
    assert all("not there" in row["reference"] and row["value"] is None for row in ordered)
    assert f"| {tables.STARS} | not there: starscout/" in page.render_benchmark("surges", ordered)


def test_published_figures_stand_beside_ours(tmp_path: Path) -> None:
    folder = tmp_path / "survstat14"
    folder.mkdir()
    (folder / "published_survstat14.csv").write_text(',TP,FP,sens,spec\n"farrington(3,0,5)",43,71,.197,.974\n')
    rows = {(row["table"], row["case"], row["metric"]): row["value"] for row in tables.published_rows(tmp_path)}
    assert rows[tables.SURVSTAT, "published farrington(3,0,5)", "sens at nominal"] == 0.197
    assert rows[tables.PORT_ALARMS, "published farrington(3,0,5)", "FP"] == 71
    assert rows[tables.PORT, "published Noufaily 2013", "k = 10"] == 0.91


def test_speed_without_statsmodels_has_no_ratio() -> None:
    rows = tables.speed_rows(2e6, float("nan"))
    assert [row["meets"] for row in rows] == [True, None, None]
    assert tables.speed_rows(2e6, 200.0)[-1]["value"] == 10_000


def test_memory_is_told_by_what_further_series_add() -> None:
    rows = tables.memory_rows((1_000, 3_000), (100.0, 140.0))
    assert [row["value"] for row in rows] == [100.0, 140.0, 20.0]
    assert [row["meets"] for row in rows] == [None, None, False]


def test_a_folder_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--data"):
        page.measure("surges", tmp_path / "nowhere")


def test_a_small_measurement_of_each_kind_gives_rows() -> None:
    oracle = surges.Task("oracles", "true mean, weekly test", Path(), 0.01)
    rows = surges._measure(oracle)
    assert {row["case"] for row in rows} == {"true mean, weekly test"}
    plain = surges.Task(tables.RECIPE, "plain NB", Path(), 0.01)
    assert {row["table"] for row in surges._measure(plain)} == {tables.RECIPE, tables.SIZES, tables.SCENARIOS}
