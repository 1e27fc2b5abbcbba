"""Runs DAGs in this process, in order, without a scheduler: ``python -m dags.run_once DAG_ID... [--conf JSON]``.

The demo and the tests run the real DAGs this way. Standard output gets one JSON line for each task that ended (``dag``,
``task``, ``map_index``, ``state``, ``seconds``, ``error``); all that Airflow and the tasks say goes to ``--log``.
The exit code is 0, or that of the first error (``transforms.errors``), or 1.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from airflow.listeners import hookimpl
from airflow.sdk import DagRunState
from airflow.sdk.listener import get_listener_manager

from dags.defaults import TASK_DEFAULTS
from dags.metadata import prepare_metadata


class Progress:
    """An Airflow listener that writes a line for every task that ended."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._started = time.monotonic()
        self.exit_code = 0

    @hookimpl
    def on_task_instance_running(self, task_instance: Any) -> None:
        """Start the clock: one task runs at a time."""
        self._started = time.monotonic()

    @hookimpl
    def on_task_instance_success(self, task_instance: Any) -> None:
        """Report success."""
        self._write(task_instance, "success")

    @hookimpl
    def on_task_instance_skipped(self, task_instance: Any) -> None:
        """Report a task that skipped itself."""
        self._write(task_instance, "skipped")

    @hookimpl
    def on_task_instance_failed(self, task_instance: Any, error: Any) -> None:
        """Report the error; the first one sets the exit code."""
        self.exit_code = self.exit_code or int(getattr(error, "exit_code", 1))
        self._write(task_instance, "failed", str(error))

    def _write(self, task_instance: Any, state: str, error: str | None = None) -> None:
        line = {
            "dag": task_instance.dag_id,
            "task": task_instance.task_id,
            "map_index": task_instance.map_index,
            "state": state,
            "seconds": round(time.monotonic() - self._started, 1),
            "error": error,
        }
        self._lines.write(json.dumps(line) + "\n")
        self._lines.flush()


def run_dags(dag_ids: list[str], conf: dict[str, Any], progress: Progress) -> int:
    """Run the DAGs in order, stopping at the first that does not succeed; returns the exit code."""
    TASK_DEFAULTS["retries"] = 0  # read when a DAG file is imported; there is no scheduler to come back later
    get_listener_manager().add_listener(progress)  # type: ignore[no-untyped-call]
    for dag_id in dag_ids:
        dag = importlib.import_module(f"dags.{dag_id}").DAG
        run = dag.test(run_conf=conf)
        if run.state != DagRunState.SUCCESS:
            return progress.exit_code or 1
    return 0


def main(arguments: list[str]) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m dags.run_once")
    parser.add_argument("dag_ids", nargs="+", metavar="DAG_ID")
    parser.add_argument("--conf", type=json.loads, default={}, metavar="JSON", help="parameters of every DAG")
    parser.add_argument("--log", type=Path, default=Path(os.devnull), help="where Airflow and the tasks write")
    options = parser.parse_args(arguments)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines, options.log.open("ab", buffering=0) as log:
        for stream in (1, 2):  # also what libraries print; the JSON lines keep the real standard output
            os.dup2(log.fileno(), stream)
        prepare_metadata()
        return run_dags(options.dag_ids, options.conf, Progress(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
