"""From the tests' nominal p-values to the chance they claim to be.

A day's p-value is one of many that a series has, and a surge takes the smallest over its days; the sum over months is a
second look at the same days. Neither is in the nominal figure. The maps below turn the smallest nominal p into the
chance of one that small anywhere in 28 days of a series without a surge. They were measured, not derived.
"""

from __future__ import annotations

import numpy as np

from transforms.findings.calibration import CalibrationMap
from transforms.surges.count_series import Floats

SCAN_SHARE = 0.8
"""Share of false alarms the scan may raise; the sums over months have the rest: they look once a week, not daily."""

SCAN: tuple[tuple[float, float], ...] = (
    (-1.0, -0.41),
    (-1.52, -0.68),
    (-2.0, -0.98),
    (-2.52, -1.34),
    (-3.0, -1.68),
    (-3.52, -2.05),
    (-4.0, -2.39),
    (-4.52, -2.74),
    (-5.0, -3.05),
)
"""log10 of nominal p and of the measured chance per 28 days, for the scan.

Printed by ``python -m penalty_radar.benchmarks.null_alarms --table calibration``: negative-binomial series without any
surge, mean .05 to 3 a day, variance to mean 1.05 to 3, all mixed. """

DRIPS: tuple[tuple[float, float], ...] = (
    (-1.0, -2.33),
    (-1.52, -3.07),
    (-2.0, -3.54),
    (-2.52, -4.0),
    (-3.0, -4.6),
)
"""The same for the sums over months."""

_SCAN, _DRIPS = CalibrationMap(SCAN), CalibrationMap(DRIPS)


def scan_chance(nominal: Floats) -> Floats:
    """Chance per 28 days of each nominal p of the scan; same shape."""
    return np.asarray(np.minimum(_SCAN.calibrate(nominal) / SCAN_SHARE, 1.0))


def scan_bound(chance: float) -> float:
    """The nominal p of the scan whose chance per 28 days is ``chance``."""
    return _SCAN.nominal_bound(chance * SCAN_SHARE)


def drip_chance(nominal: Floats) -> Floats:
    """Chance per 28 days of each nominal p of the sums over months; same shape."""
    return np.asarray(np.minimum(_DRIPS.calibrate(nominal) / (1.0 - SCAN_SHARE), 1.0))
