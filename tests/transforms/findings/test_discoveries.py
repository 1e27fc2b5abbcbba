"""False discovery control: which findings are told, in which night, and what later nights cannot change."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from transforms.findings.discoveries import (
    NEVER,
    AlarmRule,
    Alarms,
    RunTests,
    columns_of,
    count_tests,
    first_told,
    q_values,
)

DAYS = np.datetime64("2026-01-19", "D") + np.arange(28 * 20)
"""A Monday on which a period of 28 days begins, and nineteen more periods."""

RULE = AlarmRule(rate=0.13, year_periods=13)
"""One false finding in a hundred a period, before anything is found."""


def alarms_of(rows: list[tuple[int, int, float]], *, sites: list[int], told: list[int] | None = None) -> Alarms:
    """Alarms from (finding, column, p); a site per finding; all of one family."""
    finding, column, p = (np.array(part) for part in zip(*rows, strict=True))
    return Alarms(
        finding=finding.astype(np.int64),
        column=column.astype(np.int64),
        p=p.astype(np.float64),
        family=np.zeros(len(sites), dtype=np.int64),
        site=np.array(sites, dtype=np.int64),
        told=np.array(told or [NEVER] * len(sites), dtype=np.int64),
    )


def ten_series() -> RunTests:
    """Ten series, tested on every day."""
    return count_tests(np.ones((10, len(DAYS)), dtype=np.bool_), DAYS, np.zeros(10, dtype=np.int64))


def tell(alarms: Alarms, tests: RunTests | None = None, days: NDArray[np.datetime64] = DAYS) -> list[int]:
    return [int(column) for column in first_told(alarms, tests or ten_series(), days, RULE)]


def test_the_calendar_of_the_tests_begins_a_period_on_their_first_day() -> None:
    assert (DAYS[0] - np.datetime64("1970-01-05", "D")).astype(int) % 28 == 0


def test_q_values_by_hand() -> None:
    q = q_values(np.array([0.04, 0.001, 0.01]) * 10)
    assert q == pytest.approx([0.4 / 3, 0.01, 0.05])


def test_tests_that_showed_nothing_count() -> None:
    p = np.array([1e-4, 2e-4])
    assert (q_values(p * 1000) > q_values(p * 10)).all()
    assert q_values(np.zeros(0)).shape == (0,)


def test_a_finding_is_told_on_the_first_night_that_suffices() -> None:
    assert tell(alarms_of([(0, 2, 0.2), (0, 5, 9e-4), (1, 3, 3e-3), (1, 9, 0.4)], sites=[0, 1])) == [5, NEVER]


def test_findings_of_a_period_make_way_for_each_other() -> None:
    """Step-up: two at twice the level of one pass together, on the night of the second."""
    assert tell(alarms_of([(0, 2, 1.9e-3), (1, 6, 1.8e-3)], sites=[0, 1])) == [6, 6]
    assert tell(alarms_of([(0, 2, 1.9e-3), (1, 30, 1.8e-3)], sites=[0, 1])) == [NEVER, NEVER]


def test_sites_with_a_finding_allow_more_and_not_findings() -> None:
    assert tell(alarms_of([(0, 2, 1.9e-3), (1, 6, 1.8e-3)], sites=[0, 0])) == [NEVER, NEVER]
    many = [(0, 2, 1e-9), (1, 30, 1e-9), (2, 60, 1e-9), (3, 90, 2.9e-3)]
    assert tell(alarms_of(many, sites=[0, 0, 0, 1])) == [2, 30, 60, NEVER]
    assert tell(alarms_of(many, sites=[0, 2, 0, 1])) == [2, 30, 60, 90]


def test_what_was_found_in_the_year_allows_more_and_older_findings_are_forgotten() -> None:
    found = [(0, 3, 1e-9)]
    for later, expected in ((28, 28), (28 * 12, 28 * 12), (28 * 13, NEVER)):
        assert tell(alarms_of([*found, (1, later, 1.9e-3)], sites=[0, 1])) == [3, expected]


def test_a_finding_not_told_in_its_period_is_judged_by_its_later_alarms_alone() -> None:
    first = [(0, 20, 1.5e-3)]
    other = [(1, 40, 1e-9)]
    assert tell(alarms_of([*first, *other, (0, 45, 0.5)], sites=[0, 1])) == [NEVER, 40]
    assert tell(alarms_of([*first, *other, (0, 45, 1.5e-3)], sites=[0, 1])) == [45, 40]


def test_what_an_earlier_night_told_stays_told_and_counts() -> None:
    rows = [(0, 3, 0.5), (1, 30, 1.9e-3)]
    assert tell(alarms_of(rows, sites=[0, 1])) == [NEVER, NEVER]
    assert tell(alarms_of(rows, sites=[0, 1], told=[4, NEVER])) == [4, 30]


def test_budgets_are_shared_among_the_families_there_are() -> None:
    is_tested = np.zeros((6, 56), dtype=np.bool_)
    is_tested[:4, 10:] = True
    family = np.array([0, 0, 2, 2, 2, 2])
    tests = count_tests(is_tested, DAYS[:56], family, (0.5, 0.25, 0.25))
    assert tests.so_far[:, 9].tolist() == [0, 0, 0]
    assert tests.so_far[:, 10] == pytest.approx([2 / (2 / 3), 0, 2 / (1 / 3)])
    assert tests.of_run == pytest.approx([2 * 46 / 28 / (2 / 3), 0, 2 * 46 / 28 / (1 / 3)])


def test_series_that_join_during_a_period_count_from_then_on() -> None:
    is_tested = np.ones((2, 56), dtype=np.bool_)
    is_tested[1, :14] = False
    is_tested[0, 40:] = False
    tests = count_tests(is_tested, DAYS[:56], np.zeros(2, dtype=np.int64))
    assert tests.so_far[0, [0, 13, 14, 27, 28, 55]].tolist() == [1, 1, 2, 2, 2, 2]


def test_days_become_columns_of_the_run() -> None:
    known = np.array(["2026-01-21", "NaT", "2020-01-01"], dtype="datetime64[D]")
    assert columns_of(known, DAYS).tolist() == [2, NEVER, 0]


@pytest.mark.parametrize("seed", range(20))
def test_every_night_replayed_alone_tells_what_the_whole_replay_tells(seed: int) -> None:
    random = np.random.default_rng(seed)
    findings, size = 40, 400
    finding, column = random.integers(0, findings, size), random.integers(0, len(DAYS), size)
    p, site = 10 ** random.uniform(-7, 0, size), random.integers(0, 15, findings).tolist()
    rows = list(zip(finding.tolist(), column.tolist(), p.tolist(), strict=True))
    whole = np.array(tell(alarms_of(rows, sites=site)))
    assert (whole != NEVER).sum() >= 5
    told = [NEVER] * findings
    for night in range(20, len(DAYS), 37):
        past = [row for row in rows if row[1] <= night]
        alone = np.array(tell(alarms_of(past, sites=site)))
        assert alone.tolist() == np.where(whole <= night, whole, NEVER).tolist()
        told = tell(alarms_of(past, sites=site, told=told))
        assert told == alone.tolist()


@pytest.mark.parametrize("seed", range(10))
def test_smaller_p_values_never_take_a_finding_away(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = [(index, int(random.integers(0, 28)), float(10 ** random.uniform(-5, 0))) for index in range(30)]
    sites = random.integers(0, 10, 30).tolist()
    before = np.array(tell(alarms_of(rows, sites=sites)))
    after = np.array(tell(alarms_of([(f, day, p / 3) for f, day, p in rows], sites=sites)))
    assert ((before == NEVER) | (after != NEVER)).all()
