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

NOMINAL: tuple[float, ...] = (-1.0, -1.52, -2.0, -2.52, -3.0, -3.52, -4.0, -4.52, -5.0)
"""log10 of the nominal p-values at which chances were measured."""

SCAN: dict[float, tuple[float, ...]] = {
    0.1: (-0.71, -0.89, -1.05, -1.29, -1.55, -1.84, -2.16, -2.46, -2.75),
    0.7: (-0.28, -0.55, -0.91, -1.34, -1.75, -2.21, -2.59, -3.04, -3.43),
    3.0: (-0.29, -0.63, -1.01, -1.45, -1.90, -2.40, -2.86, -3.37, -3.85),
}
"""log10 of the measured chance per 28 days of each :data:`NOMINAL`, for the scan, by the level in domains a day.

Printed by ``python -m penalty_radar.benchmarks.null_alarms --table calibration``: negative-binomial series without any
surge, mean .05 and .15, .5 and 1, and 3 a day, variance to mean 1.05 to 3 mixed. Rare series come in clusters that a
nominal p makes too little of. """

DRIPS: tuple[float, ...] = (-2.33, -3.07, -3.54, -4.0, -4.6)
"""The same for the sums over months, all series mixed; beyond, nothing was seen."""

_LEVELS = np.log10(list(SCAN))
_SCANS = [CalibrationMap(tuple(zip(NOMINAL, chances, strict=True))) for chances in SCAN.values()]
_DRIPS = CalibrationMap(tuple(zip(NOMINAL, DRIPS, strict=False)))


def scan_chance(nominal: Floats, level: Floats) -> Floats:
    """Chance per 28 days of each nominal p of the scan at that level (domains a day); same shape.

    Between the levels measured the logarithms are interpolated; beyond, the nearest holds.
    """
    place = np.interp(np.log10(np.maximum(level, 1e-9)), _LEVELS, np.arange(len(_LEVELS)))
    below = np.minimum(place.astype(np.int64), len(_LEVELS) - 2)
    logs = np.log10(np.maximum([one.calibrate(nominal) for one in _SCANS], 1e-300))
    each = np.arange(len(nominal))
    share = place - below
    log_chance = (1.0 - share) * logs[below, each] + share * logs[below + 1, each]
    return np.asarray(np.minimum(10.0**log_chance / SCAN_SHARE, 1.0))


def scan_bound(chance: float) -> float:
    """The nominal p of the scan above which the chance per 28 days is more than ``chance`` at every level."""
    return max(one.nominal_bound(chance * SCAN_SHARE) for one in _SCANS)


def drip_chance(nominal: Floats) -> Floats:
    """Chance per 28 days of each nominal p of the sums over months; same shape."""
    return np.asarray(np.minimum(_DRIPS.calibrate(nominal) / (1.0 - SCAN_SHARE), 1.0))
