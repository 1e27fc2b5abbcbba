"""Once end to end under a live scheduler: files dropped, DAGs triggered, the assessment started by their assets."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from penalty_radar.airflow_home import free_ports
from penalty_radar.airflow_server import Standalone
from penalty_radar.simulation import simulate_portfolio
from transforms.settings import Settings

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        os.environ.get("PENALTY_RADAR_LIVE") != "1",
        reason="starts a live Airflow (2 minutes, 1.5 GB); PENALTY_RADAR_LIVE=1 runs it, as .ci/run does",
    ),
]

WAIT_SECONDS = 420
"""For the slowest machine that tests run on; a quiet one needs a third."""


def wait_for(what: str, server: Standalone, look: Callable[[], Any]) -> Any:
    """What ``look`` returns once it is true; fails with the server's last words when that takes too long."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(2)
    raise AssertionError(f"{what}: not within {WAIT_SECONDS} s\n{server.log.read_text(errors='replace')[-5000:]}")


def list_dags(server: Standalone) -> set[str]:
    return {dag["dag_id"] for dag in server.call("GET", "/api/v2/dags")["dags"]}


def ended_runs(server: Standalone, dag_id: str) -> list[dict[str, Any]]:
    """Runs that ended well; a failed one fails the test."""
    runs = server.call("GET", f"/api/v2/dags/{dag_id}/dagRuns")["dag_runs"]
    assert not [run for run in runs if run["state"] == "failed"], server.log.read_text(errors="replace")[-5000:]
    return [run for run in runs if run["state"] == "success"]


def task_states(server: Standalone, run: dict[str, Any]) -> dict[str, str]:
    path = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances?limit=100"
    return {task["task_id"]: task["state"] for task in server.call("GET", path)["task_instances"]}


def test_dropped_files_become_a_report_and_nothing_is_left_running(tmp_path: Path) -> None:
    simulate_portfolio(tmp_path)  # before the start: what is there is no arrival, so that only the triggers below count
    settings = Settings(
        exports=str(tmp_path / "exports"),
        warehouse=tmp_path / "warehouse.duckdb",
        sites=tmp_path / "sites.toml",
        state=tmp_path / "state",
        report=tmp_path / "report",
        alerts_file=tmp_path / "alerts.jsonl",
    )
    ingest = {"ingest_backlinks", "ingest_rankings"}
    with Standalone(tmp_path / "airflow", free_ports(), settings) as server:
        server.wait_until_healthy(WAIT_SECONDS)
        others = {"assess_penalty_risk", "decide_alerts", "deliver_messages"}
        wait_for("all DAGs", server, lambda: list_dags(server) == ingest | others)
        for dag_id in sorted(ingest):
            server.call("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None})
        wait_for("both feeds", server, lambda: all(ended_runs(server, dag_id) for dag_id in ingest))

        def assessed() -> dict[str, Any] | None:
            events = server.call("GET", "/api/v2/assets/events?source_dag_id=assess_penalty_risk")["asset_events"]
            both = {event["source_run_id"] for event in events if len(event["extra"]["read"]) == len(ingest)}
            runs = ended_runs(server, "assess_penalty_risk")
            return next((run for run in runs if run["dag_run_id"] in both), None)

        run = wait_for("an assessment of both feeds", server, assessed)
        assert run["run_type"] == "asset_triggered"
        states = task_states(server, run)
        assert states.pop("tell_broken") == "skipped"
        assert set(states.values()) == {"success"}
    assert (tmp_path / "report" / "index.html").is_file()
    assert not server.is_running()
    with pytest.raises(urllib.error.URLError):  # nothing listens any more
        urllib.request.urlopen(server.address, timeout=5)  # noqa: S310 - localhost
