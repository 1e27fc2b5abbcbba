"""From the scan's nominal p-value to the chance it claims to be.

A day's p-value is the smallest over five overlapping windows, and a surge takes the smallest over its days. Neither
selection is in the nominal figure. The map below turns the smallest nominal p into the chance of one that small
anywhere in 28 days of a series without a surge. It was measured, not derived: see ``MEASURED``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PERIOD_DAYS = 28
"""Days of looking that one calibrated p-value stands for; the family of tests counts as many periods as were tested.
Four weeks: the longest window, so that neighbouring periods are close to independent."""

MEASURED: tuple[tuple[float, float], ...] = (
    (-2.0, -0.65),
    (-2.52, -1.02),
    (-3.0, -1.38),
    (-3.52, -1.82),
    (-4.0, -2.24),
    (-4.52, -2.72),
    (-5.0, -3.13),
    (-6.0, -4.03),
)
"""log10 of nominal p and of the measured chance per 28 days.

Printed by ``python -m penalty_radar.benchmarks.null_alarms --table calibration``: negative-binomial series without any
surge, mean .05 to 3 a day, variance to mean 1.05 to 3, all mixed. Beyond the last point the line goes on with slope 1.
"""

_NOMINAL = np.array([point[0] for point in MEASURED])
_CHANCE = np.array([point[1] for point in MEASURED])


def calibrate(nominal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of a nominal p that small within :data:`PERIOD_DAYS` days without a surge; same shape, 0 to 1."""
    exponent = np.log10(np.maximum(nominal, 1e-300))
    chance = np.interp(exponent, _NOMINAL[::-1], _CHANCE[::-1])
    chance = np.where(exponent < _NOMINAL[-1], _CHANCE[-1] + (exponent - _NOMINAL[-1]), chance)
    return np.asarray(10.0**chance)


def nominal_bound(chance: float) -> float:
    """The nominal p that calibrates to ``chance``."""
    exponent = np.interp(np.log10(chance), _CHANCE[::-1], _NOMINAL[::-1])
    beyond = np.log10(chance) - _CHANCE[-1]
    return float(10.0 ** (_NOMINAL[-1] + beyond if beyond < 0 else exponent))
