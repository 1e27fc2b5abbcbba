"""The p-values of the surge detector mean what they say where nothing is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from penalty_radar.benchmarks.null_alarms import count_surges
from transforms.surges.calibration import drip_chance, scan_chance


@pytest.mark.parametrize("chance_of", [scan_chance, drip_chance])
def test_smaller_nominal_p_values_are_rarer(chance_of: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> None:
    chance = chance_of(np.logspace(-12, -1, 60))
    assert (np.diff(chance) > 0).all()
    assert chance[-1] <= 1.0


def test_claimed_and_realised_false_alarms_agree_on_series_without_any() -> None:
    """400 series of every kind, two years, a seed the calibration has not seen: about 100 expected at p ≤ .01."""
    claimed = 0.01
    found, periods = count_surges(400, 4242, [claimed])
    assert periods.sum() > 8_000
    assert 0.5 <= found.sum() / periods.sum() / claimed <= 1.5
