"""Published tests in our own code: against figures worked out by hand and against what was published."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from penalty_radar.benchmarks.surge_methods import changepoints, ears, farrington, oracles, plain_tests, windows
from penalty_radar.benchmarks.surge_methods.cases import CASES, COMPARATORS, Case
from penalty_radar.benchmarks.surge_sets import recipe, survstat
from penalty_radar.benchmarks.surge_sets.count_set import DAY, MONTH, WEEK, CountSet, Floats

DATA = Path(__file__).parents[4] / "shared" / "benchmarks"
START = datetime.date(2024, 1, 1)


def a_set(counts: object, step_days: float = WEEK) -> CountSet:
    series = np.atleast_2d(np.asarray(counts, dtype=float))
    return CountSet(series, step_days, START, [str(row) for row in range(len(series))])


class TestWindows:
    @pytest.mark.parametrize(("gap", "stride"), [(0, 1), (2, 1), (0, 7), (1, 7)])
    def test_moments_are_those_of_the_steps_before(self, gap: int, stride: int) -> None:
        random = np.random.default_rng(1)
        counts = random.poisson(3.0, (2, 80)).astype(float)
        counts[random.random(counts.shape) < 0.2] = np.nan
        mean, deviation = windows.past_moments(counts, 5, gap=gap, stride=stride)
        for row, step in np.ndindex(counts.shape):
            past = [step - stride * (gap + 1 + index) for index in range(5)]
            values = pd.Series([counts[row, at] for at in past if at >= 0]).dropna()
            if len(values) < 3:
                assert np.isnan(mean[row, step])
            else:
                assert mean[row, step] == pytest.approx(values.mean())
                assert deviation[row, step] == pytest.approx(values.std())

    def test_a_sum_is_of_whole_weeks_only(self) -> None:
        counts = np.array([[1.0, 2.0, 3.0, np.nan, 4.0, 5.0, 6.0]])
        np.testing.assert_array_equal(windows.trailing_sum(counts, 2), [[np.nan, 3, 5, np.nan, np.nan, 9, 11]])


class TestEars:
    """Two a step, then 9, 9 and 5: the deviation of an even baseline is taken for .5."""

    COUNTS = (*[2] * 7, 9, 9, 5)

    def test_c1_has_the_steps_directly_before(self) -> None:
        scores = ears.score_c1(a_set(self.COUNTS))
        assert scores[0, 7] == 14.0
        baseline = np.array([2, 2, 2, 2, 2, 9, 9])
        assert scores[0, 9] == pytest.approx((5 - baseline.mean()) / baseline.std(ddof=1))

    def test_c2_leaves_two_steps_between(self) -> None:
        assert ears.score_c2(a_set(self.COUNTS))[0, 9] == 6.0

    def test_c3_adds_what_the_last_three_have_above_one(self) -> None:
        assert ears.score_c3(a_set(self.COUNTS))[0, 9] == 13 + 13 + 5


class TestPlainTests:
    def test_a_negative_binomial_of_the_last_26_steps(self) -> None:
        """0 and 2 in turn: mean 1, variance 26/25, hence size 25."""
        score = plain_tests.score_negative_binomial(a_set([*[0, 2] * 13, 5]))[0, 26]
        assert score == pytest.approx(-np.log10(stats.nbinom.sf(4, 25, 25 / 26)))

    def test_days_are_held_against_the_same_weekday(self) -> None:
        counts = np.tile([100.0, 0, 0, 0, 0, 0, 0], 30)
        counts[-6] = 5.0
        scores = plain_tests.score_negative_binomial(a_set(counts, DAY))[0]
        assert scores[-7] < 0.5 < 5 < scores[-6]

    def test_rules_of_thumb(self) -> None:
        weeks = [*[1, 3] * 13, 10]
        assert plain_tests.score_ratio(a_set(weeks))[0, -1] == 5.0
        deviation = np.std(weeks[:-1], ddof=1)
        assert plain_tests.score_deviations(a_set(weeks))[0, -1] == pytest.approx(8 / deviation)
        days = np.repeat(weeks, 7) / 7
        assert plain_tests.score_ratio(a_set(days, DAY))[0, -1] == pytest.approx(5.0)


class TestFarrington:
    def test_reference_weeks_are_those_of_the_package(self) -> None:
        lags, groups = farrington._reference_weeks(5, farrington.FLEXIBLE)
        assert (lags[0], lags[-1], len(lags)) == (27, 263, 237)
        assert lags[groups[:, 0] == 1].tolist()[:7] == [49, 50, 51, 52, 53, 54, 55]
        # Five windows of 7; blocks of 5 in each of five years, of which the newest year has the oldest 22 weeks only.
        assert groups.sum(axis=0).tolist() == [35, 25, 25, 25, 25, 22, 20, 20, 20, 20]
        lags, groups = farrington._reference_weeks(2, farrington.CLASSIC)
        assert lags.tolist() == [*range(49, 56), *range(101, 108)]
        assert groups.shape == (14, 1)

    def test_an_even_series_has_a_poisson_around_its_level(self) -> None:
        counts = np.full(320, 4.0)
        counts[-1] = 12.0
        score = farrington.score_farrington(a_set(counts))[0, -1]
        assert score == pytest.approx(-stats.poisson.logsf(11, 4.0) / np.log(10))

    def test_a_past_outbreak_hides_no_new_one(self) -> None:
        random = np.random.default_rng(3)
        counts = random.poisson(4.0, 320).astype(float)
        counts[-1] = 14.0
        clean = farrington.score_farrington(a_set(counts))[0, -1]
        counts[320 - 53] = 60.0
        assert farrington.score_farrington(a_set(counts))[0, -1] > 0.6 * clean

    def test_too_few_cases_or_no_year_of_history_is_no_test(self) -> None:
        counts = np.full(320, 4.0)
        counts[-4:] = 1.0
        scores = farrington.score_farrington(a_set(counts))[0]
        assert np.isnan(scores[:55]).all()
        assert np.isfinite(scores[55:-4]).all()
        assert np.isnan(scores[-1])
        assert np.isnan(farrington.score_farrington(a_set(counts, MONTH))).all()

    def test_a_day_is_tested_as_the_week_that_ends_on_it(self) -> None:
        counts = np.tile([3.0, 1, 1, 1, 1, 0, 0], 320)
        counts[-2:] = 10.0
        weekly = np.full(320, 7.0)
        weekly[-1] = 27.0
        by_day = farrington.score_farrington(a_set(counts, DAY))[0, -1]
        assert by_day == pytest.approx(farrington.score_farrington(a_set(weekly))[0, -1])

    @pytest.mark.parametrize("with_trend", [True, False])
    def test_the_regression_is_that_of_statsmodels(self, with_trend: bool) -> None:
        api = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")
        random = np.random.default_rng(5)
        lags, groups = farrington._reference_weeks(4, farrington.FLEXIBLE)
        time = -lags / 52 if with_trend else None
        values = random.poisson(np.exp(1.5 - 0.3 * lags / 52) * (1 + groups[:, 3])).astype(float)[None, :]
        weights = random.uniform(0.2, 1.5, values.shape)
        ours = farrington._fit(values, weights, np.ones(values.shape, dtype=bool), groups, time)
        design = groups if time is None else np.column_stack([groups, time])
        family = api.families.Poisson()
        theirs = api.GLM(values[0], design, family=family, var_weights=weights[0]).fit(scale="X2", tol=1e-12)
        np.testing.assert_allclose(ours.fitted[0], theirs.fittedvalues, rtol=1e-5)
        assert ours.dispersion[0] == pytest.approx(theirs.scale, rel=1e-5)
        np.testing.assert_allclose(ours.leverage[0], theirs.get_hat_matrix_diag(), rtol=1e-4)
        error = np.sqrt(theirs.cov_params()[0, 0] / theirs.scale)
        assert ours.error[0] == pytest.approx(error, rel=1e-4)
        if with_trend:
            t = theirs.params[-1] / theirs.bse[-1]
            assert ours.slope_p[0] == pytest.approx(2 * stats.t.sf(abs(t), len(lags) - 11), rel=1e-3)

    @pytest.mark.skipif(not DATA.is_dir(), reason="../shared/benchmarks is not here: published alarms")
    def test_published_alarms(self) -> None:
        """surveillance's farrington(3,0,5) has 43 true and 71 false alarms on these series at a two-sided .05."""
        labelled = survstat.load(DATA)
        scores = farrington.score_farrington(labelled.count_set, farrington.CLASSIC)
        assert survstat.count_alarms(scores, labelled, 0.025) == (43, 71)


def test_oracles_reach_the_published_power() -> None:
    """A test that knows the mean finds .524 of the outbreaks at a false alarm rate of .0091, a scan .552."""

    def pod(score: Callable[[Floats, Floats, Floats], Floats]) -> float:
        def of_block(counts: Floats, block: recipe.Block) -> Floats:
            return score(counts, block.mean, block.shape)

        return recipe.summarise(recipe.score_blocks(of_block, 50))["POD at FPR ≤ 0.0091"]

    weekly, scan = pod(oracles.score_weeks), pod(oracles.score_scan)
    assert weekly == pytest.approx(0.524, abs=0.03)
    assert weekly < scan < 0.6


def test_change_points_alarm_while_they_are_new() -> None:
    pytest.importorskip("ruptures", reason="ruptures is not installed")
    counts = np.random.default_rng(2).poisson(5.0, 60).astype(float)
    counts[50:] += 15.0
    scores = changepoints.score_changes(a_set(counts))[0]
    assert np.isnan(scores[:5]).all()
    assert (scores[5:50] == 0.0).mean() > 0.9
    assert (scores[51:54] > 3.0).all()
    assert scores[-1] == 0.0


@pytest.mark.parametrize("case", COMPARATORS, ids=lambda case: case.name)
def test_no_method_sees_what_comes_later(case: Case) -> None:
    if case.name.startswith("ruptures"):
        pytest.importorskip("ruptures", reason="ruptures is not installed")
    counts = np.random.default_rng(4).poisson(3.0, (2, 140)).astype(float)
    counts[:, 100:] += 30.0
    later = case.method(a_set(counts))[:, :100]
    np.testing.assert_allclose(later, case.method(a_set(counts[:, :100])))


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
