"""Surges of one series are told apart: what belongs to one says nothing for another."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.surges import link_surges
from transforms.surges.detection import DetectionParams, Surge, detect
from transforms.surges.layout import make_layout

Counts = NDArray[np.int64]
MakeTables = Callable[..., dict[str, pd.DataFrame]]
Quiet = Callable[..., Counts]
KEY = ("alpha.example", "ahrefs_backlinks", "bought")


def surges_of(make_tables: MakeTables, as_of: datetime.date, counts: Counts) -> list[tuple[int, Surge]]:
    """Days before ``as_of`` on which each surge starts, and the surge, in a portfolio of eleven."""
    others = {
        (f"site{number}.example", *KEY[1:]): np.random.default_rng(number).poisson(0.4, len(counts))
        for number in range(10)
    }
    tables, params = make_tables(others | {KEY: counts}, ends_on=as_of), DetectionParams()
    layout = make_layout(tables, as_of, params.series, {})
    found = [surge for surge in detect(layout, params).surges if layout.keys["site_domain"].iat[surge.row] == KEY[0]]
    today = int(layout.stop.max()) - 1
    return [(today - surge.first, surge) for surge in found]


@pytest.mark.parametrize("seed", range(6))
def test_an_earlier_burst_does_not_make_a_later_wave_less_likely_by_chance(
    seed: int, make_tables: MakeTables, as_of: datetime.date
) -> None:
    random = np.random.default_rng(seed)
    alone = random.poisson(0.4, 700)
    alone[-60:-50] += random.poisson(1.2, 10)
    after = alone.copy()
    after[-80:-78] += 15
    waves = [surge.chance for start, surge in surges_of(make_tables, as_of, alone) if start <= 66]
    later = [surge.chance for start, surge in surges_of(make_tables, as_of, after) if start <= 66]
    least = min(waves, default=DetectionParams().most_p)
    assert all(chance >= 0.2 * least for chance in later)


def test_a_later_burst_takes_nothing_from_an_earlier_surge(make_tables: MakeTables, as_of: datetime.date) -> None:
    counts = np.random.default_rng(11).poisson(0.4, 700)
    counts[-300:-297] += 6
    later = counts.copy()
    later[-60:-57] += 20
    (before,) = (surge for start, surge in surges_of(make_tables, as_of, counts) if start > 200)
    (after,) = (surge for start, surge in surges_of(make_tables, as_of, later) if start > 200)
    assert after.columns.tolist() == before.columns.tolist()
    np.testing.assert_allclose(after.chances, before.chances, rtol=1e-2)


def test_a_surge_does_not_reach_into_days_without_a_level(make_tables: MakeTables, as_of: datetime.date) -> None:
    counts = np.random.default_rng(12).poisson(1.0, 90)
    counts[-53:-51] += 14
    tables = make_tables({KEY: counts})
    (surge,) = link_surges.build(tables, as_of=as_of).to_dict("records")
    assert abs((surge["starts_on"].date() - (as_of - datetime.timedelta(days=52))).days) <= 3
    assert surge["observed_count"] <= 40


def test_dead_series_do_not_hide_a_crawler_day(make_tables: MakeTables, as_of: datetime.date) -> None:
    live = {}
    for number in range(20):
        counts = np.random.default_rng(number).poisson(0.8, 500)
        counts[-40] += 8
        live[(f"live{number}.example", "semrush_backlinks", "natural")] = counts
    dead = {
        (f"dead{number}.example", "semrush_backlinks", "natural"): np.random.default_rng(number).poisson(0.8, 300)
        for number in range(200)
    }
    tables = make_tables(live)
    ended = make_tables(dead, ends_on=as_of - datetime.timedelta(days=200))
    both = {name: pd.concat([tables[name], ended[name]], ignore_index=True) for name in tables}
    both["surges.link_surges@previous"] = pd.DataFrame()
    assert link_surges.build(both, as_of=as_of).empty


def test_lag_alone_is_not_called_survivors(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    counts = quiet(0.6)
    counts[-6:-2] += 8
    tables = make_tables({KEY: counts})
    lag = {"age_days": range(20), "listed_share": np.linspace(0.3, 1.0, 20), "is_pooled": False}
    tables["signals.discovery_lag"] = pd.DataFrame({"site_domain": KEY[0], "provider": KEY[1], **lag})
    (surge,) = link_surges.build(tables, as_of=as_of).to_dict("records")
    assert surge["corrections"] == '["discovery_lag"]'
