"""The demo's own work; that it finds what was planted is shown by ``make demo`` and tests/dags/test_end_to_end.py."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from penalty_radar import demo, demo_truth, simulation
from transforms.errors import UsageError


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Nothing is simulated, run or compared; what the demo asked for is noted."""
    asked: dict[str, Any] = {"is_right": True, "code": 0, "tasks": []}

    def run_dags(dag_ids: Any, home: Path, settings: Any, *, on_task: Any) -> int:
        asked.update(dag_ids=dag_ids, home=home, settings=settings)
        for task in asked["tasks"]:
            on_task(task)
        return int(asked["code"])

    monkeypatch.setattr(simulation, "simulate_portfolio", lambda folder: (folder / "exports").mkdir())
    monkeypatch.setattr(demo, "run_dags", run_dags)
    comparison = lambda warehouse, truth: SimpleNamespace(is_right=asked["is_right"])  # noqa: E731
    monkeypatch.setattr(demo_truth, "compare_warehouse", comparison)
    monkeypatch.setattr(demo_truth, "render_comparison", lambda comparison, language: "planted and found")
    return asked


def test_the_three_dags_run_over_the_demos_own_folders(stage: dict[str, Any], tmp_path: Path) -> None:
    said: list[str] = []
    assert demo.run_demo(tmp_path / "demo", open_report=False, echo=said.append) == 0
    assert stage["dag_ids"] == ("ingest_backlinks", "ingest_rankings", "assess_penalty_risk")
    assert stage["settings"].exports == str(tmp_path / "demo" / "exports")
    assert stage["settings"].warehouse.is_relative_to(tmp_path / "demo")
    assert stage["settings"].report.is_relative_to(tmp_path / "demo")
    assert "planted and found" in said
    assert str(tmp_path / "demo" / "report" / "index.html") in said[-1]


def test_progress_is_told_task_by_task(stage: dict[str, Any], tmp_path: Path) -> None:
    task = {"dag": "ingest_backlinks", "map_index": -1, "state": "success", "seconds": 1.5, "error": None}
    stage["tasks"] = [{**task, "task": "list_batches"}, {**task, "task": "ingest_batch", "map_index": 0}]
    said: list[str] = []
    demo.run_demo(tmp_path / "demo", open_report=False, echo=said.append)
    assert [line.split()[0] for line in said if "1.5 s" in line] == ["list_batches", "ingest_batch[0]"]
    assert sum("ingest_backlinks" in line and "," not in line for line in said) == 1


def test_a_dag_that_fails_ends_the_demo_with_its_code_and_where_to_look(stage: dict[str, Any], tmp_path: Path) -> None:
    stage.update(
        code=3, tasks=[{"dag": "d", "task": "t", "map_index": -1, "state": "failed", "seconds": 1, "error": "bad"}]
    )
    said: list[str] = []
    assert demo.run_demo(tmp_path / "demo", open_report=False, echo=said.append) == 3
    assert "run_once.log" in said[-1]
    assert any("bad" in line for line in said)


def test_a_comparison_that_falls_short_is_a_failure(stage: dict[str, Any], tmp_path: Path) -> None:
    stage["is_right"] = False
    assert demo.run_demo(tmp_path / "demo", open_report=False, echo=lambda line: None) == 1


def test_an_earlier_demo_is_replaced_and_other_files_are_not_touched(stage: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    for _ in range(2):
        demo.run_demo(folder, open_report=False, echo=lambda line: None)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "export.csv").write_text("kept")
    with pytest.raises(UsageError, match="no demo made"):
        demo.run_demo(tmp_path / "mine", open_report=False, echo=lambda line: None)
    assert (tmp_path / "mine" / "export.csv").read_text() == "kept"
