"""Worlds with known truth: placebo tests hold their level, verdicts are mostly right where links do act."""

from __future__ import annotations

import pandas as pd
import pytest

from penalty_radar.benchmarks.association import LEVELS, judge_world, measure, render
from penalty_radar.benchmarks.association_worlds import World, WorldParams

SMALL = WorldParams(runs=6)


@pytest.mark.parametrize("world", ["independent", "shared calendar, listed", "reverse"])
def test_null_worlds_are_rejected_no_more_often_than_the_level_says(world: str) -> None:
    rates, _ = measure(world, SMALL)
    assert rates.tested > 30
    for nominal, larger in zip(LEVELS, rates.larger, strict=True):
        assert larger <= nominal
    assert rates.likely <= 0.05


def test_where_links_act_most_of_what_is_called_likely_is() -> None:
    rates, judged = measure("coupled", SMALL)
    assert rates.explained > 30
    assert rates.likely_right >= 0.7
    assert "| coupled |" in render([rates], judged)


def test_a_world_is_judged_the_same_way_twice() -> None:
    world = World(surges=[(0, 300, "bought"), (1, 100, "natural")], drops=[(0, 324), (1, 130), (2, 400)], updates=[500])
    first, second = (judge_world(world, SMALL) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert first["verdict"].tolist() == ["links_likely", "no pair", "no pair"]
