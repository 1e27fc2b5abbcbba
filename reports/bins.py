"""Days gathered into periods, so that a chart of ten years stays light and a table behind it stays readable."""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.views import LinkDay, VisibilityDay


@dataclass(frozen=True, kw_only=True)
class BinParams:
    """How days are gathered."""

    weekly_after_days: int = 400
    """Longest span drawn day by day, in days: beyond it a day is less than two pixels wide on an 800-pixel chart."""


@dataclass(frozen=True, order=True)
class Period:
    """First and last day, both included."""

    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def middle(self) -> str:
        """The middle of the period as ISO date and hour, for a chart's axis."""
        days = (self.ends_on - self.starts_on).days + 1
        noon = datetime.datetime.combine(self.starts_on, datetime.time()) + datetime.timedelta(hours=12 * days)
        return noon.strftime("%Y-%m-%d %H:%M")


def choose_width(first_on: datetime.date, last_on: datetime.date, params: BinParams = BinParams()) -> int:
    """Days in a bar or point: 1, or 7 for a span beyond ``params.weekly_after_days``."""
    return 7 if (last_on - first_on).days + 1 > params.weekly_after_days else 1


@functools.lru_cache(maxsize=8192)
def find_period(day: datetime.date, last_on: datetime.date, width: int) -> Period:
    """The period a day falls in. Periods are counted back from the last day, so that the newest is never half full."""
    ends_on = last_on - datetime.timedelta(days=(last_on - day).days // width * width)
    return Period(ends_on - datetime.timedelta(days=width - 1), ends_on)


@functools.lru_cache(maxsize=4096)
def find_month(day: datetime.date) -> Period:
    """The calendar month a day falls in."""
    following = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return Period(day.replace(day=1), following - datetime.timedelta(days=1))


def sum_domains(
    link_days: Iterable[LinkDay], last_on: datetime.date, width: int, counted: str = "new_domain_count"
) -> Mapping[str, Mapping[Period, int]]:
    """Origin to period to new (or lost) referring domains of one provider; periods without any are left out."""
    sums: dict[str, dict[Period, int]] = defaultdict(lambda: defaultdict(int))
    for row in link_days:
        if (count := getattr(row, counted)) and row.day <= last_on:
            sums[row.origin][find_period(row.day, last_on, width)] += count
    return {origin: dict(sorted(periods.items())) for origin, periods in sums.items()}


def average_visibility(
    days: Iterable[VisibilityDay], first_on: datetime.date, last_on: datetime.date, width: int
) -> Mapping[Period, float | None]:
    """Period to mean visibility a day over the days with data; None where no day has any (unknown, not zero)."""
    values: dict[Period, list[float]] = defaultdict(list)
    for row in days:
        if row.day <= last_on:
            values[find_period(row.day, last_on, width)].append(row.visibility)
    means: dict[Period, float | None] = {}
    day = last_on
    while day >= first_on:
        period = find_period(day, last_on, width)
        means[period] = sum(values[period]) / len(values[period]) if period in values else None
        day = period.starts_on - datetime.timedelta(days=1)
    return dict(sorted(means.items()))


def tabulate_domains(
    link_days: Iterable[LinkDay], last_on: datetime.date, width: int, counted: str = "new_domain_count"
) -> Mapping[Period, Mapping[str, int]]:
    """The table behind a bar chart, newest first: period to origin to count; weeks behind days, months behind weeks."""
    sums: dict[Period, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in link_days:
        if (count := getattr(row, counted)) and row.day <= last_on:
            period = find_period(row.day, last_on, 7) if width == 1 else find_month(row.day)
            sums[period][row.origin] += count
    return {period: dict(sums[period]) for period in sorted(sums, reverse=True)}


def tabulate_visibility(days: Iterable[VisibilityDay], last_on: datetime.date, width: int) -> Mapping[Period, float]:
    """The table behind a line, newest first: mean a day over the days with data; by week behind days, by month else."""
    values: dict[Period, list[float]] = defaultdict(list)
    for row in days:
        values[find_period(row.day, last_on, 7) if width == 1 else find_month(row.day)].append(row.visibility)
    return {period: sum(values[period]) / len(values[period]) for period in sorted(values, reverse=True)}
