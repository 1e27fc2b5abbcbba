"""How often the team found its own alerts right: what people said of those they handled, by kind of alert."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scipy.stats import beta

LEAST_HANDLED = 30
"""Handled alerts from which a rate is told: below it, its 90 % interval is wider than a third."""
TAIL = 0.05
"""Share left out on each side of the interval."""
ALL = "all"
"""Kind of the row over every kind of finding."""


@dataclass(frozen=True, kw_only=True)
class HitRate:
    """What a team said of the alerts of one kind; the rate and its interval are None below LEAST_HANDLED."""

    kind: str
    handled_count: int
    false_alarm_count: int

    @property
    def hit_count(self) -> int:
        """Handled alerts that were right."""
        return self.handled_count - self.false_alarm_count

    @property
    def is_told(self) -> bool:
        """Whether enough was handled for a rate."""
        return self.handled_count >= LEAST_HANDLED

    @property
    def rate(self) -> float | None:
        """Share of handled alerts that were right."""
        return self.hit_count / self.handled_count if self.is_told else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """90 % interval of the rate, Jeffreys: beta(right + 1/2, wrong + 1/2)."""
        if not self.is_told:
            return None
        spread = beta(self.hit_count + 0.5, self.false_alarm_count + 0.5)
        return float(spread.ppf(TAIL)), float(spread.ppf(1 - TAIL))


def find_rate(rates: Iterable[HitRate], kind: str = ALL) -> HitRate:
    """The rate of a kind; that of nothing handled where there is none."""
    found = {rate.kind: rate for rate in rates}
    return found.get(kind, HitRate(kind=kind, handled_count=0, false_alarm_count=0))
