"""One figure of a benchmark, in the shape of every benchmark's output."""

from __future__ import annotations

import math
from typing import Any

FIELDS = ("table", "case", "metric", "value", "reference", "bar", "meets")

Row = dict[str, Any]

WHY = "why"
"""Metric of a row that has no value but, as its reference, the reason for that."""


def make_row(
    table: str, case: str, metric: str, value: float, bar: str = "", meets: bool | None = None, reference: str = ""
) -> Row:
    """A row of :data:`FIELDS`; ``value`` to four decimals, None where it could not be measured.

    ``reference`` names the source of the method or figure, or says why there is no value.
    """
    measured = None if math.isnan(value) else round(float(value), 4)
    met = None if meets is None else bool(meets)  # numpy's own is not JSON
    return dict(zip(FIELDS, (table, case, metric, measured, reference, bar, met), strict=True))
