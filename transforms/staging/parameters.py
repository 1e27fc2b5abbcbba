"""What may be set in the staging SQL besides the ``as_of`` day: nothing yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """No thresholds: staging only says what was known, it judges nothing."""
