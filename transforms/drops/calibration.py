"""From the scan's nominal p-value to the chance it claims to be.

A day's shift is tested over four window lengths and every day is a new chance; neither selection is in the nominal
figure. The map below turns the smallest nominal p into the chance of one that small anywhere in 28 days of a series
without a shift. It was measured, not derived: see ``MEASURED``.
"""

from __future__ import annotations

from transforms.findings.calibration import CalibrationMap

MEASURED: tuple[tuple[float, float], ...] = (
    (-1.00, -0.351),
    (-1.52, -0.757),
    (-2.00, -1.173),
    (-2.52, -1.664),
    (-3.00, -2.122),
    (-3.52, -2.659),
    (-4.00, -3.143),
    (-4.52, -3.619),
    (-5.00, -4.000),
)
"""log10 of nominal p and of the measured chance per 28 days.

Printed by ``python -m penalty_radar.benchmarks.drops_null``: log visibility with AR(1) noise,
standard deviation .1 to .4 and correlation 0 to .6 mixed, weekday pattern, drift of .03 from month to month, no shift;
without the floors of depth, which are no test.
"""

_MAP = CalibrationMap(MEASURED)

calibrate = _MAP.calibrate
nominal_bound = _MAP.nominal_bound
