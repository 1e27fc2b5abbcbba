"""From a detector's nominal p-value to the chance it claims to be, by a map measured on series that hold nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MONDAY = np.datetime64("1970-01-05", "D")
"""The Monday from which weeks and periods are counted, so that they are the same whatever day the run is for."""

PERIOD_DAYS = 28
"""Days of looking that one calibrated p-value stands for; the family of tests counts as many periods as were tested.
Four weeks: the longest window of either detector, so that neighbouring periods are close to independent."""


class CalibrationMap:
    """Chance of a nominal p as small, anywhere in :data:`PERIOD_DAYS` days of a series that holds nothing.

    Args:
        measured: log10 of nominal p and of the measured chance, both falling. Beyond the last point the line goes on
            with slope 1.
    """

    def __init__(self, measured: tuple[tuple[float, float], ...]) -> None:
        self._nominal = np.array([point[0] for point in measured])
        self._chance = np.array([point[1] for point in measured])

    def calibrate(self, nominal: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chance of each nominal p; same shape, 0 to 1."""
        exponent = np.log10(np.maximum(nominal, 1e-300))
        chance = np.interp(exponent, self._nominal[::-1], self._chance[::-1])
        beyond = self._chance[-1] + (exponent - self._nominal[-1])
        return np.asarray(10.0 ** np.where(exponent < self._nominal[-1], beyond, chance))

    def nominal_bound(self, chance: float) -> float:
        """The nominal p that calibrates to ``chance``."""
        exponent = np.interp(np.log10(chance), self._chance[::-1], self._nominal[::-1])
        beyond = np.log10(chance) - self._chance[-1]
        return float(10.0 ** (self._nominal[-1] + beyond if beyond < 0 else exponent))
