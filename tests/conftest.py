"""What tests of several folders use, made once a process; and the order in which files are handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

LONGEST_FIRST = (
    "tests/dags/test_live.py",
    "tests/conformance/test_two_engines.py",
    "tests/penalty_radar/test_walk.py",
    "tests/dags/test_end_to_end.py",
    "tests/dags/test_walk_tasks.py",
    "tests/penalty_radar/test_as_of.py",
    "tests/penalty_radar/test_rules_in_force.py",
    "tests/penalty_radar/backtest/test_nights.py",
    "tests/transforms/surges/test_exports_change.py",
    "tests/transforms/surges/test_link_surges.py",
    "tests/reports/test_in_browser.py",
)
"""Files of half a minute and more. With several processes a file goes to one of them: a long one that is begun last
keeps one core busy while the others wait."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, all others in their usual order."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.split("::")[0], len(places)))


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo world written once: its folder, not to be changed by a test, and its truth."""
    from penalty_radar.simulation import WorldParameters, simulate_portfolio

    folder = tmp_path_factory.mktemp("demo")
    return folder, simulate_portfolio(folder, parameters=WorldParameters.demo())


@pytest.fixture(scope="session")
def warehouse_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented warehouse of the report's tests as a file; a copy is cheaper than its thousands of rows again."""
    from tests.reports.invented_warehouse import make_warehouse

    path = tmp_path_factory.mktemp("invented") / "warehouse.duckdb"
    make_warehouse(str(path)).close()
    return path
