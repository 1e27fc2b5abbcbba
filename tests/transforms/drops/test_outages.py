"""Outages that nobody recorded are no drops, and do not make one of the noise in the weeks before."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.drops import ranking_drops
from transforms.drops.noise import Noise, NoiseParams
from transforms.drops.outages import OutageParams, leave_out_outages

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]
Floats = NDArray[np.float64]
Steady = Callable[..., Floats]
DARK = np.log(0.01)


def noise_of(raw: Floats) -> Noise:
    """A series of whole blocks, clipped as far as it can be told dark."""
    by_block = np.ones((1, len(raw) // 28))
    level = np.maximum(raw, -0.6)[None]
    return Noise(level, raw[None], 0.15 * by_block, 0.3 * by_block, 0.05 * by_block, by_block > 1)


def left_out(raw: Floats) -> list[int]:
    clean = leave_out_outages(noise_of(raw), OutageParams(), NoiseParams())
    assert np.isnan(clean.level).tolist() == np.isnan(clean.raw).tolist()
    return [int(day) for day in np.flatnonzero(np.isnan(clean.raw[0]))]


@pytest.mark.parametrize("days", [1, 7, 13])
def test_a_run_of_dark_days_after_which_the_site_was_back_is_unknown(days: int) -> None:
    raw = np.zeros(112)
    raw[60 : 60 + days] = DARK
    assert left_out(raw) == list(range(60, 60 + days))


@pytest.mark.parametrize(
    ("days", "after"), [pytest.param(14, 0.0, id="two weeks"), pytest.param(7, np.log(0.5), id="half came back")]
)
def test_a_run_that_lasts_or_does_not_come_back_stays(days: int, after: float) -> None:
    raw = np.zeros(112)
    raw[60:] = after
    raw[60 : 60 + days] = DARK
    assert left_out(raw) == []


def test_a_run_that_goes_on_may_be_a_drop_after_a_week() -> None:
    for days in (1, 6, 7, 20):
        raw = np.zeros(112)
        raw[-days:] = DARK
        assert len(left_out(raw)) == (days if days < 7 else 0)


@pytest.mark.parametrize("days", [7, 10])
def test_a_week_of_outage_makes_no_drop_of_the_weeks_before(
    days: int, make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    series = {}
    for seed in range(40):  # providers of a few sites each: no site has others to be compared with
        clicks = steady(seed=seed, sd=0.15)
        clicks[300 : 300 + days] *= 0.01
        series[(f"site{seed:02d}.example", f"tracker{seed % 5}", "site")] = clicks
    drops = ranking_drops.build(make_tables(series), as_of=as_of)
    away = (drops["starts_on"] - (pd.Timestamp(as_of) - pd.Timedelta(days=199))).dt.days
    assert not drops["is_confirmed"].any()
    assert (away.between(-60, days)).sum() <= 1, "a false one in forty sites may begin in those weeks by chance"
