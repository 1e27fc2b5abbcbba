"""False discovery control, and the day on which a finding would first have passed."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.findings.discoveries import first_discoveries, q_values


def test_q_values_by_hand() -> None:
    q = q_values(np.array([0.04, 0.001, 0.01]) * 10)
    assert q == pytest.approx([0.4 / 3, 0.01, 0.05])


def test_tests_that_showed_nothing_count() -> None:
    p = np.array([1e-4, 2e-4])
    assert (q_values(p * 1000) > q_values(p * 10)).all()
    assert q_values(np.zeros(0)).shape == (0,)


def test_a_finding_is_dated_by_the_first_day_that_suffices() -> None:
    finding = np.array([0, 0, 1, 1])
    day = np.array([2, 5, 3, 9])
    p = np.array([0.2, 1e-3, 0.5, 0.4])
    tests_by_day = np.linspace(1, 10, 10)[None, :]
    family = np.zeros(2, dtype=np.int64)
    assert first_discoveries(finding, day, p, tests_by_day, family, 0.05).tolist() == [5, -1]


def test_a_finding_is_counted_in_its_own_family() -> None:
    p = np.array([1e-3, 1e-3])
    tests_by_day = np.array([[10.0], [1000.0]])
    both = np.array([0, 1])
    assert first_discoveries(both, np.zeros(2, dtype=np.int64), p, tests_by_day, both, 0.05).tolist() == [0, -1]


def test_later_alarms_do_not_change_earlier_days() -> None:
    random = np.random.default_rng(1)
    finding, day = random.integers(0, 20, 300), random.integers(0, 100, 300)
    p, tests_by_day = 10 ** random.uniform(-6, 0, 300), np.linspace(1, 200, 100)[None, :]
    family = np.zeros(20, dtype=np.int64)
    whole = first_discoveries(finding, day, p, tests_by_day, family, 0.05)
    past = day <= 50
    then = first_discoveries(finding[past], day[past], p[past], tests_by_day, family, 0.05)
    assert (whole >= 0).any()
    assert np.where(whole <= 50, whole, -1).tolist() == then.tolist()
