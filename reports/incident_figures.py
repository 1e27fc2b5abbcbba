"""What an incident's page draws: the months around the drop, the placebo days, linked pages beside the others."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from reports.bins import Period, sum_domains
from reports.figures import PATTERNS, number_findings, period_text
from reports.incident_data import DAYS_AFTER
from reports.incident_views import IncidentView
from reports.messages import name_term, say
from reports.sheet import ONE_DAY, Sheet, SheetParams, plain
from transforms.schemas.vocabulary import ORIGINS

LEAD_DAYS = 30
"""Days drawn before the surge: enough to see what is usual."""
LEAST_BEFORE = 90
"""Days drawn before the drop at least: the 84 days its old level is of, and a few more."""
WEEK = 7


@dataclass(frozen=True)
class Window:
    """First and last day drawn, both included."""

    first_on: datetime.date
    last_on: datetime.date


def find_window(view: IncidentView) -> Window:
    """The months around the drop: from a month before the surge to three months after the drop, or the last night."""
    starts_on = view.drop.starts_on
    first_on = starts_on - datetime.timedelta(days=LEAST_BEFORE)
    if view.surge is not None:
        first_on = min(first_on, view.surge.starts_on - datetime.timedelta(days=LEAD_DAYS))
    return Window(first_on, min(view.site.as_of, starts_on + datetime.timedelta(days=DAYS_AFTER)))


def draw_incident(view: IncidentView, language: str) -> go.Figure | None:
    """New linking domains by origin above the drop's own series, day by day; None without any of the two."""
    window = find_window(view)
    span = (window.last_on - window.first_on).days + 1
    sheet = Sheet(language=language, last_on=window.last_on, params=SheetParams(shown_days=span))
    _add_links(sheet, view, window)
    _add_series(sheet, view, window)
    if not sheet.rows:
        return None
    events = [event for event in view.site.events if event.starts_on <= window.last_on]
    sheet.add_events(events, window.first_on)
    return sheet.build(window.first_on, kind="time")


def _add_links(sheet: Sheet, view: IncidentView, window: Window) -> None:
    provider = view.link_provider
    rows = [row for row in view.link_days if window.first_on <= row.day <= window.last_on]
    if provider is None or not rows:
        return
    series = next(series for series in view.site.link_series if series.provider == provider)
    name = plain(name_term(provider, sheet.language))
    axis = sheet.add_row(say("incident.chart.domains", sheet.language, provider=name))
    sums = sum_domains(rows, window.last_on, 1)
    words = say("figure.new_domains", sheet.language)
    for origin in (origin for origin in ORIGINS if sums.get(origin)):
        said = name_term(origin, sheet.language)
        sheet.traces.append(
            {"type": "bar", "name": said, "meta": f"origin-{origin}", "xaxis": f"x{axis}", "yaxis": f"y{axis}",
             "x": [period.middle for period in sums[origin]], "y": list(sums[origin].values()), "width": 86_400_000,
             "customdata": [period_text(period, sheet.language) for period in sums[origin]],
             "hovertemplate": f"<b>{said}</b><br>%{{y}} {words}<br>%{{customdata}}<extra></extra>",
             "marker": {
                 "line": {"width": 0},
                 "pattern": {"shape": PATTERNS.get(origin, ""), "size": 5, "solidity": 0.2, "fillmode": "overlay"},
             }}
        )  # fmt: skip
    surges = [
        surge for surge in view.site.surges
        if surge.provider == provider and surge.ends_on >= window.first_on and surge.starts_on <= window.last_on
    ]  # fmt: skip
    for surge in surges:
        first_on, last_on = max(surge.starts_on, window.first_on), min(surge.ends_on, window.last_on)
        sheet.add_finding(f"surge-{surge.origin}", first_on, last_on, axis=axis)
    names = number_findings(view.site.surges, "S")
    labels = [(max(surge.starts_on, window.first_on), names[surge.surge_id]) for surge in surges]
    sheet.add_labels("surge-label", labels, axis)
    sheet.add_unknown(min(series.ends_on, window.last_on), axis)


def _add_series(sheet: Sheet, view: IncidentView, window: Window) -> None:
    rows = [row for row in view.series_days if window.first_on <= row.day <= window.last_on]
    if not rows:
        return
    drop = view.drop
    kind = "clicks" if drop.provider.startswith("search_console") else "visibility"
    words = say(f"figure.{kind}", sheet.language)
    provider = plain(name_term(drop.provider, sheet.language))
    axis = sheet.add_row(say(f"incident.chart.{kind}", sheet.language, provider=provider))
    values = {row.day: row.visibility for row in rows}
    days = [rows[0].day + number * ONE_DAY for number in range((rows[-1].day - rows[0].day).days + 1)]
    sheet.traces.append(
        {"type": "scatter", "mode": "lines", "name": words, "meta": "visibility", "connectgaps": False,
         "xaxis": f"x{axis}", "yaxis": f"y{axis}", "x": [Period(day, day).middle for day in days],
         "y": [float(f"{values[day]:.4g}") if day in values else None for day in days],
         "customdata": [period_text(Period(day, day), sheet.language) for day in days], "line": {"width": 1.5},
         "hovertemplate": f"<b>%{{y:,.0f}}</b> {words}<br>%{{customdata}}<extra></extra>"}
    )  # fmt: skip
    lasts_on = min(drop.ends_on or rows[-1].day, rows[-1].day)
    level = say("incident.chart.level", sheet.language)
    for first_on, last_on, height in (
        (max(rows[0].day, window.first_on), drop.starts_on - ONE_DAY, drop.level_before),
        (drop.starts_on, lasts_on, drop.level_after),
    ):
        sheet.traces.append(
            {"type": "scatter", "mode": "lines", "name": level, "meta": "drop", "xaxis": f"x{axis}",
             "yaxis": f"y{axis}", "x": [first_on.isoformat(), (last_on + ONE_DAY).isoformat()],
             "y": [float(f"{height:.4g}")] * 2, "line": {"width": 2.5},
             "hovertemplate": f"<b>%{{y:,.0f}}</b> {level}<extra></extra>"}
        )  # fmt: skip
    sheet.add_finding("drop", drop.starts_on, lasts_on, axis=axis)
    sheet.add_labels("drop-label", [(drop.starts_on, number_findings(view.site.drops, "D")[drop.drop_id])], axis)
    sheet.add_unknown(rows[-1].day, axis)


LEVELS = (0, 2, 1, 3)
"""Levels of a match from no surge to the window declared as the primary one, in the order drawn."""


def draw_placebo(view: IncidentView, language: str) -> go.Figure | None:
    """Other days on which the drop could have begun, by the surge before them; None where no shift was made.

    The bar the real drop falls in has the drop's colour; those that match as well are its rivals.
    """
    shift = view.shift
    if shift is None:
        return None
    names = [say(f"incident.placebo.level.{level}", language) for level in range(len(shift.level_counts))]
    roles = ["drop" if level == shift.level else "visibility" if level > shift.level else "origin-natural"
             for level in range(len(names))]  # fmt: skip
    days = say("incident.placebo.days", language)
    bars = {
        "type": "bar", "orientation": "h", "name": days, "meta": roles, "x": list(shift.level_counts), "y": names,
        "text": [say("incident.placebo.bar", language, count=count) for count in shift.level_counts],
        "textposition": "outside", "cliponaxis": False,
        "hovertemplate": f"<b>%{{x}}</b> {days}<br>%{{y}}<extra></extra>", "marker": {"line": {"width": 0}},
    }  # fmt: skip
    return go.Figure({"data": [bars], "layout": _plain_layout(
        44 * len(names) + 40, {"range": [0, max(shift.level_counts) * 1.45 or 1], "showgrid": True, "nticks": 5},
        {"automargin": True, "ticks": "", "autorange": "reversed"}, left=170,
    )})  # fmt: skip


def _plain_layout(height: int, x: dict[str, Any], y: dict[str, Any], *, left: int = 52) -> dict[str, Any]:
    return {
        "height": height, "margin": {"l": left, "r": 24, "t": 8, "b": 34}, "showlegend": False, "bargap": 0.35,
        "hovermode": "closest", "dragmode": False, "template": {}, "meta": {"kind": "plain", "narrow_left": 136},
        "xaxis": {"fixedrange": True, "zeroline": False, **x}, "yaxis": {"fixedrange": True, "zeroline": False, **y},
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ComparedWeek:
    """A week of both kinds of pages, 100 = the four weeks before the drop; None where nothing is known of it."""

    period: Period
    linked: float | None
    other: float | None


def compare_weeks(view: IncidentView, level_days: int = 28) -> list[ComparedWeek]:
    """Linked and other pages by week, counted from the drop so that no week straddles it; [] where not comparable."""
    days, starts_on = view.compared_days, view.drop.starts_on
    before = [row for row in days if 0 < (starts_on - row.day).days <= level_days]
    linked_base = sum(row.linked_visibility for row in before) / len(before) if before else 0.0
    other_base = sum(row.other_visibility for row in before) / len(before) if before else 0.0
    if linked_base <= 0 or other_base <= 0:
        return []
    weeks: dict[int, list[tuple[float, float]]] = {}
    for row in days:
        number = (row.day - starts_on).days // WEEK
        if number < level_days // WEEK:
            weeks.setdefault(number, []).append((row.linked_visibility, row.other_visibility))
    found = []
    for number in range(min(weeks), max(weeks) + 1):
        first_on = starts_on + datetime.timedelta(days=number * WEEK)
        rows = weeks.get(number, [])
        found.append(
            ComparedWeek(
                period=Period(first_on, first_on + datetime.timedelta(days=WEEK - 1)),
                linked=100 * sum(row[0] for row in rows) / len(rows) / linked_base if rows else None,
                other=100 * sum(row[1] for row in rows) / len(rows) / other_base if rows else None,
            )
        )
    return found


def mean_after(weeks: list[ComparedWeek], starts_on: datetime.date) -> tuple[float | None, float | None]:
    """Mean of the weeks after the drop, of linked and of other pages."""

    def mean(values: list[float]) -> float | None:
        return sum(values) / len(values) if values else None

    after = [week for week in weeks if week.period.starts_on >= starts_on]
    return (
        mean([week.linked for week in after if week.linked is not None]),
        mean([week.other for week in after if week.other is not None]),
    )


def draw_pages(view: IncidentView, language: str) -> go.Figure | None:
    """Linked pages beside the others, by week, 100 before the drop; None where they cannot be compared."""
    weeks = compare_weeks(view)
    if not weeks:
        return None
    last_on = weeks[-1].period.ends_on
    span = (last_on - weeks[0].period.starts_on).days + 1
    sheet = Sheet(language=language, last_on=last_on, params=SheetParams(shown_days=span, bottom_height=48))
    provider = plain(name_term(view.compared_days[0].provider, language))
    sheet.add_row(say("incident.pages.axis", language, provider=provider))
    for name, role, width in (("other", "origin-natural", 2), ("linked", "drop", 3)):
        words = say(f"incident.pages.{name}", language)
        values = [getattr(week, name) for week in weeks]
        sheet.traces.append(
            {"type": "scatter", "mode": "lines+markers", "name": words, "meta": role, "connectgaps": False,
             "xaxis": "x", "yaxis": "y", "x": [week.period.middle for week in weeks],
             "y": [None if value is None else float(f"{value:.4g}") for value in values],
             "customdata": [period_text(week.period, language) for week in weeks], "line": {"width": width},
             "marker": {"size": 6, "symbol": "circle" if name == "linked" else "square"},
             "hovertemplate": f"<b>%{{y:,.0f}}</b> {words}<br>%{{customdata}}<extra></extra>"}
        )  # fmt: skip
    sheet.add_finding("drop", view.drop.starts_on, last_on, axis="")
    return sheet.build(weeks[0].period.starts_on, kind="time")
