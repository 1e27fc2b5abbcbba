"""How much of the 180 days before a drop the link data cover: what a missing surge can and cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, window_of
from transforms.correlation.placebos import Span


@dataclass(frozen=True)
class LookBack:
    """What one link series covers of the days before a drop."""

    days: int
    """Days covered, 0 to LONGEST_LAG_DAYS."""
    effect_share: float
    """Assumed share of true effects (lag_windows.py) whose lag falls on a covered day, 0 to 1."""

    @property
    def is_whole(self) -> bool:
        """Whether every day is covered."""
        return self.days == LONGEST_LAG_DAYS


NOTHING = LookBack(0, 0.0)


def look_back(link_spans: Sequence[Span], drop_day: int) -> LookBack:
    """The coverage by the one series that covers most of the effects: providers' spans are never put end to end."""
    return max(
        (_covered(span, drop_day) for span in link_spans),
        key=lambda covered: (covered.effect_share, covered.days),
        default=NOTHING,
    )


def _covered(span: Span, drop_day: int) -> LookBack:
    nearest, farthest = max(1, drop_day - span.last), min(LONGEST_LAG_DAYS, drop_day - span.first)
    if farthest < nearest:
        return NOTHING
    return LookBack(farthest - nearest + 1, float(_EFFECT_SHARE_UP_TO[farthest] - _EFFECT_SHARE_UP_TO[nearest - 1]))


def _share_of_lag(lag_days: int) -> float:
    window = window_of(lag_days)
    return 0.0 if window is None else window.share / window.own_days


_EFFECT_SHARE_UP_TO = np.cumsum([_share_of_lag(lag) for lag in range(LONGEST_LAG_DAYS + 1)])
