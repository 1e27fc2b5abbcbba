"""DAG files are read every half minute: they must be quick to parse and drag nothing heavy along."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from penalty_radar.airflow_home import Ports, build_environment
from penalty_radar.walk import CHECKOUT

FILES = (
    "assess_penalty_risk.py",
    "decide_alerts.py",
    "deliver_messages.py",
    "ingest_backlinks.py",
    "ingest_rankings.py",
)
HEAVY = ("duckdb", "great_expectations", "numpy", "pandas", "plotly", "pyarrow", "scipy")

MEASURE = """
import json, runpy, sys, time
import airflow.sdk, airflow.triggers.base  # the DAG processor has these before it reads a file
here = set(sys.modules)
found = {}
for name in sys.argv[1:]:
    started = time.process_time()
    runpy.run_path("dags/" + name)
    found[name] = [time.process_time() - started, sorted(set(sys.modules) - here)]
    for module in set(sys.modules) - here:
        if module.split(".")[0] in ("dags", "penalty_radar", "transforms"):
            del sys.modules[module]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """By file: CPU seconds to parse it, and the modules that came along."""
    environment = build_environment(tmp_path_factory.mktemp("airflow"), Ports())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *FILES],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", FILES)
def test_file_parses_within_two_seconds_and_imports_nothing_heavy(parsed: Any, name: str) -> None:
    seconds, modules = parsed[name]
    assert seconds <= 2
    assert not {module.split(".")[0] for module in modules}.intersection(HEAVY)


def test_all_dag_files_are_measured() -> None:
    assert {path.name for path in Path(CHECKOUT / "dags").glob("*_*.py")} - {"run_once.py", "__init__.py"} == set(FILES)
