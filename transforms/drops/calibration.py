"""From the scan's nominal p-value to the chance it claims to be.

A day's shift is tested over three window lengths and every day is a new chance; neither selection is in the nominal
figure. The map below turns the smallest nominal p into the chance of one that small anywhere in 28 days of a series
without a shift. It was measured, not derived: see ``MEASURED``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PERIOD_DAYS = 28
"""Days of looking that one calibrated p-value stands for; the family of tests counts as many periods as were tested."""

MEASURED: tuple[tuple[float, float], ...] = (
    (-2.0, -1.69),
    (-2.52, -1.98),
    (-3.0, -2.29),
    (-3.52, -2.64),
    (-4.0, -2.97),
    (-4.52, -3.33),
    (-5.0, -3.64),
    (-6.0, -4.31),
)
"""log10 of nominal p and of the measured chance per 28 days.

Printed by ``python -m penalty_radar.benchmarks.null_alarms --table calibration``: log visibility with AR(1) noise,
standard deviation .1 to .4 and correlation 0 to .6 mixed, weekday pattern, no shift. Beyond the last point the line
goes on with slope 1.
"""

_NOMINAL = np.array([point[0] for point in MEASURED])
_CHANCE = np.array([point[1] for point in MEASURED])


def calibrate(nominal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of a nominal p that small within :data:`PERIOD_DAYS` days without a shift; same shape, 0 to 1."""
    exponent = np.log10(np.maximum(nominal, 1e-300))
    chance = np.interp(exponent, _NOMINAL[::-1], _CHANCE[::-1])
    chance = np.where(exponent < _NOMINAL[-1], _CHANCE[-1] + (exponent - _NOMINAL[-1]), chance)
    return np.asarray(10.0**chance)


def nominal_bound(chance: float) -> float:
    """The nominal p that calibrates to ``chance``."""
    exponent = np.interp(np.log10(chance), _CHANCE[::-1], _NOMINAL[::-1])
    beyond = np.log10(chance) - _CHANCE[-1]
    return float(10.0 ** (_NOMINAL[-1] + beyond if beyond < 0 else exponent))
