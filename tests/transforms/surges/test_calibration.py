"""The p-values of the surge detector mean what they say where nothing is."""

from __future__ import annotations

import numpy as np
import pytest

from penalty_radar.benchmarks.null_alarms import count_surges
from transforms.surges.calibration import drip_chance, scan_bound, scan_chance


@pytest.mark.parametrize("level", [0.01, 0.3, 2.0, 50.0])
def test_smaller_nominal_p_values_are_rarer(level: float) -> None:
    nominal = np.logspace(-12, -1, 60)
    for chance in (scan_chance(nominal, np.full(60, level)), drip_chance(nominal)):
        assert (np.diff(chance) > 0).all()
        assert chance[-1] <= 1.0


def test_nothing_above_the_bound_is_as_rare_as_asked() -> None:
    levels = np.logspace(-2, 2, 50)
    above = np.full(50, 1.001 * scan_bound(0.01))
    assert (scan_chance(above, levels) > 0.01).all()


def test_claimed_and_realised_false_alarms_agree_on_series_without_any() -> None:
    """400 series of every kind, two years, a seed the calibration has not seen: about 100 expected at p ≤ .01."""
    claimed = 0.01
    found, periods = count_surges(400, 4242, [claimed])
    assert periods.sum() > 8_000
    assert 0.5 <= found.sum() / periods.sum() / claimed <= 1.5
