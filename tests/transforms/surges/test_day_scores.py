"""The detector on plain tables of counts, of days and of weeks."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from transforms.surges.day_scores import arrange, score_days

THURSDAY = datetime.date(2015, 1, 1)


def test_days_are_laid_out_in_calendar_weeks() -> None:
    series = arrange(np.ones((2, 20)), step_days=1, first_day=THURSDAY)
    assert series.days[0] == np.datetime64("2014-12-29")
    assert series.counts.shape == (2, 28)
    assert (series.first.tolist(), series.stop.tolist()) == ([3, 3], [23, 23])


@pytest.mark.parametrize("step_days", [1.0, 7.0])
def test_null_p_values_are_about_as_rare_as_they_say(step_days: float) -> None:
    random = np.random.default_rng(3)
    counts = random.negative_binomial(4.0, 0.5, (60, 700)).astype(float)
    p = score_days(counts, step_days=step_days, first_day=THURSDAY)[:, 300:]
    assert 0.5 <= float((p <= 0.01).mean()) / 0.01 <= 1.5


@pytest.mark.parametrize("step_days", [1.0, 7.0])
def test_a_burst_stands_out_and_changes_nothing_before_it(step_days: float) -> None:
    random = np.random.default_rng(4)
    counts = random.poisson(3.0, (5, 600)).astype(float)
    surged = counts.copy()
    surged[2, 500:502] += 25.0
    quiet, found = (score_days(part, step_days=step_days, first_day=THURSDAY) for part in (counts, surged))
    assert found[2, 500] < 1e-8
    np.testing.assert_allclose(found[:, :500], quiet[:, :500])


def test_a_season_of_years_is_no_surge_and_one_of_the_first_year_may_be() -> None:
    weeks = np.arange(8 * 52)
    mean = 10.0 * np.exp(1.0 * np.cos(2 * np.pi * weeks / 52.18))
    counts = np.random.default_rng(5).poisson(mean, (40, len(mean))).astype(float)
    p = score_days(counts, step_days=7.0, first_day=THURSDAY)
    rising = (weeks % 52 >= 30) & (weeks % 52 < 48)
    late = float((p[:, (weeks >= 5 * 52) & rising] <= 0.01).mean())
    early = float(np.nanmean(np.where(np.isnan(p), np.nan, p <= 0.01)[:, (weeks < 52) & rising]))
    assert late <= 0.03
    assert early >= 5 * late


def test_steps_without_history_are_not_told() -> None:
    counts = np.full((1, 40), np.nan)
    counts[0, 20:] = 2.0
    p = score_days(counts, step_days=7.0, first_day=THURSDAY)
    assert np.isnan(p[0, :25]).all()
    assert not np.isnan(p[0, 26:]).any()
