"""One fall of a simulated site: what falls, when, how deep, and whether it comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from penalty_radar.simulation.search_engine.sites import Floats

Channel = Literal["rank", "demand", "reach", "click_rate", "logging", "tracker"]


@dataclass(frozen=True)
class Fall:
    """One fall. ``weights`` say per atom of the site how much of ``depth`` it takes; days are numbers of world days.

    ``channel`` is what falls: rankings, demand, what reaches the site, clicks per impression, what is logged, or the
    tracker's own readings. ``recovers_at`` is the first day of the way back (None: it lasts).
    """

    name: str
    cause: str
    channel: Channel
    scope: Literal["site", "page", "mixed", "directory", "tracker"]
    start: int
    ramp: int
    depth: float
    weights: Floats = field(repr=False)
    recovers_at: int | None = None
    back_days: int = 1
    regained: float = 1.0
    lag_days: int | None = None
    campaign: str | None = None
    update: str | None = None
    is_manual: bool = False
    is_recorded: bool = False
    is_gain: bool = False
