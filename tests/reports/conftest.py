"""The invented warehouse and its report, for every test of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.build import ReportOutcome, build_report
from tests.reports.invented_rows import AS_OF, GENERATED_AT
from tests.reports.invented_warehouse import make_warehouse


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """The invented warehouse, new for each test."""
    with make_warehouse() as connection:
        yield connection


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the invented warehouse, built once; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("report")
    with make_warehouse() as connection:
        build_report(connection, folder, as_of=AS_OF, generated_at=GENERATED_AT)
    return folder


@pytest.fixture
def build(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., ReportOutcome]:
    """Builds the report of the warehouse fixture in the test's own folder."""

    def run(**changes: Any) -> ReportOutcome:
        return build_report(warehouse, tmp_path, **{"as_of": AS_OF, "generated_at": GENERATED_AT, **changes})

    return run
