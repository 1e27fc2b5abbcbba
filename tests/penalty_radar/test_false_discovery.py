"""The benchmark of false discovery control: nothing told without reason, campaigns told, every rule on one world."""

from __future__ import annotations

import numpy as np
import pytest

from penalty_radar.benchmarks import false_discovery
from penalty_radar.benchmarks.rows import FIELDS
from transforms.findings.discoveries import NEVER


def test_with_nothing_to_find_few_years_have_a_false_alarm() -> None:
    years = 0
    for seed in range(40):
        world = false_discovery.simulate_world(5, campaigns=0.0, is_dependent=False, seed=seed)
        told = false_discovery.tell_by_year(world)
        days = told[told != NEVER]
        years += len(np.unique(days // (13 * 28)))
    assert 1 <= years <= 0.05 * 40 * 5 + 8  # 200 years: ten expected, standard deviation three


@pytest.mark.parametrize("name", list(false_discovery.TELLERS))
def test_every_rule_tells_campaigns_on_a_day_of_theirs_and_little_else(name: str) -> None:
    world = false_discovery.simulate_world(25, campaigns=0.04, is_dependent=True, seed=1)
    told = false_discovery.TELLERS[name](world)
    is_told = told != NEVER
    assert is_told[world.is_true].mean() > 0.5
    assert (~world.is_true[is_told]).mean() < 0.15
    assert (told[is_told] // 28 >= world.period[is_told]).all()


def test_rows_have_the_fields_of_every_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(false_discovery, "RUNS", {1: 2})
    rows = false_discovery.measure()
    assert {row["table"] for row in rows} == {"nothing to find", "campaigns (4% of site-periods)"}
    assert all(set(row) == set(FIELDS) for row in rows)
    assert sum(row["meets"] is not None for row in rows) == 4
