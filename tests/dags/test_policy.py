"""What every DAG must have, whatever it does; read from the bundle as Airflow reads it."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from penalty_radar import walk
from penalty_radar.dags_page import DAG_PATTERNS
from penalty_radar.walk import CHECKOUT
from transforms.errors import BadInputError, GateBrokenError, UsageError, WarehouseError

DAG_FILES = sorted(path for pattern in DAG_PATTERNS for path in (CHECKOUT / "dags").glob(pattern))
DAG_IDS = [path.stem for path in DAG_FILES]
FETCH_TASKS = {"fetch_backlinks", "fetch_search_console"}
"""They save files into the inbox and never open the warehouse."""
WAITING_TASKS = {"ask"}
"""They wait for a person, for hours, and never open the warehouse."""

TELLING = {"tell_broken", "send_messages"}
"""Tasks beside the walk: they run whatever becomes of it."""

HEADINGS = ("## What it does", "## When it runs", "## Parameters", "## Example", "## When it fails")


def test_bundle_is_these_dags_and_nothing_else(dag_bag: Any) -> None:
    assert dag_bag.import_errors == {}
    assert (
        sorted(dag_bag.dags)
        == sorted(DAG_IDS)
        == ["assess_penalty_risk", "decide_alerts", "deliver_messages", "ingest_backlinks", "ingest_rankings"]
    )
    assert sorted(Path(dag.fileloc).stem for dag in dag_bag.dags.values()) == DAG_IDS
    assert len(dag_bag.dagbag_stats) == len(DAG_IDS), "another file than the DAG files was parsed; see .airflowignore"


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_dag_says_whose_it_is_and_how_to_run_it(dag_bag: Any, dag_id: str) -> None:
    dag = dag_bag.dags[dag_id]
    assert "penalty-radar" in dag.tags
    assert all(heading in dag.doc_md for heading in HEADINGS)
    assert f"airflow dags trigger {dag_id}" in dag.doc_md
    assert all(f"`{name}`" in dag.doc_md for name in dag.params), "a parameter is not in the manual"
    assert all(dag.params.get_param(name).description for name in dag.params)


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_dag_runs_one_at_a_time_and_replays_nothing(dag_bag: Any, dag_id: str) -> None:
    dag = dag_bag.dags[dag_id]
    assert dag.max_active_runs == 1
    assert dag.catchup is False
    if dag_id != "decide_alerts":  # a person starts it
        assert str(getattr(dag.timetable, "timetable", dag.timetable).timezone) == walk.load().time_zone


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_every_task_writes_in_turn_and_is_tried_again_within_limits(dag_bag: Any, dag_id: str) -> None:
    for task in dag_bag.dags[dag_id].tasks:
        assert task.owner == "penalty-radar"
        pool = "default_pool" if task.task_id in FETCH_TASKS | WAITING_TASKS else "warehouse"
        assert task.pool == pool, f"{task.task_id} opens the warehouse outside the pool with one slot"
        assert task.pool_slots == 1
        assert task.retries >= 1
        assert task.retry_exponential_backoff
        assert task.max_retry_delay is not None
        assert timedelta() < task.execution_timeout <= timedelta(hours=6)


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (GateBrokenError, "fail"),
        (UsageError, "fail"),
        (BadInputError, "fail"),
        (WarehouseError, "default"),
        (OSError, "default"),
    ],
)
def test_only_what_may_pass_is_tried_again(dag_bag: Any, error: type[Exception], action: str) -> None:
    from dags.defaults import RETRY_POLICY

    example = error("where", "found", "expected", "what to do")
    assert RETRY_POLICY.evaluate(example, 1, 3).action.value == action
    tasks = [task for dag in dag_bag.dags.values() for task in dag.tasks]
    assert all(task.retry_policy is not None for task in tasks)


@pytest.mark.parametrize(
    ("dag_id", "fetch"), [("ingest_backlinks", "fetch_backlinks"), ("ingest_rankings", "fetch_search_console")]
)
def test_feeds_are_fetched_before_the_files_are_listed_whatever_comes_of_it(
    dag_bag: Any, dag_id: str, fetch: str
) -> None:
    dag = dag_bag.dags[dag_id]
    assert dag.get_task("list_batches").upstream_task_ids == {fetch}
    assert dag.get_task("list_batches").trigger_rule == "all_done"
    assert fetch in dag.get_task("end_failed").upstream_task_ids


def test_walk_has_a_check_after_every_stage(dag_bag: Any) -> None:
    from transforms.stages import ASSESSED_STAGES

    dag = dag_bag.dags["assess_penalty_risk"]
    expected = ["plan_night", "choose_as_of", "list_sites", "check_ingest"]
    for stage in ASSESSED_STAGES:
        expected += [f"run_{stage}", f"check_{stage}"]
    expected += ["raise_alerts", "build_report", "publish"]
    assert [task.task_id for task in dag.topological_sort() if task.task_id not in TELLING] == expected
    for stage in ASSESSED_STAGES:
        assert f"run_{stage}" in dag.get_task(f"check_{stage}").upstream_task_ids


def test_people_are_told_whichever_check_stops_the_walk(dag_bag: Any) -> None:
    dag = dag_bag.dags["assess_penalty_risk"]
    checks = {task.task_id for task in dag.tasks if task.task_id.startswith("check_")}
    assert checks <= dag.get_task("tell_broken").upstream_task_ids
    assert dag.get_task("tell_broken").trigger_rule == "one_failed"
    assert dag.get_task("send_messages").upstream_task_ids == {"build_report", "tell_broken"}
    assert dag.get_task("send_messages").trigger_rule == "all_done"


@pytest.mark.parametrize(
    ("dag_id", "task_id", "error", "is_told"),
    [
        ("assess_penalty_risk", "run_staging", UsageError, True),
        ("assess_penalty_risk", "check_staging", GateBrokenError, False),  # tell_broken raised an alert
        ("ingest_backlinks", "ingest_batch", OSError, False),  # many at once, and end_failed tells of all
        ("ingest_backlinks", "end_failed", OSError, True),
        ("deliver_messages", "send_messages", WarehouseError, True),
    ],
)
def test_one_outage_is_told_once(
    dag_bag: Any, monkeypatch: pytest.MonkeyPatch, dag_id: str, task_id: str, error: type[Exception], is_told: bool
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(walk, "tell_failure", lambda settings, *run, connections: told.append(run))
    dag = dag_bag.dags[dag_id]
    task = dag.get_task(task_id)
    notifier = task.on_failure_callback
    notifier = notifier[0] if isinstance(notifier, list) else notifier  # a mapped task has it bare
    exception = error("where", "found", "expected", "what to do")
    notifier({"dag": dag, "ti": SimpleNamespace(task_id=task_id), "run_id": "night", "exception": exception})
    assert told == ([(dag_id, "night", task_id)] if is_told else [])


def test_feeds_and_the_assessment_are_joined_by_assets(dag_bag: Any) -> None:
    def outlets(dag_id: str) -> list[str]:
        return [asset.name for task in dag_bag.dags[dag_id].tasks for asset in task.outlets]

    assert outlets("ingest_backlinks") == ["backlinks"]
    assert outlets("ingest_rankings") == ["rankings"]
    assert outlets("assess_penalty_risk") == ["assessment"]
    waits_for = dag_bag.dags["assess_penalty_risk"].timetable.asset_condition
    assert {asset.name for asset in waits_for.objects} == {"backlinks", "rankings"}


@pytest.mark.parametrize("path", DAG_FILES, ids=DAG_IDS)
def test_dag_file_is_short_and_holds_no_work(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    code = text.replace(ast.get_docstring(tree, clean=False) or "", "").lower()
    assert len(text.splitlines()) <= 80
    assert {name.split(".")[0] for name in imported} <= {"__future__", "airflow", "dags", "transforms"}
    assert not any(word in code for word in ("select ", "duckdb", "path(", "open(", "http"))
    assert f'"{path.stem}"' not in code and f"def {path.stem}()" in code, "the id is the file's name"
