"""The demo: a made-up portfolio as export files, the real DAGs over them, and what was found beside the known truth."""

from __future__ import annotations

import os
import shutil
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from penalty_radar.airflow_home import run_dags, run_log
from reports.messages import say
from transforms.errors import UsageError
from transforms.settings import load_settings

DAGS = ("ingest_backlinks", "ingest_rankings", "assess_penalty_risk")

MARKER = ".penalty-radar-demo"
"""A file that says that a folder was made by the demo, so that a next demo may begin by emptying it."""


def run_demo(
    folder: Path,
    *,
    language: str = "en",
    open_report: bool | None = None,
    echo: Callable[[str], None] = print,
) -> int:
    """Run the demo in ``folder`` (emptied first if an earlier demo made it), saying every step through ``echo``.

    Args:
        folder: gets ``exports``, ``truth.json``, ``warehouse.duckdb``, ``report`` and ``airflow``.
        language: of what is said and of the report.
        open_report: whether to open the report in a browser; None opens it where a person with a screen is looking.
        echo: takes each line.

    Returns:
        0; 1 when the comparison with the truth falls short; else the exit code of the DAG that did not succeed.

    Raises:
        UsageError: there is something in ``folder`` that no demo put there.
    """
    from penalty_radar.demo_truth import compare_warehouse, render_comparison
    from penalty_radar.simulation import EXPORTS_FOLDER, simulate_portfolio

    started = time.monotonic()
    _empty(folder)
    exports, report = folder / EXPORTS_FOLDER, folder / "report"
    settings = load_settings(
        {
            "PENALTY_RADAR_EXPORTS": str(exports),
            "PENALTY_RADAR_WAREHOUSE": str(folder / "warehouse.duckdb"),
            "PENALTY_RADAR_REPORT": str(report),
            "PENALTY_RADAR_ALERTS_FILE": str(folder / "alerts.jsonl"),
            "PENALTY_RADAR_SITES": str(folder / "sites.toml"),  # not the list of real sites, if there is one
            "PENALTY_RADAR_LANGUAGE": language,
        },
        folder,
    )
    echo(say("airflow.demo.simulating", language, folder=exports))
    truth = simulate_portfolio(folder)
    home = folder / "airflow"
    echo(say("airflow.demo.running", language, dags=", ".join(DAGS)))
    code = run_dags(DAGS, home, settings, on_task=_Teller(language, echo))
    if code:
        echo(say("airflow.failed", language, log=run_log(home)))
        return code
    comparison = compare_warehouse(settings.warehouse, truth)
    echo(render_comparison(comparison, language))
    echo(say("airflow.demo.finished", language, seconds=time.monotonic() - started))
    echo(say("airflow.demo.report", language, index=report / "index.html"))
    if open_report if open_report is not None else _has_viewer():
        webbrowser.open((report / "index.html").as_uri())
    return 0 if comparison.is_right else 1


class _Teller:
    """Says each ended task, and each DAG before its first."""

    def __init__(self, language: str, echo: Callable[[str], None]) -> None:
        self._language = language
        self._echo = echo
        self._dag = ""

    def __call__(self, task: dict[str, Any]) -> None:
        if task["dag"] != self._dag:
            self._dag = task["dag"]
            self._echo(say("airflow.dag", self._language, dag=self._dag))
        batch = f"[{task['map_index']}]" if task["map_index"] >= 0 else ""
        name = f"{task['task']}{batch}".ljust(18)
        key = f"airflow.task.{task['state']}"
        self._echo(say(key, self._language, task=name, seconds=task["seconds"], error=task["error"]))


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise UsageError(str(folder), "files that no demo made", "an empty or new folder", "Name another --folder.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()


def _has_viewer() -> bool:
    has_screen = sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return has_screen and sys.stdout.isatty()
