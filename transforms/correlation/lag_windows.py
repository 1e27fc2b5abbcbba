"""The lags that were declared before looking, and which one a lag is given."""

from __future__ import annotations

import math
from dataclasses import dataclass

LONGEST_LAG_DAYS = 180
"""A drop more than this many days after a surge is not put beside it (issue: manual actions come after months)."""


@dataclass(frozen=True, kw_only=True)
class LagWindow:
    """A declared window of days from the start of a surge to the start of a drop.

    Windows overlap. A lag in two of them is given the one with the higher ``level``, so each day belongs to one window:
    7-45 has 7 to 45, 1-14 is left with 1 to 6, and 30-180 with 46 to 180.
    """

    name: str
    """As in ``correlation.surge_drop_pairs.lag_window``."""
    first_day: int
    """First lag, in days."""
    last_day: int
    """Last lag, in days."""
    own_days: int
    """Lags (days) given to this window and no other."""
    level: int
    """How well a lag here matches, 3 best: the order of the densities share / own_days. Placebo tests compare it."""
    share: float
    """Assumed share of true effects whose lag lies in the own days; the shares add to 1. An assumption, not a
    measurement: recrawl and devaluation within weeks, review by people after months (research on cases with dates)."""

    @property
    def log_density_ratio(self) -> float:
        """Log of (density of true effects at this lag) over (density spread evenly over 1 to 180 days)."""
        return math.log(self.share / self.own_days * LONGEST_LAG_DAYS)


PRIMARY = LagWindow(name="7-45", first_day=7, last_day=45, own_days=39, level=3, share=0.65)
EARLY = LagWindow(name="1-14", first_day=1, last_day=14, own_days=6, level=2, share=0.05)
LATE = LagWindow(name="30-180", first_day=30, last_day=180, own_days=135, level=1, share=0.30)

BY_PREFERENCE = (PRIMARY, EARLY, LATE)
"""Declared windows, best first."""


def window_of(lag_days: int) -> LagWindow | None:
    """The window a lag is given; None outside 1 to 180 days."""
    for window in BY_PREFERENCE:
        if window.first_day <= lag_days <= window.last_day:
            return window
    return None
