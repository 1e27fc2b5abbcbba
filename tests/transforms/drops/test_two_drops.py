"""Two drops within four weeks, replayed night by night: two findings, each with its own id and its own day."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.drops import ranking_drops
from transforms.drops.levels import RunningLevel
from transforms.drops.series_levels import SeriesLevels, SpellParams, locate_start

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]
Floats = NDArray[np.float64]
Steady = Callable[..., Floats]
FIRST = 400
DAYS = 460
CLICKS = ("alpha.example", "search_console", "site")


def replay(
    visibility: Floats, make_tables: MakeTables, as_of: datetime.date, *, from_column: int, every: int = 1
) -> list[pd.DataFrame]:
    """The drops of the nights from ``from_column`` on, with what the one before found handed over."""
    nights: list[pd.DataFrame] = []
    for column in range(from_column, DAYS, every):
        night = as_of - datetime.timedelta(days=DAYS - 1 - column)
        previous = nights[-1] if nights else None
        tables = make_tables({CLICKS: visibility[: column + 1]}, ends_on=night, previous=previous)
        nights.append(ranking_drops.build(tables, as_of=night))
    return nights


@pytest.mark.parametrize("gap", [10, 14, 19, 28])
def test_a_second_deeper_drop_is_a_finding_of_its_own(
    gap: int, make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    shift = np.zeros(DAYS)
    shift[FIRST:] += np.log(1 - 0.35)
    shift[FIRST + gap :] += np.log(1 - 0.55)
    visibility = steady(shift, level=2000.0, days=DAYS, sd=0.08, seed=gap)
    nights = replay(visibility, make_tables, as_of, from_column=FIRST + 5, every=3)
    first_day = pd.Timestamp(as_of) - pd.Timedelta(days=DAYS - 1 - FIRST)
    for drops in nights:
        assert (drops["starts_on"] <= drops["detected_on"]).all()
        assert (drops["detected_on"] <= drops["as_of"]).all()
    last = nights[-1]
    assert last["drop_id"].nunique() == 2
    assert (last["starts_on"] - first_day).dt.days.tolist() == pytest.approx([0, gap], abs=3)
    assert last["depth_share"].tolist() == pytest.approx([0.35, 0.55], abs=0.08)
    seen = pd.concat([drops for drops in nights if len(drops)]).drop_duplicates(["drop_id", "detected_on"])
    assert sorted(seen["drop_id"]) == sorted(last["drop_id"])
    assert (seen["as_of"] - seen["detected_on"]).dt.days.between(0, 7).all()


def test_a_drop_that_was_told_is_not_taken_back_when_it_turns_out_less_deep(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    shift = np.zeros(DAYS)
    shift[FIRST:] = np.log(1 - 0.4)
    shift[FIRST : FIRST + 8] = np.log(1 - 0.6)
    visibility = steady(shift, level=2000.0, days=DAYS, sd=0.08)
    nights = replay(visibility, make_tables, as_of, from_column=FIRST + 8)
    counts = [len(drops) for drops in nights]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert counts[4] == 1
    assert pd.concat(nights)["drop_id"].nunique() == 1


@pytest.mark.parametrize("moved", [-10, 5, 10])
def test_a_drop_whose_start_moves_stays_the_same(
    moved: int, make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    shift = np.zeros(DAYS)
    shift[FIRST:] = np.log(1 - 0.4)
    tables = make_tables({CLICKS: steady(shift, days=DAYS)})
    drop = ranking_drops.build(tables, as_of=as_of)
    assert len(drop) == 1
    before = drop.assign(starts_on=drop["starts_on"] - pd.Timedelta(days=moved), drop_id="0123456789abcdef")
    before["detected_on"] = drop["starts_on"] + pd.Timedelta(days=2)
    again = ranking_drops.build({**tables, "drops.ranking_drops@previous": before}, as_of=as_of)
    assert again["drop_id"].tolist() == ["0123456789abcdef"]
    assert again["detected_on"].tolist() == before["detected_on"].tolist()


def test_the_standard_error_knows_how_long_the_old_level_was_and_an_undated_start_says_so() -> None:
    ones = np.ones(40)
    raw = np.where(np.arange(1120) % 5 == 0, 0.0, np.nan)
    running = RunningLevel(np.zeros(1121), np.zeros(1121))
    series = SeriesLevels(0, raw, running, 0.1 * ones, 0.3 * ones, 0.04 * ones, 0 * ones, 1120, 1115, SpellParams())
    long, short = (series.error_of(600, (days, 14), (28, 28)) for days in (84, 14))
    assert short > long > 0.0
    assert locate_start(series, 600, (0, 603)) == (600, 579, 602)
    assert locate_start(series, 600, (590, 1120)) == (600, 590, 621)
