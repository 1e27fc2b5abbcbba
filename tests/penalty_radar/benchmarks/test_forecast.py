"""The forecast's worlds, fit and benchmark, small."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

from penalty_radar.benchmarks import forecast
from penalty_radar.benchmarks.forecast_cases import collect
from penalty_radar.benchmarks.forecast_fit import GUESS, as_coefficients, as_values, fit
from penalty_radar.benchmarks.forecast_worlds import FIT, TEST, draw_worlds, nights_of, outcomes_of, tables_on


def test_worlds_of_fit_and_test_share_no_parameter() -> None:
    fit_ranges, test_ranges = dataclasses.asdict(FIT), dataclasses.asdict(TEST)
    assert [name for name, value in fit_ranges.items() if test_ranges[name] == value] == []


def test_a_night_knows_nothing_of_later_days() -> None:
    world = next(draw_worlds(replace(TEST, worlds=1)))
    night = nights_of(world)[0]
    assert outcomes_of(world, night).any()
    world_until = replace(world, surges=[row for row in world.surges if row[1] <= night])
    world_until.drops = [row for row in world.drops if row[1] <= night]
    known, until = tables_on(world, night), tables_on(world_until, night)
    for name in ("drops.ranking_drops", "surges.link_surges"):
        assert len(known[name]) == len(until[name])
        assert known[name]["starts_on"].max() <= until["signals.link_series"]["ends_on"].max()


def test_the_fit_learns_that_surges_bring_drops_and_its_numbers_are_coefficients() -> None:
    assert as_coefficients(as_values(GUESS)).reach == GUESS.reach
    fitted = fit(collect(draw_worlds(replace(FIT, worlds=3, sites=(8, 12))), GUESS))
    assert 0.1 < fitted.base_rate < 3
    assert fitted.reach > 0.05
    assert 0 <= fitted.model_spread < 1
    assert 0 < fitted.unknown_links < 0.3


def test_the_benchmark_says_what_was_said_and_what_came() -> None:
    rows = forecast.measure_rows(replace(TEST, worlds=3, sites=(12, 15)))
    figures = {(row["table"], row["metric"]): row["value"] for row in rows if row["table"] == forecast.SUMMARY}
    assert figures[forecast.SUMMARY, "nights of sites"] > 100
    assert 0 < figures[forecast.SUMMARY, "Brier score"] < 0.3
    bands = [row for row in rows if row["table"] == forecast.CALIBRATION and row["metric"] == "cases"]
    assert sum(row["value"] for row in bands) == figures[forecast.SUMMARY, "nights of sites"]
