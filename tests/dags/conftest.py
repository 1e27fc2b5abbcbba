"""A private Airflow for this folder's tests; everything imports Airflow late, after its environment stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from penalty_radar.airflow_home import Ports, build_environment

DAG_IDS = ("assess_penalty_risk", "decide_alerts", "deliver_messages", "ingest_backlinks", "ingest_rankings")


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder of an Airflow with its tables and the pool made; the process's environment points at it."""
    home = tmp_path_factory.mktemp("airflow")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in build_environment(home, Ports()).items():
            if os.environ.get(name) != value:
                patch.setenv(name, value)
        patch.setenv("AIRFLOW__CORE__UNIT_TEST_MODE", "False")
        from dags.metadata import prepare_metadata

        prepare_metadata()
        yield home


@pytest.fixture(scope="session")
def dag_bag(airflow_home: Path) -> Any:
    """The bundle as the DAG processor reads it: the checkout through its .airflowignore."""
    from airflow.dag_processing.dagbag import DagBag

    from penalty_radar.walk import CHECKOUT

    return DagBag(CHECKOUT)


@pytest.fixture
def settings_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings point at empty places below the folder returned."""
    (tmp_path / "exports").mkdir()
    for name, value in {
        "EXPORTS": "exports",
        "WAREHOUSE": "warehouse.duckdb",
        "SITES": "sites.toml",
        "RULES": "rules.toml",
        "STATE": "state",
        "REPORT": "report",
        "ALERTS_FILE": "alerts.jsonl",
    }.items():
        monkeypatch.setenv(f"PENALTY_RADAR_{name}", str(tmp_path / value))
    return tmp_path
