"""Copies of the invented warehouse and its report, for every test of the pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.build import ReportOutcome, build_report
from tests.reports.invented_rows import AS_OF, GENERATED_AT


@pytest.fixture
def warehouse(warehouse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the invented warehouse of the test's own."""
    path = tmp_path_factory.mktemp("copy") / "warehouse.duckdb"
    shutil.copyfile(warehouse_file, path)
    with duckdb.connect(str(path)) as connection:
        yield connection


@pytest.fixture(scope="session")
def report(warehouse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the invented warehouse, built once; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("report")
    with duckdb.connect(str(warehouse_file), read_only=True) as connection:
        build_report(connection, folder, as_of=AS_OF, generated_at=GENERATED_AT)
    return folder


@pytest.fixture
def standing(report: Path, tmp_path: Path) -> None:
    """The report stands in the test's own folder already: building it again over the same data renders nothing."""
    shutil.copytree(report, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def build(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., ReportOutcome]:
    """Builds the report of the warehouse fixture in the test's own folder."""

    def run(**changes: Any) -> ReportOutcome:
        return build_report(warehouse, tmp_path, **{"as_of": AS_OF, "generated_at": GENERATED_AT, **changes})

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, started once a file; a loop that runs on would be in the way of tests of other files."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install -y --no-install-recommends chromium")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()
