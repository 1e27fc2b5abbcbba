"""The tests of whole trains: they hold their level, find an effect, and change only with what they speak of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from penalty_radar.benchmarks.association_pools import measure_world, rejected
from penalty_radar.benchmarks.association_tables import as_portfolios, as_tables, date_of
from penalty_radar.benchmarks.association_worlds import WORLDS, World, WorldParams, thin_drops
from transforms.correlation import portfolio_tests, site_tests
from transforms.correlation.event_trains import LAGS
from transforms.correlation.portfolio_tests import Params, read_trains
from transforms.correlation.train_sites import TrainParams
from transforms.correlation.train_tests import pool_sites
from transforms.schemas import table

Tables = dict[str, pd.DataFrame]
SMALL = WorldParams(runs=25)
AS_OF = date_of(SMALL.days - 1)
FEW = Params(trains=TrainParams(most_draws=199))


def draw_world(name: str, seed: int = 1) -> World:
    return thin_drops(WORLDS[name](np.random.default_rng(seed), SMALL))


def pooled(tables: Tables) -> pd.DataFrame:
    return portfolio_tests.build(tables, as_of=AS_OF, params=FEW)


def row_of(tested: pd.DataFrame, group: str = "arranged", window: str = "7-45", kind: str = "site") -> pd.Series:
    wanted = (tested["origin_group"] == group) & (tested["lag_window"] == window) & (tested["segment_kind"] == kind)
    assert wanted.sum() == 1
    return tested[wanted].iloc[0]


@pytest.mark.parametrize("world", ["independent", "reverse with relapse"])
def test_without_an_effect_few_portfolios_are_rejected(world: str) -> None:
    pools = measure_world(world, SMALL, FEW.trains)
    assert rejected(pools.larger, "7-45") <= 0.16  # 25 runs at .05: more than 3 has a chance below .04
    assert rejected(pools.larger, "any") <= 0.15


def test_with_an_effect_most_are_and_the_negative_control_is_not() -> None:
    pools = measure_world("coupled", SMALL, FEW.trains)
    assert rejected(pools.larger, "7-45") >= 0.8
    assert rejected(pools.natural, "7-45") <= 0.15
    assert rejected(pools.one_site, "7-45") < 0.2


def test_owners_who_buy_because_they_fell_show_in_the_reverse_test() -> None:
    tested = pooled(as_tables(draw_world("reverse"), SMALL))
    assert row_of(tested, window="-45--1")["p_larger"] <= 0.05
    assert row_of(tested)["p_larger"] > 0.05


def test_p_of_independent_trains_is_spread_evenly() -> None:
    p_values = np.concatenate(measure_world("shared calendar, not listed", SMALL, FEW.trains).site_swap)[:, 1]
    assert 0.3 < p_values.mean() < 0.7
    assert (p_values <= 0.25).mean() < 0.5


def test_many_portfolios_at_once_are_what_each_is_alone() -> None:
    worlds = [draw_world("coupled", seed) for seed in (1, 2)]
    tables, portfolios = as_portfolios(worlds, SMALL)
    trains = next(read_trains(tables, ["site"], FEW, portfolios))
    result = pool_sites(trains.drops, trains.surges, FEW.trains)
    alone = row_of(pooled(as_tables(worlds[0], SMALL)))  # the first portfolio has the same names
    assert result.observed[0, 1] == alone["observed_count"]
    assert result.p_larger[0, 1] == pytest.approx(float(alone["p_larger"]))


def test_order_of_rows_does_not_matter_and_a_run_twice_is_equal() -> None:
    tables = as_tables(draw_world("coupled"), SMALL)
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in tables.items()}
    pd.testing.assert_frame_equal(pooled(tables), pooled(shuffled))
    once, again = (site_tests.build(given, as_of=AS_OF, params=FEW) for given in (tables, shuffled))
    pd.testing.assert_frame_equal(once, again)


def test_a_site_without_surges_changes_no_shift_of_the_others() -> None:
    world = draw_world("coupled")
    more = as_tables(world, replace(SMALL, sites=SMALL.sites + 1))
    before, after = pooled(as_tables(world, SMALL)), pooled(more)
    assert row_of(after)["site_count"] == row_of(before)["site_count"] + 1
    pd.testing.assert_series_equal(before["p_time_shift"], after["p_time_shift"])
    pd.testing.assert_series_equal(before["expected_count"], after["expected_count"])


def only_drops(days: list[int], **events: object) -> Tables:
    world = World(surges=[(0, 280, "bought")], drops=[(0, day) for day in days])
    tables = as_tables(world, replace(SMALL, sites=6))
    if events:
        tables["staging.search_events"] = pd.DataFrame([events]).reindex(
            columns=tables["staging.search_events"].columns
        )
    return tables


def test_a_shift_by_the_whole_circle_is_the_train_itself() -> None:
    trains = next(read_trains(only_drops([300, 400, 600]), ["site"], FEW))
    circle = np.flatnonzero(trains.drops.is_open[0])
    moved = trains.drops.shifted_days
    steps = (np.searchsorted(circle, moved) - np.searchsorted(circle, trains.drops.day)[:, None]) % len(circle)
    assert (steps == steps[0]).all()  # the whole train together
    assert len(np.unique(steps)) > 100
    assert set(np.unique(moved)) <= set(circle)


def test_a_drop_inside_a_known_event_is_not_tested_and_no_drop_is_moved_there() -> None:
    update = {"kind": "update", "name": "core update", "starts_on": date_of(295), "ends_on": date_of(305)}
    tables = only_drops([300, 400], **update)
    assert row_of(pooled(only_drops([300, 400])))["drop_count"] == 2
    assert row_of(pooled(tables))["drop_count"] == 1
    trains = next(read_trains(tables, ["site"], FEW))
    first = 28  # the axis begins where drops are tested
    assert not trains.drops.is_open[0, 293 - first : 313 - first].any()
    assert trains.drops.is_open[0, [292 - first, 313 - first]].all()


def test_drops_of_one_fall_count_once_and_links_that_answer_a_fall_for_none() -> None:
    relapse = only_drops([260, 300])  # the surge of day 280 answers the first
    assert row_of(pooled(relapse))[["drop_count", "observed_count"]].tolist() == [1, 0]
    alone = row_of(pooled(only_drops([300])))
    assert alone[["drop_count", "observed_count"]].tolist() == [1, 1]


def test_every_lag_of_a_window_matches_and_no_other() -> None:
    for lag in (-46, -45, -1, 0, 1, 6, 7, 14, 15, 29, 30, 45, 46, 180, 181):
        trains = next(read_trains(only_drops([280 + lag]), ["site"], FEW))
        found = trains.surges.nearest[trains.surges.row[trains.drops.site], trains.drops.day] <= trains.drops.reach
        expected = [first <= lag <= last for first, last in LAGS.values()]
        assert found.tolist() == [expected], f"lag {lag}"


def test_drops_of_segments_are_tested_by_kind_and_parts_of_the_sites_own_are_not() -> None:
    tables = only_drops([300, 500])
    pages = tables["drops.assessed_series"].assign(segment="page:/shoes/")
    tables["drops.assessed_series"] = pd.concat([tables["drops.assessed_series"], pages], ignore_index=True)
    own = tables["drops.ranking_drops"]
    part = own.assign(segment="page:/shoes/", drop_id="p", part_of_drop_id=own["drop_id"])
    lone = part.iloc[:1].assign(starts_on=date_of(400), part_of_drop_id=None, drop_id="q")
    tables["drops.ranking_drops"] = pd.concat([own, part, lone], ignore_index=True)
    tested = pooled(tables)
    assert row_of(tested)["drop_count"] == 2
    assert row_of(tested, kind="page")["drop_count"] == 1


def test_another_site_without_link_data_on_the_day_is_not_one_without_surges() -> None:
    tables = as_tables(draw_world("coupled"), SMALL)
    series = tables["surges.assessed_series"]
    late = series["site_domain"] > "site-00012"
    tables["surges.assessed_series"] = series.assign(
        tested_from_on=series["tested_from_on"].where(~late, date_of(500)).to_list()
    )
    tested = pooled(tables)
    assert tested["p_site_swap"].dropna().between(0, 1).all()
    assert row_of(tested)["site_count"] == SMALL.sites


def test_without_surges_or_without_tested_rankings_nothing_is_said() -> None:
    tables = only_drops([300])
    assert pd.isna(row_of(pooled(tables), group="spam")["p_larger"])
    tables["drops.assessed_series"] = tables["drops.assessed_series"].iloc[:0]
    for name, made in (
        ("portfolio_tests", pooled(tables)),
        ("site_tests", site_tests.build(tables, as_of=AS_OF)),
    ):
        assert made.empty
        assert list(made.columns) == list(table(f"correlation.{name}").column_names)


def test_a_site_alone_says_how_little_it_could_show() -> None:
    tested = site_tests.build(only_drops([300]), as_of=AS_OF)
    assert set(tested["site_domain"]) == {"site-00000.example"}
    assert (tested["least_p"] > 0.0).all()
    assert (tested["p_larger"] >= tested["least_p"] - 1e-9).all()
    primary = tested[tested["lag_window"] == "7-45"].iloc[0]
    assert primary["least_p"] > 0.03  # one surge matches 39 of some 670 days
    assert pd.isna(site_tests.build(as_tables(World([(0, 280, "bought")], [(0, 300)]), replace(SMALL, sites=5)),
                                    as_of=AS_OF)["p_site_swap"]).all()  # fmt: skip
