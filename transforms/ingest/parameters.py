"""When a feed is late, bound by name into the SQL of this stage; sites.toml takes its defaults from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Cadences, their grace, and how a cadence is told from the exports; all in days."""

    daily_days: int = 1
    """Days from one export of a daily feed to the next."""

    weekly_days: int = 7
    """Days from one export of a weekly feed to the next."""

    monthly_days: int = 31
    """Days from one export of a monthly feed to the next: the longest month is a month."""

    daily_grace_days: int = 3
    """A night that failed, or people who export on working days and have a long weekend."""

    weekly_grace_days: int = 4
    """Friday's export made on Tuesday, after a weekend and a day off."""

    monthly_grace_days: int = 7
    """A month is closed in the first working week of the next one."""

    fewest_exports: int = 3
    """Exports from which the days between them tell a cadence: fewer give one gap, and one gap is chance."""

    most_daily_gap_days: int = 2
    """Median gap up to which a feed is daily: twice as long would eat the grace of every other night."""

    most_weekly_gap_days: int = 9
    """Median gap up to which a feed is weekly; above it (every ten days, a fortnight) a weekly one would often be stale
    when nothing is wrong, so that it counts as monthly."""
