"""From the scan's nominal p-value to the chance it claims to be.

A day's p-value is the smallest over five overlapping windows, and a surge takes the smallest over its days. Neither
selection is in the nominal figure. The map below turns the smallest nominal p into the chance of one that small
anywhere in 28 days of a series without a surge. It was measured, not derived: see ``MEASURED``.
"""

from __future__ import annotations

from transforms.findings.calibration import CalibrationMap

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
surge, mean .05 to 3 a day, variance to mean 1.05 to 3, all mixed. """

_MAP = CalibrationMap(MEASURED)

calibrate = _MAP.calibrate
nominal_bound = _MAP.nominal_bound
