"""The p-values of the drop detector mean what they say where nothing is."""

from __future__ import annotations

import numpy as np
import pytest

from penalty_radar.benchmarks.drops_null import share_of_periods, smallest_p
from transforms.drops.calibration import calibrate, nominal_bound


def test_smaller_nominal_p_values_are_rarer_and_the_map_can_be_inverted() -> None:
    nominal = np.logspace(-12, -1, 60)
    chance = calibrate(nominal)
    assert (np.diff(chance) > 0).all()
    assert (chance >= nominal).all()
    assert [nominal_bound(float(value)) for value in chance] == pytest.approx(list(nominal), rel=1e-6)


def test_claimed_and_realised_false_alarms_agree_on_series_without_any() -> None:
    """400 series of every kind, two years, a seed the calibration has not seen: about 100 expected at p ≤ .01."""
    smallest = smallest_p(400, 4242)
    assert (~np.isnan(smallest)).sum() > 8_000
    for claimed in (0.03, 0.01):
        assert 0.5 <= share_of_periods(smallest, nominal_bound(claimed)) / claimed <= 1.5
