"""The way back of a drop, what other sites say of it, which part of a site fell, and where levels change."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.drops import drop_recoveries, ranking_drops
from transforms.drops.controls import measure_controls
from transforms.drops.daily_visibility import SeriesParams, index_visibility
from transforms.drops.detection import DetectionParams
from transforms.drops.steps import segment_levels
from transforms.schemas import table

MakeTables = Callable[..., dict[str, pd.DataFrame]]
Floats = NDArray[np.float64]
Steady = Callable[..., Floats]
DAYS = 500
TRACKED = ("alpha.example", "se_ranking", "site")


def fallen(depth: float, before: int, back_to: float | None = None, back_before: int = 0) -> Floats:
    shift = np.zeros(DAYS)
    shift[DAYS - 1 - before :] = np.log(1.0 - depth)
    if back_to is not None:
        shift[DAYS - 1 - back_before :] = np.log(back_to)
    return shift


@pytest.mark.parametrize(
    ("shift", "days", "regained"),
    [
        pytest.param(fallen(0.5, 120), None, 0.0, id="still down"),
        pytest.param(fallen(0.5, 120, 0.75, 50), None, 0.5, id="half way back"),
        pytest.param(fallen(0.5, 120, 1.0, 50), 70, 1.0, id="back"),
    ],
)
def test_recovery_is_dated_and_the_share_regained_told(
    shift: Floats, days: int | None, regained: float, make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    tables = make_tables({TRACKED: steady(shift, sd=0.08)})
    tables["drops.ranking_drops"] = ranking_drops.build(tables, as_of=as_of)
    recovery = drop_recoveries.build(tables, as_of=as_of)
    assert list(recovery.columns) == [
        name for name in recovery.columns if name in table("drops.drop_recoveries").column_names
    ]
    assert len(recovery) == 1
    assert recovery["regained_share"].iloc[0] == pytest.approx(regained, abs=0.12)
    if days is None:
        assert recovery[["recovery_days", "recovered_on"]].isna().all().all()
    else:
        assert recovery["recovery_days"].iloc[0] == pytest.approx(days, abs=4)
    assert recovery["best_level"].iloc[0] >= recovery["level_now"].iloc[0] - 1e-9


def test_a_fall_of_one_site_is_confirmed_by_the_others_within_two_weeks_and_a_common_one_is_not(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    def fall_of(share: float) -> pd.DataFrame:
        series = {(f"site{seed:02d}.example", "se_ranking", "site"): steady(sd=0.08, seed=seed) for seed in range(14)}
        for seed in range(round(14 * share)):
            series[(f"site{seed:02d}.example", "se_ranking", "site")] = steady(fallen(0.4, 9), sd=0.08, seed=seed)
        drops = ranking_drops.build(make_tables(series), as_of=as_of)
        return drops[drops["starts_on"] >= pd.Timestamp(as_of) - pd.Timedelta(days=12)]

    alone = fall_of(1 / 14)
    assert alone["site_domain"].tolist() == ["site00.example"]
    assert not alone["is_provisional"].any()
    assert alone["control_change_share"].iloc[0] == pytest.approx(0.0, abs=0.1)
    assert fall_of(1.0).empty


def test_a_segments_drop_is_part_of_the_sites_own(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    names = ("site", "directory:/blog/", "market:nl")
    shifts = (fallen(0.5, 100), fallen(0.6, 97), fallen(0.5, 200))
    series = {
        ("alpha.example", "se_ranking", name): steady(shift, sd=0.08, seed=seed)
        for seed, (name, shift) in enumerate(zip(names, shifts, strict=True))
    }
    drops = ranking_drops.build(make_tables(series), as_of=as_of).set_index("segment")
    drops = drops[drops["is_confirmed"]]
    assert drops["segment_kind"].to_dict() == {"site": "site", "directory:/blog/": "directory", "market:nl": "market"}
    assert drops["part_of_drop_id"].dropna().tolist() == drops.loc[["site"], "drop_id"].tolist()
    assert drops["part_of_drop_id"].isna().to_dict() == {"directory:/blog/": False, "market:nl": True, "site": True}


def test_intervals_hold_the_start_and_the_depth(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    drop = ranking_drops.build(make_tables({TRACKED: steady(fallen(0.3, 100), sd=0.15)}), as_of=as_of).iloc[-1]
    assert drop["starts_from_on"] <= pd.Timestamp(as_of) - pd.Timedelta(days=100) <= drop["starts_until_on"]
    assert drop["depth_low_share"] <= 0.3 <= drop["depth_high_share"]


def test_levels_are_cut_where_they_change_up_and_down_and_not_along_a_slope() -> None:
    noise = np.random.default_rng(5).standard_normal(300)
    steps = np.concatenate([np.zeros(100), np.full(100, 6.0), np.full(100, 2.0)])
    assert segment_levels(steps + noise) == pytest.approx([100, 200], abs=2)
    assert segment_levels(noise) == []
    assert segment_levels(np.linspace(0.0, 20.0, 300) + noise) == []


def test_the_other_series_of_a_site_are_not_its_controls(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    names = [("alpha.example", "se_ranking", "site"), ("alpha.example", "se_ranking", "market:nl")]
    names += [(f"site{seed:02d}.example", "se_ranking", "site") for seed in range(10)]
    index = index_visibility(
        make_tables({name: steady(seed=seed) for seed, name in enumerate(names)}), as_of, SeriesParams()
    )
    params = DetectionParams()
    control = measure_controls(index, params.control, params.noise, params.shift)["se_ranking"]
    segment, site, other = range(3)
    assert index.keys["segment"].tolist()[:3] == ["market:nl", "site", "site"]
    stop = int(np.flatnonzero(index.days == np.datetime64(as_of))[0])
    changes = [control.change_of_others(row, stop - 112, stop - 28, stop, params.control) for row in (segment, site)]
    assert changes[0] == changes[1]
    assert changes[0] != control.change_of_others(other, stop - 112, stop - 28, stop, params.control)
