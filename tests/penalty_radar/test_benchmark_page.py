"""The benchmark page: a row per case, a column per metric, and a bar that is not met says so."""

import importlib
import json

import numpy as np
import pytest

from penalty_radar.benchmarks import page, rows
from transforms.errors import UsageError

ROWS: list[rows.Row] = [
    {
        "table": "null",
        "case": "mean 1",
        "metric": "rate",
        "value": 0.05,
        "reference": "",
        "bar": "≤ .06",
        "meets": True,
    },
    {
        "table": "null",
        "case": "mean 3",
        "metric": "rate",
        "value": 0.09,
        "reference": "",
        "bar": "≤ .06",
        "meets": False,
    },
    {"table": "null", "case": "mean 3", "metric": "count", "value": None, "reference": "", "bar": "", "meets": None},
]


def test_cases_are_rows_and_metrics_columns():
    text = page.render_benchmark("detectors", ROWS)
    assert "| case | rate | count |" in text
    assert "| mean 1 | 0.05 (bar ≤ .06: met) | – |" in text
    assert "| mean 3 | 0.09 (bar ≤ .06: NOT met) | – |" in text
    assert "penalty-radar benchmark detectors" in text


def test_a_name_that_is_none_is_refused():
    with pytest.raises(UsageError, match="one of detectors, "):
        page.measure("speedd")


def test_rows_are_those_of_the_modules(monkeypatch):
    """Every benchmark that is registered gives its rows; none is really run here."""
    for count, (name, module) in enumerate(page.BENCHMARKS.items()):
        made = ROWS[: 1 + count % 3]
        monkeypatch.setattr(importlib.import_module(module), "measure_rows", _giving(made, name in page.READS_DATA))
    measured = page.measure()
    counts = {name: len(rows) for name, rows in measured.items()}
    assert counts == {name: 1 + count % 3 for count, name in enumerate(page.BENCHMARKS)}
    assert set(json.loads(json.dumps(measured["detectors"][0]))) == set(rows.FIELDS)
    assert page.render_page(measured).count("## ") == 2 * len(page.BENCHMARKS)  # each with a table


def _giving(made, reads_data):
    return (lambda data: made if data is None else []) if reads_data else (lambda: made)


def test_a_bar_judged_by_numpy_can_be_written_as_json():
    met = np.float64(0.04) <= 0.05
    row = rows.make_row("a table", "a case", "a share", 0.04, "≤ 0.05", met)  # type: ignore[arg-type]
    assert json.loads(json.dumps(row))["meets"] is True
