"""The benchmark of the speed of origins at a size that takes seconds: all is measured, and a night reads new texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from penalty_radar.benchmarks import lockstep_speed, origin_speed
from penalty_radar.benchmarks.process_cost import Cost, measure_apart
from penalty_radar.benchmarks.rows import FIELDS


def add(one: int, other: int) -> int:
    return one + other


def test_a_call_is_measured_in_a_process_of_its_own_and_its_result_comes_back() -> None:
    cost, result = measure_apart(add, 2, 3)
    assert result == 5
    assert cost.seconds < 1
    assert 0 < cost.peak_megabytes < 2_000


def test_classification_ends_with_origins_and_begins_with_pages() -> None:
    names = origin_speed.classification()
    assert names[0] == "signals.linked_pages"
    assert names[-1] == "signals.evidence_combinations"
    assert "signals.lockstep_members" in names
    assert "signals.daily_links" not in names


def measure_here(call: Callable[..., Any], *arguments: object) -> tuple[Cost, Any]:
    """Without the process of its own, which takes seconds to start."""
    return Cost(1.0, 1.0, 1.0), call(*arguments)


def test_a_night_reads_the_texts_of_new_links_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockstep_speed, "measure_rows", lambda links: [])
    monkeypatch.setattr(origin_speed, "measure_apart", measure_here)
    monkeypatch.setattr(origin_speed, "cost_of", lambda call, *arguments: measure_here(call, *arguments)[0])
    monkeypatch.setattr(origin_speed, "NEW_ROWS", 200)
    rows = origin_speed.measure_rows(2_000)
    assert all(tuple(row) == FIELDS for row in rows)
    values = {(row["table"], row["metric"]): row["value"] for row in rows}
    assert values[origin_speed.SPEED, "texts read"] == 1_960  # one row in fifty repeats a link
    assert values[origin_speed.NIGHT, "new links"] == 196
    assert values[origin_speed.NIGHT, "texts a new link"] == 1
