"""Sets with a known answer: what is read, what is scored, and the figure that a hand works out."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from penalty_radar.benchmarks import null_worlds
from penalty_radar.benchmarks.surge_sets import (
    background,
    curves,
    daily_signals,
    recipe,
    star_months,
    survivors,
    survstat,
)
from penalty_radar.benchmarks.surge_sets.count_set import DAY, CountSet, Floats, LabelledSet
from transforms.errors import UsageError
from transforms.surges.detection import Detection

START = datetime.date(2024, 1, 1)


def as_they_are(count_set: CountSet) -> Floats:
    """The simplest method: a count is its own score."""
    return count_set.counts


class TestCurves:
    def test_the_threshold_is_the_lowest_that_keeps_the_specificity(self) -> None:
        quiet = np.array([1.0, 2.0, 3.0, 4.0])
        assert curves.threshold_at(quiet, 0.75) == 3.0
        assert curves.threshold_at(quiet, 0.5) == 2.0
        assert curves.threshold_at(quiet, 0.0) == -np.inf

    def test_equal_scores_alarm_together_or_not_at_all(self) -> None:
        assert curves.threshold_at(np.array([1.0, 3.0, 3.0, 4.0]), 0.5) == 3.0

    def test_an_unknown_score_never_alarms(self) -> None:
        assert curves.threshold_at(np.array([np.nan, np.nan, 3.0, 4.0]), 0.75) == 3.0
        assert curves.alarm_share(np.array([np.nan, 1.0]), 0.5) == 0.5

    def test_weights_count(self) -> None:
        quiet, weights = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 1.0])
        assert curves.threshold_at(quiet, 0.5, weights) == 2.0
        assert curves.threshold_at(quiet, 0.25, weights) == 1.0

    def test_average_precision(self) -> None:
        truth = np.array([True, False, True, False])
        assert curves.average_precision(np.array([0.9, 0.8, 0.7, 0.6]), truth) == pytest.approx((1 + 2 / 3) / 2)
        assert curves.average_precision(np.array([1.0, 1.0, 0.0]), np.array([True, False, False])) == 0.5

    def test_p_equal_to_alpha_alarms(self) -> None:
        assert -np.log10(0.01) > curves.nominal_threshold(0.01)
        assert -np.log10(0.0101) < curves.nominal_threshold(0.01)


class TestSurvstat:
    @pytest.fixture
    def data(self, tmp_path: Path) -> Path:
        """Series a counts up by one a week, a surge in week 100 (100) and in the last (400); series b has none."""
        folder = tmp_path / survstat.FOLDER
        folder.mkdir()
        week = np.arange(209)
        state = np.isin(week, [100, 208]).astype(float)
        pd.DataFrame({"observed": np.where(week == 208, 400, week), "state": state}).to_csv(folder / "a.csv")
        pd.DataFrame({"observed": 0 * week, "state": 0.0 * week}).to_csv(folder / "b.csv")
        (folder / survstat.PUBLISHED).write_text(",sens,spec\n")
        return tmp_path

    def test_the_first_weeks_are_prepended_twice_and_only_the_own_weeks_scored(self, data: Path) -> None:
        labelled = survstat.load(data)
        counts = labelled.count_set.counts
        assert counts.shape == (2, 625)
        assert (counts[0, :208] == np.arange(208)).all()
        assert (counts[:, 208:416] == counts[:, :208]).all()
        assert counts[0, -1] == 400
        assert (labelled.is_scored.sum(axis=1) == 209).all()
        assert labelled.is_scored[:, -209:].all()
        assert np.flatnonzero(labelled.is_surge[0]).tolist() == [416 + 100, 416 + 208]

    def test_without_the_copy_two_years_are_history(self, data: Path) -> None:
        labelled = survstat.load(data, with_copy=False)
        assert labelled.count_set.counts.shape == (2, 209)
        assert np.flatnonzero(labelled.is_scored[0])[[0, -1]].tolist() == [104, 208]

    def test_figures(self, data: Path) -> None:
        """Of 416 quiet weeks 30 may alarm at .926: those of 178 to 207, so that 400 is found and 100 is not."""
        found = survstat.evaluate(as_they_are, survstat.load(data), customary=50.0)
        assert found["sens at spec ≥ 0.926"] == 0.5
        assert found["sens at nominal"] == 1.0
        assert found["spec at nominal"] == pytest.approx(1 - 156 / 416)

    def test_alarms_are_counted_inside_and_outside(self, data: Path) -> None:
        labelled = survstat.load(data)
        # As −log10 p a count of 1 is p = .1: quiet weeks from 1 to 207 but 100, and both surges.
        assert survstat.count_alarms(labelled.count_set.counts, labelled, 0.1) == (2, 206)

    def test_no_folder_and_a_spoilt_file(self, data: Path) -> None:
        with pytest.raises(FileNotFoundError):
            survstat.load(data / "elsewhere")
        (data / survstat.FOLDER / "c.csv").write_text("week,cases\n1,2\n")
        with pytest.raises(UsageError, match="columns observed, state"):
            survstat.load(data)


class TestDailySignals:
    def test_figures_of_a_signal(self) -> None:
        """Run 1: outbreak on days 3, 5 and 6, found on 5, two of four days late; run 2: missed, with a false alarm."""
        scores, is_surge = np.zeros((2, 10)), np.zeros((2, 10), dtype=bool)
        is_surge[0, [3, 5, 6]] = is_surge[1, [7, 8]] = True
        scores[0, 5] = scores[1, 2] = 2.0
        is_scored = np.ones((2, 10), dtype=bool)
        is_scored[:, :2] = False
        labelled = LabelledSet(CountSet(scores, DAY, START, ["a", "b"]), is_surge, is_scored)
        found = daily_signals.score_signal(scores, labelled, 1.0)
        assert found.sensitivity == pytest.approx(1 / 5)
        assert found.specificity == pytest.approx(1 - 1 / 11)
        assert found.pod == 0.5
        assert found.timeliness == pytest.approx((0.5 + 1.0) / 2)

    def test_files_and_one_threshold_for_all_signals(self, tmp_path: Path) -> None:
        folder = tmp_path / daily_signals.FOLDER
        folder.mkdir()
        days, first = daily_signals.FIRST_SCORED + 101, daily_signals.FIRST_SCORED
        for signal in daily_signals.SIGNALS:
            totals = np.zeros((days, 3))
            totals[first : first + 100] = np.arange(100)[:, None] / 100
            totals[-1] = signal
            outbreaks = np.zeros((days, 3))
            outbreaks[-1] = 1
            for name, values in (("totals", totals), ("outbreaks", outbreaks)):
                path = folder / f"simulated_{name}_sig{signal}.csv.gz"
                pd.DataFrame(values, columns=["X1", "X2", "X3"]).to_csv(path, index=False)
        sets = daily_signals.load(tmp_path, runs=2)
        assert [labelled.count_set.counts.shape for labelled in sets] == [(2, days)] * 8
        assert sets[0].count_set.first_day.weekday() == 0
        found = daily_signals.evaluate(as_they_are, sets, customary=3.5)
        assert found["spec at spec ≥ 0.97"] == pytest.approx(0.97)
        assert found["sens at spec ≥ 0.97"] == 1.0
        assert found["sens at nominal"] == found["POD at nominal"] == pytest.approx(5 / 8)
        assert found["timeliness at nominal"] == pytest.approx(3 / 8)


class TestStarMonths:
    def test_months_with_six_earlier_listed_ones(self, tmp_path: Path) -> None:
        """A repository of eight listed months with a gap: the seventh is a campaign (half of 100), the eighth is not
        (60 of 200), and as a count outranks it: average precision ½. A repository of three months has no scored one."""
        months = ["2023-11", "2023-12", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07"]
        listed = [("a/a", month, 10, 0) for month in months[:6]]
        listed += [("a/a", months[6], 100, 50), ("a/a", months[7], 200, 60)]
        listed += [("b/b", month, 500, 500) for month in months[:3]]
        folder = tmp_path / star_months.FOLDER
        folder.mkdir()
        columns = ["repo", "month", "n_stars", "n_stars_clustered"]
        pd.DataFrame(listed, columns=columns).to_csv(folder / star_months.FILE, index=False)
        labelled = star_months.load(tmp_path)
        assert list(labelled.count_set.names) == ["a/a"]
        assert labelled.count_set.first_day == datetime.date(2023, 11, 1)
        assert labelled.count_set.counts.shape == (1, 9)
        assert np.flatnonzero(np.isnan(labelled.count_set.counts[0])).tolist() == [2]
        found = star_months.evaluate(as_they_are, labelled)
        assert (found["months"], found["campaign months"], found["average precision"]) == (2, 1, 0.5)
        unknown = star_months.evaluate(lambda count_set: np.full(count_set.counts.shape, np.nan), labelled)
        assert np.isnan(unknown["average precision"])


class TestBackground:
    def test_counts_by_day(self, tmp_path: Path) -> None:
        folder = tmp_path / background.FOLDER
        folder.mkdir()
        rows = "2020-01-01,2,a\n2020-01-03,1,a\n2020-01-02,4,b\n"
        (folder / background.FILE).write_text(f"date,n_stars,package\n{rows}")
        count_set = background.load(tmp_path)
        assert count_set.first_day == datetime.date(2020, 1, 1)
        np.testing.assert_array_equal(count_set.counts, [[2, 0, 1], [np.nan, 4, 0]])
        assert not count_set.wanted_steps().any()

    def test_alarms_at_most_a_week_apart_are_one_episode(self) -> None:
        scores = np.zeros((2, 40))
        scores[0, [0, 7, 20]] = scores[1, 0] = 1.0
        assert background.count_episodes(scores, np.ones((2, 40), dtype=bool), 0.5) == 3

    def test_one_false_alarm_a_series_year(self) -> None:
        """Two years may have two alarms: above 3 there are two, above 0 three."""
        scores = np.zeros((1, 731))
        scores[0, [100, 300, 500]] = 5.0, 4.0, 3.0
        is_scored = np.ones((1, 731), dtype=bool)
        assert background.threshold_at_one_a_year(scores, is_scored) == 3.0
        assert background.threshold_at_one_a_year(scores, is_scored[:, :1] & False) == np.inf

    def test_injections_are_in_scored_days_and_nothing_follows_them(self) -> None:
        counts = np.zeros((2, 800))
        counts[1, :200] = np.nan
        wanted = (~np.isnan(counts)).cumsum(axis=1) > background.WARM_UP_DAYS
        count_set = CountSet(counts, DAY, START, ["a", "b"], wanted)
        injected = background.inject(count_set, 20, 3, places=40)
        assert (injected.is_surge.sum(axis=1) == 3).all()
        assert (injected.is_surge <= wanted[np.resize([0, 1], 40)]).all()
        last = injected.is_surge.shape[1] - 1 - injected.is_surge[:, ::-1].argmax(axis=1)
        for row, end in enumerate(last):
            assert np.isnan(injected.count_set.counts[row, end + 1 :]).all()
            assert injected.count_set.counts[row, end - 2 : end + 1].sum() > 20
            assert np.nansum(injected.count_set.counts[row, : end - 2]) == 0

    def test_power(self) -> None:
        count_set = CountSet(np.zeros((1, 500)), DAY, START, ["a"], np.arange(500)[None, :] > background.WARM_UP_DAYS)
        found = background.measure_power(as_they_are, count_set, 2.0, places=50)
        assert found["+20 a day, 1 d"] == found["+3 a day, 14 d"] == 1.0
        assert found["+1 a day, 1 d"] < 0.3


class TestRecipe:
    def test_means_and_variances(self) -> None:
        means, shapes = recipe.scenario_means()
        assert means.shape == (28, recipe.WEEKS)
        assert means[0] == pytest.approx(np.exp(0.1))
        assert means[1, 51] == pytest.approx(np.exp(0.1 + 0.6))  # the wave's week 52: cos 1, sin 0
        assert means[2, 9] == pytest.approx(np.exp(0.1 + 0.025))  # the trend's week 10
        mean = means[0, 0]
        assert mean + mean**2 / shapes[0, 0] == pytest.approx(mean + 1.5 * mean**2 / (1 + mean))

    def test_outbreaks_lie_where_they_should(self) -> None:
        block = next(recipe.simulate_blocks(50))
        extra = block.surged - block.clean
        assert (extra[:, : recipe.SCORED_FROM] == 0).all()
        assert (extra >= 0).all()
        assert (extra[~block.is_inside] == 0).all()
        assert np.bincount(block.size)[1:].tolist() == [140] * 10
        large = extra.sum(axis=1)[block.size == 10].mean() / extra.sum(axis=1)[block.size == 1].mean()
        assert 8 < large < 12

    def test_more_replicates_begin_with_the_same_ones(self) -> None:
        first, longer = next(recipe.simulate_blocks(50)), next(recipe.simulate_blocks(60))
        assert (first.surged == longer.surged).all()

    def test_figures(self) -> None:
        """Two series of 500 weeks: nine quiet weeks may alarm at .0091, so that 991 is the threshold; one of the two
        outbreaks has a week above it, another's high week lies outside."""
        clean = np.arange(1000.0).reshape(2, 500)
        surged, is_inside = np.zeros((2, 500)), np.zeros((2, 500), dtype=bool)
        is_inside[:, 10:13] = True
        surged[0, 11], surged[1, 20] = 995.0, 2000.0
        size, scenario = np.array([1, 2]), np.array([0, 1])
        scores = recipe.RecipeScores(clean, surged, is_inside, size, scenario, np.array([1.0, 2.0]))
        found = recipe.summarise(scores, customary=499.5)
        assert found["POD at FPR ≤ 0.0091"] == 0.5
        assert (found["POD k=1"], found["POD k=2"]) == (1.0, 0.0)
        assert found["FPR at nominal"] == 0.5
        number, mean, ratio = recipe.scenario_ratios(scores)[1]
        assert (number, mean) == (1, 2.0)
        assert ratio == pytest.approx(100.0)


class TestSurvivors:
    def test_ours_are_surges_by_period(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tested = np.tile([100, 100 + 730], (10, 1))
        surges = [None] * 3
        monkeypatch.setattr(survivors, "detect", lambda *_: Detection(surges, tested))  # type: ignore[arg-type]
        counts, losses = survivors.simulate(60.0, 10)
        expected = 10 * 730 / 28 * 0.01
        assert survivors.evaluate_ours(counts, losses, is_horizon_known=True) == pytest.approx(3 / expected)

    def test_a_plain_test_of_weeks_takes_survivors_for_surges(self) -> None:
        even, _ = null_worlds.simulate_survivors(np.full(60, 3.0), survivors.DAYS, 1e9, survivors.MEMORY_DAYS, 1)
        counts, _ = survivors.simulate(60.0, 60)
        assert survivors.evaluate_plain(even, 7) < 2.0
        assert survivors.evaluate_plain(counts, 7) > 2.0 * survivors.evaluate_plain(even, 7)
