"""Days and lengths bound by name into the SQL of this stage."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.correlation.known_events import EventParams
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, PRIMARY


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Which days are laid beside each other; every field says its unit and where its default comes from."""

    longest_lag_days: int = LONGEST_LAG_DAYS
    """Days from a surge to a drop that may be put beside each other (lag_windows.py)."""
    primary_lag_days: int = PRIMARY.last_day
    """Days before a drop within which links came lately: the end of the primary window (lag_windows.py)."""
    level_days: int = 28
    """Days of a level before and after: four whole weeks, so that weekdays cancel."""
    shape_days_before: int = 60
    """Days before a drop in which its shape begins: two levels, to see a gradual fall."""
    shape_days_after: int = 75
    """Days after its start: the longest absence that counts as an outage (60), the week after it and a week more."""
    year_days: int = 364
    """Days to the same weekday a year earlier."""
    contrast_days_before: int = 140
    """Days before a drop from which it is measured how much what is linked and the rest move apart anyway: four months
    beside the level itself, so that there are sixteen weeks to measure a week's movement from."""
    ignored_scopes: str = f"|{'|'.join(EventParams().ignored_scopes)}|"
    """Scopes of updates that are not told on the way back, between bars (known_events.py)."""
    least_arranged_domains: int = 2
    """New referring domains of arranged links that make a page one they lead to: one may be an accident."""
    least_anchor_length: int = 4
    """Characters of a link text that names a query: shorter ones stand in many by chance."""
    most_anchor_length: int = 60
    """Characters of a link text that may be a query: longer ones are sentences."""
