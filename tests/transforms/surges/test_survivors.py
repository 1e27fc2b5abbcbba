"""The rate of loss is measured where losses are listed, and days before are known in part."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from penalty_radar.benchmarks import null_worlds
from transforms.surges.count_series import SeriesParams
from transforms.surges.layout import make_layout
from transforms.surges.survivors import SurvivorParams, measure_decay

MakeTables = Callable[..., dict[str, pd.DataFrame]]


@pytest.mark.parametrize("life", [60.0, 365.0])
def test_the_rate_of_loss_is_found(life: float) -> None:
    counts, losses = null_worlds.simulate_survivors(np.full(40, 2.0), 900, life, 180, 7)
    tables = null_worlds.count_tables(counts, losses=losses, horizon_days=180)
    decay = measure_decay(tables, null_worlds.LAST_DAY, SurvivorParams())
    assert decay["simulated"] == pytest.approx(1 / life, rel=0.1)


def test_without_losses_or_with_few_there_is_no_rate() -> None:
    counts, losses = null_worlds.simulate_survivors(np.full(4, 1.0), 400, 365.0, 180, 7)
    unknown = null_worlds.count_tables(counts, losses=losses)
    few = null_worlds.count_tables(counts, losses=np.minimum(losses, np.arange(400) == 390), horizon_days=180)
    for tables in (unknown, few):
        assert measure_decay(tables, null_worlds.LAST_DAY, SurvivorParams()) == {}


def test_losses_after_the_day_of_the_run_are_not_known(as_of: datetime.date) -> None:
    counts, losses = null_worlds.simulate_survivors(np.full(40, 2.0), 900, 90.0, 180, 7)
    tables = null_worlds.count_tables(counts, losses=losses, horizon_days=180)
    before = null_worlds.LAST_DAY - datetime.timedelta(days=60)
    known = measure_decay(tables, before, SurvivorParams())
    later = tables["signals.daily_links"]
    later = later[pd.to_datetime(later["day"]) <= pd.Timestamp(before)]
    spans = tables["signals.link_series"].assign(ends_on=pd.Timestamp(before))
    cut = tables | {"signals.daily_links": later, "signals.link_series": spans}
    assert known == measure_decay(cut, before, SurvivorParams())


def test_exposure_falls_before_the_horizon_and_with_what_is_not_listed_yet(
    make_tables: MakeTables, quiet: Callable[..., NDArray[np.int64]], as_of: datetime.date
) -> None:
    tables = make_tables(
        {("alpha.example", "ahrefs_backlinks", "spam"): quiet(days=400)},
        horizon_on=as_of - datetime.timedelta(days=100),
    )
    lag = {
        "site_domain": "alpha.example",
        "provider": "ahrefs_backlinks",
        "age_days": [0, 1],
        "listed_share": [0.4, 0.8],
        "is_pooled": False,
    }
    tables["signals.discovery_lag"] = pd.DataFrame(lag)
    layout = make_layout(tables, as_of, SeriesParams(), {"ahrefs_backlinks": 0.01})
    series = layout.lay_out(np.array([0]))
    exposure, end = series.exposure[0], int(series.stop[0]) - 1
    assert exposure[[end, end - 1, end - 2, end - 99]].tolist() == pytest.approx([0.4, 0.8, 1.0, 1.0])
    assert exposure[end - 200] == pytest.approx(np.exp(-0.01 * 100))
