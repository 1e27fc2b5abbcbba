"""Days gathered into periods: nothing lost, nothing invented, the newest period never half full."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.bins import (
    Period,
    average_visibility,
    choose_width,
    find_month,
    find_period,
    sum_domains,
    tabulate_domains,
)
from reports.views import LinkDay, VisibilityDay

LAST = datetime.date(2026, 11, 15)


def ago(days: int) -> datetime.date:
    return LAST - datetime.timedelta(days=days)


@pytest.mark.parametrize(("days", "width"), [(1, 1), (400, 1), (401, 7), (4000, 7)])
def test_long_spans_are_drawn_by_week(days: int, width: int) -> None:
    assert choose_width(ago(days - 1), LAST) == width


def test_weeks_are_counted_back_from_the_end_of_the_series() -> None:
    assert find_period(LAST, LAST, 7) == Period(ago(6), LAST)
    assert find_period(ago(7), LAST, 7) == Period(ago(13), ago(7))


def test_a_period_stands_at_its_middle() -> None:
    assert find_period(LAST, LAST, 1).middle == "2026-11-15 12:00"
    assert find_period(LAST, LAST, 7).middle == "2026-11-12 12:00"


def test_month_has_all_its_days() -> None:
    assert find_month(datetime.date(2028, 2, 9)) == Period(datetime.date(2028, 2, 1), datetime.date(2028, 2, 29))


@given(
    counts=st.lists(st.tuples(st.sampled_from(["bought", "spam"]), st.integers(0, 900), st.integers(0, 50))),
    width=st.sampled_from([1, 7]),
)
def test_no_referring_domain_is_lost_or_counted_twice(counts: list[tuple[str, int, int]], width: int) -> None:
    rows = [
        LinkDay(provider="p", origin=origin, day=ago(days), new_domain_count=count, lost_domain_count=0)
        for origin, days, count in counts
    ]
    total = sum(row.new_domain_count for row in rows)
    assert sum(sum(periods.values()) for periods in sum_domains(rows, LAST, width).values()) == total
    assert sum(sum(origins.values()) for origins in tabulate_domains(rows, LAST, width).values()) == total


def test_days_without_visibility_are_unknown_and_not_zero() -> None:
    rows = [
        VisibilityDay(provider="p", segment="site", day=ago(days), visibility=value)
        for days, value in ((3, 10.0), (0, 20.0))
    ]
    assert list(average_visibility(rows, ago(3), LAST, 1).values()) == [10.0, None, None, 20.0]
    assert list(average_visibility(rows, ago(3), LAST, 7).values()) == [15.0]
