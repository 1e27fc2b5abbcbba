"""Worlds with known truth: placebo tests hold their level, verdicts are mostly right where links do act."""

from __future__ import annotations

import pandas as pd
import pytest

from penalty_radar.benchmarks.association import LEVELS, judge_world, measure, render
from penalty_radar.benchmarks.association_calendar import update_cover
from penalty_radar.benchmarks.association_worlds import World, WorldParams
from transforms.correlation.known_events import EventParams

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


def test_the_calendar_covers_part_of_every_whole_year_and_more_with_wider_margins() -> None:
    usual, wide = update_cover(), update_cover(EventParams(before_days=10, after_days=20))
    assert list(usual) == list(wide) == list(range(2022, 2022 + len(usual)))
    assert all(0 < usual[year] < wide[year] < 1 for year in usual)
