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


def test_where_links_act_the_drops_they_explain_get_more_and_trains_alone_are_never_called_likely() -> None:
    """No page is known here: without what the links lead to, a lag and a size do not carry ``links_likely``."""
    rates, judged = measure("coupled", SMALL)
    assert rates.explained > 30
    explained = judged["is_explained"]
    assert judged.loc[explained, "probability"].mean() > 2 * judged.loc[~explained, "probability"].mean()
    assert rates.likely <= 0.02
    assert "| coupled |" in render([rates], judged)


def test_a_world_is_judged_the_same_way_twice() -> None:
    world = World(surges=[(0, 300, "bought"), (1, 100, "natural")], drops=[(0, 324), (1, 130), (2, 400)], updates=[500])
    first, second = (judge_world(world, SMALL) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert first["verdict"].tolist() == ["links_possible", "no pair", "no pair"]


def test_the_calendar_covers_part_of_every_whole_year_and_more_with_wider_margins() -> None:
    usual, wide = update_cover(), update_cover(EventParams(before_days=10, after_days=20))
    assert list(usual) == list(wide) == list(range(2022, 2022 + len(usual)))
    assert all(0 < usual[year] < wide[year] < 1 for year in usual)
