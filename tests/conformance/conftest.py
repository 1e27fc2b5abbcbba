"""Inputs of the conformance test: a small hand-made world, a sample of every format, the demo portfolio, and a real
warehouse if one is named.

``PENALTY_RADAR_CONFORMANCE_WAREHOUSE`` names a DuckDB warehouse whose tables are compared too.
"""

from __future__ import annotations

import datetime
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from penalty_radar.simulation import Truth
from tests.conformance.arrived_files import sample_cases
from tests.conformance.demo_world import demo_cases
from tests.conformance.small_world import AS_OF, build_small_world
from tests.conformance.two_engines import Case, capture_warehouse, cases_over
from transforms import pipeline

SPARK_PYTHON = Path(__file__).parents[2] / ".venv-spark" / "bin" / "python"


@pytest.fixture(scope="session")
def spark_python() -> Path:
    """The interpreter of the second engine's own environment."""
    if not SPARK_PYTHON.is_file():
        pytest.skip(
            "no .venv-spark: make it with `uv venv .venv-spark` and "
            "`uv pip sync -p .venv-spark/bin/python requirements-spark.lock`"
        )
    if shutil.which("java") is None:
        pytest.skip("no java on the path: install a Java 17 runtime (Debian: openjdk-17-jre-headless)")
    return SPARK_PYTHON


@pytest.fixture(scope="session")
def small_cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Every stage that reads the warehouse, over a hand-made world."""
    folder = tmp_path_factory.mktemp("small_world")
    with build_small_world() as small_world:
        return cases_over(capture_warehouse(small_world, folder), "small", datetime.date.fromisoformat(AS_OF))


@pytest.fixture(scope="session")
def cases(
    spark_python: Path, small_cases: list[Case], demo: tuple[Path, Truth], tmp_path_factory: pytest.TempPathFactory
) -> list[Case]:
    """Every stage over every set of inputs there is; the demo portfolio among them."""
    samples = sample_cases(tmp_path_factory.mktemp("samples"))
    found = [*small_cases, *samples, *demo_cases(demo[0], tmp_path_factory.mktemp("demo_world"))]
    if warehouse := os.environ.get("PENALTY_RADAR_CONFORMANCE_WAREHOUSE"):
        with duckdb.connect(warehouse, read_only=True) as connection:
            as_of = pipeline.default_as_of(connection)
            assert as_of is not None, f"{warehouse} has no loaded export"
            captured = capture_warehouse(connection, tmp_path_factory.mktemp("named_warehouse"))
        found += cases_over(captured, "warehouse", as_of)
    return found
