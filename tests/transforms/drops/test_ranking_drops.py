"""What counts as a drop, when it began, how deep it is, when the site was back, and what never is one."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.drops import ranking_drops
from transforms.schemas import table

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]
Floats = NDArray[np.float64]
Steady = Callable[..., Floats]
DAYS = 500
TRACKED = ("alpha.example", "se_ranking", "site")
CLICKS = ("alpha.example", "search_console", "site")


def day(before: int, as_of: datetime.date) -> pd.Timestamp:
    return pd.Timestamp(as_of) - pd.Timedelta(days=before)


def fall(depth: float, before: int, days: int | None = None) -> Floats:
    """Log shift of a drop of ``depth`` that begins ``before`` days before the last day."""
    shift = np.zeros(DAYS)
    start = DAYS - 1 - before
    shift[start : None if days is None else start + days] = np.log(1.0 - depth)
    return shift


@pytest.mark.parametrize(("depth", "before"), [(0.3, 100), (0.5, 60), (0.8, 30), (0.4, 20)])
def test_a_lasting_fall_is_found_with_its_start_and_depth(
    depth: float, before: int, make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    drops = ranking_drops.build(make_tables({TRACKED: steady(fall(depth, before))}), as_of=as_of)
    assert len(drops) == 1
    drop = drops.iloc[0]
    assert abs((drop["starts_on"] - day(before, as_of)).days) <= 3
    assert drop["depth_share"] == pytest.approx(depth, abs=0.08)
    assert drop["depth_share"] == pytest.approx(1 - drop["level_after"] / drop["level_before"])
    assert 6 <= (drop["detected_on"] - drop["starts_on"]).days <= 28
    assert drop[["recovered_on", "ends_on"]].isna().all()
    assert bool(drop["is_active"])
    assert not bool(drop["is_provisional"])
    assert 0 < drop["p_value"] <= drop["q_value"] <= 0.05


def test_every_declared_column_is_returned(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    drops = ranking_drops.build(make_tables({TRACKED: steady(fall(0.5, 60))}), as_of=as_of)
    declared = table("drops.ranking_drops")
    assert list(drops.columns) == list(declared.column_names)
    assert not drops[[column.name for column in declared.columns if column.required]].isna().any().any()
    assert drops["drop_id"].str.fullmatch("[0-9a-f]{16}").all()


def test_recovery_ends_a_drop(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    drops = ranking_drops.build(make_tables({TRACKED: steady(fall(0.5, 120, days=40))}), as_of=as_of)
    assert len(drops) == 1
    drop = drops.iloc[0]
    assert abs((drop["recovered_on"] - day(80, as_of)).days) <= 4
    assert drop["ends_on"] == drop["recovered_on"] - pd.Timedelta(days=1)
    assert not bool(drop["is_active"])


def test_rises_and_quiet_series_give_nothing(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    risen = -fall(0.5, 60)
    series = {
        (f"site{seed}.example", "se_ranking", "site"): steady(seed=seed, sd=0.1 + 0.03 * seed) for seed in range(10)
    }
    series[("risen.example", "se_ranking", "site")] = steady(risen)
    drops = ranking_drops.build(make_tables(series), as_of=as_of)
    assert not drops["is_confirmed"].any()
    assert len(drops) <= 5, "ten sites for 1.2 years, at most one false drop in two years each"
    assert "risen.example" not in set(drops["site_domain"])


@pytest.mark.parametrize("length", [2, 4, 6])
def test_a_short_outage_is_no_drop(length: int, make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    clicks = steady(sd=0.2)
    clicks[-80 : -80 + length] = 0.0
    assert ranking_drops.build(make_tables({CLICKS: clicks}), as_of=as_of).empty


def test_a_recorded_outage_is_unknown_not_zero(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    clicks = steady(sd=0.2)
    clicks[-80:-50] = 0.0
    recorded = [("alpha.example", as_of - datetime.timedelta(days=79), as_of - datetime.timedelta(days=50))]
    assert len(ranking_drops.build(make_tables({CLICKS: clicks}), as_of=as_of)) == 1
    assert ranking_drops.build(make_tables({CLICKS: clicks}, outages=recorded), as_of=as_of).empty


def test_missing_days_are_unknown_not_zero(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    gaps = steady()
    gaps[-90:-70] = np.nan
    gaps[np.random.default_rng(2).random(DAYS) < 0.2] = np.nan
    assert ranking_drops.build(make_tables({TRACKED: gaps}), as_of=as_of).empty
    fallen = steady(fall(0.5, 60))
    fallen[np.random.default_rng(3).random(DAYS) < 0.3] = np.nan
    drops = ranking_drops.build(make_tables({TRACKED: fallen}), as_of=as_of)
    assert [abs((start - day(60, as_of)).days) <= 4 for start in drops["starts_on"]] == [True]


def test_a_tracker_that_checks_weekly_shows_its_drops_too(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    shift = fall(0.6, 120, days=60)
    weekly = np.where(np.arange(DAYS) % 7 == 3, steady(shift, sd=0.1), np.nan)
    drops = ranking_drops.build(make_tables({TRACKED: weekly}), as_of=as_of)
    assert [abs((start - day(120, as_of)).days) <= 7 for start in drops["starts_on"]] == [True]
    assert [abs((back - day(60, as_of)).days) <= 28 for back in drops["recovered_on"]] == [True]


def test_a_gradual_decline_and_a_passing_peak_are_no_drops(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    season = 0.7 * np.sin(2 * np.pi * np.arange(DAYS) / 365)
    peak = np.zeros(DAYS)
    peak[-90:-65] = np.log(2.5)
    series = {
        ("season.example", "se_ranking", "site"): steady(season, sd=0.1),
        ("peak.example", "se_ranking", "site"): steady(peak, sd=0.1),
    }
    assert ranking_drops.build(make_tables(series), as_of=as_of).empty


def test_the_last_days_of_search_console_are_left_out_and_the_delay_is_counted(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    incomplete = steady()
    incomplete[-3:] *= [0.7, 0.4, 0.05]
    assert ranking_drops.build(make_tables({CLICKS: incomplete}), as_of=as_of).empty
    fallen = steady(fall(0.5, 60), level=5000.0)
    tracked = ranking_drops.build(make_tables({TRACKED: fallen}), as_of=as_of)
    clicked = ranking_drops.build(make_tables({CLICKS: fallen}), as_of=as_of)
    assert (clicked["detected_on"] - tracked["detected_on"]).dt.days.tolist() == [3]


def test_a_severe_fall_is_told_provisionally_after_a_week(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    week = ranking_drops.build(make_tables({TRACKED: steady(fall(0.7, 8))}), as_of=as_of)
    assert week["is_provisional"].tolist() == [True]
    assert ranking_drops.build(make_tables({TRACKED: steady(fall(0.7, 3))}), as_of=as_of).empty
    assert ranking_drops.build(make_tables({TRACKED: steady(fall(0.3, 8))}), as_of=as_of).empty


def test_impressions_position_and_click_rate_come_from_the_same_days(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    position = np.where(np.arange(DAYS) >= DAYS - 61, 9.0, 5.0)
    tables = make_tables({CLICKS: steady(fall(0.5, 60))}, impressions=2000.0, position=position)
    drop = ranking_drops.build(tables, as_of=as_of).iloc[0]
    assert drop["impressions_change_share"] == pytest.approx(0.0, abs=1e-9)
    assert drop["position_change"] == pytest.approx(4.0, abs=0.5)
    assert drop["click_rate_change_share"] == pytest.approx(-0.5, abs=0.1)
    tracked = ranking_drops.build(make_tables({TRACKED: steady(fall(0.5, 60))}), as_of=as_of).iloc[0]
    assert tracked[["impressions_change_share", "position_change", "click_rate_change_share"]].isna().all()


def test_what_is_known_on_a_day_does_not_depend_on_later_days(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    series = {
        (f"site{site}.example", "se_ranking", "site"): steady(fall(0.5, 40 + 60 * site), seed=site) for site in range(5)
    }
    whole = ranking_drops.build(make_tables(series), as_of=as_of)
    cut_on = as_of - datetime.timedelta(days=100)
    then = ranking_drops.build(
        make_tables({key: values[:-100] for key, values in series.items()}, ends_on=cut_on), as_of=cut_on
    )
    known = whole[whole["detected_on"] <= pd.Timestamp(cut_on)]
    assert len(known) >= 3
    columns = ["drop_id", "site_domain", "detected_on", "p_value"]
    pd.testing.assert_frame_equal(then[columns].reset_index(drop=True), known[columns].reset_index(drop=True), atol=0)


def test_a_drop_keeps_its_identity_as_its_start_moves(
    make_tables: MakeTables, steady: Steady, as_of: datetime.date
) -> None:
    tables = make_tables({TRACKED: steady(fall(0.5, 60))})
    first = ranking_drops.build(tables, as_of=as_of)
    moved = first.assign(
        starts_on=first["starts_on"] + pd.Timedelta(days=5), detected_on=first["detected_on"] - pd.Timedelta(days=2)
    )
    again = ranking_drops.build({**tables, "drops.ranking_drops@previous": moved}, as_of=as_of)
    assert again["drop_id"].tolist() == first["drop_id"].tolist()
    assert again["detected_on"].tolist() == moved["detected_on"].tolist()


def test_row_order_does_not_matter(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    tables = make_tables(
        {(f"site{seed}.example", "se_ranking", "site"): steady(fall(0.6, 60), seed=seed) for seed in range(3)}
    )
    shuffled = {**tables, "signals.visibility": tables["signals.visibility"].sample(frac=1.0, random_state=4)}
    expected = ranking_drops.build(tables, as_of=as_of)
    assert len(expected) == 3
    pd.testing.assert_frame_equal(ranking_drops.build(shuffled, as_of=as_of), expected)


@pytest.mark.parametrize(
    "visibility",
    [
        pytest.param(np.zeros(DAYS), id="no clicks at all"),
        pytest.param(np.full(DAYS, 1e9), id="huge and even"),
        pytest.param(np.full(20, 50.0), id="twenty days"),
        pytest.param(np.random.default_rng(1).poisson(0.3, DAYS).astype(float), id="a click now and then"),
    ],
)
def test_odd_series_give_nothing(visibility: Floats, make_tables: MakeTables, as_of: datetime.date) -> None:
    assert ranking_drops.build(make_tables({CLICKS: visibility}), as_of=as_of).empty


def test_no_usable_visibility_gives_nothing(make_tables: MakeTables, steady: Steady, as_of: datetime.date) -> None:
    tables = make_tables({TRACKED: steady()})
    empty = ranking_drops.build({name: rows.iloc[:0] for name, rows in tables.items()}, as_of=as_of)
    assert list(empty.columns) == list(table("drops.ranking_drops").column_names)
    unknown = tables["signals.visibility"].assign(visibility=np.nan)
    assert ranking_drops.build({**tables, "signals.visibility": unknown}, as_of=as_of).empty
