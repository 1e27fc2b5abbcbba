"""What is drawn: the time axis of a site, and the lanes of the portfolio; see :mod:`reports.sheet` for how."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from reports.bins import Period, average_visibility, choose_width, sum_domains
from reports.messages import FORMATS, name_term, say
from reports.sheet import MOST_LETTERS, ONE_DAY, Sheet, SheetParams, cut, plain
from reports.views import Drop, Event, Finding, LinkSeries, SiteView, Surge
from transforms.schemas.vocabulary import ORIGINS

PATTERNS = {"bought": "/", "exchanged": "x", "guest_post": "\\", "link_programme": "-", "spam": ".", "unknown": "|"}
"""Pattern of an origin's bars beside its colour, so that no reader depends on colour alone; natural is plain."""

SHORTEST_DRAWN = datetime.timedelta(days=3)
"""Shortest finding drawn in a lane: less is under ten pixels of a year and not seen; its dates are in the text."""

SITE_SHEET = SheetParams()
"""Sizes of the time axis of a site."""


def period_text(period: Period, language: str) -> str:
    """One day, or first to last day."""
    first, last = (FORMATS["date"](day, language) for day in (period.starts_on, period.ends_on))
    return first if period.starts_on == period.ends_on else f"{first} – {last}"


def number_findings(findings: Sequence[Surge] | Sequence[Drop], letter: str) -> dict[str, str]:
    """Finding id to its short name on the page, oldest first: S1, S2 ... or D1, D2 ..."""
    ids = sorted(
        (finding.starts_on, finding.surge_id if isinstance(finding, Surge) else finding.drop_id) for finding in findings
    )
    return {finding_id: f"{letter}{number}" for number, (_, finding_id) in enumerate(ids, start=1)}


def _bars(
    origin: str, periods: Mapping[Period, int], sign: int, words: str, *, axis: str, width: int, language: str
) -> dict[str, Any]:
    """The bars of an origin, above zero or (``sign`` -1) below; what is told of each is the count itself."""
    name = name_term(origin, language)
    counts = list(periods.values())
    told = "%{text}" if sign < 0 else "%{y}"
    return {
        "type": "bar", "name": name, "meta": f"origin-{origin}", "xaxis": f"x{axis}", "yaxis": f"y{axis}",
        "x": [period.middle for period in periods], "y": [sign * count for count in counts],
        "width": width * 86_400_000, "customdata": [period_text(period, language) for period in periods],
        **({"text": counts, "textposition": "none"} if sign < 0 else {}),
        "hovertemplate": f"<b>{name}</b><br>{told} {words}<br>%{{customdata}}<extra></extra>",
        "marker": {
            "line": {"width": 0},
            "pattern": {"shape": PATTERNS.get(origin, ""), "size": 5, "solidity": 0.2, "fillmode": "overlay"},
        },
    }  # fmt: skip


def _add_links(sheet: Sheet, view: SiteView, series: LinkSeries) -> None:
    rows = [row for row in view.link_days if row.provider == series.provider]
    starts_on = series.starts_on or rows[0].day
    width = choose_width(starts_on, series.ends_on)
    lost = sum_domains(rows, series.ends_on, width, "lost_domain_count")
    unit = f"figure.{'changed' if lost else 'new'}_domains_{'week' if width > 1 else 'day'}"
    provider = plain(name_term(series.provider, sheet.language))
    axis = sheet.add_row(say(unit, sheet.language, provider=provider))
    for key, sums, sign in (("new", sum_domains(rows, series.ends_on, width), 1), ("lost", lost, -1)):
        words = say(f"figure.{key}_domains", sheet.language)
        sheet.traces += [
            _bars(origin, sums[origin], sign, words, axis=axis, width=width, language=sheet.language)
            for origin in ORIGINS if origin in sums
        ]  # fmt: skip
    surges = [surge for surge in view.surges if surge.provider == series.provider]
    for surge in surges:
        sheet.add_finding(f"surge-{surge.origin}", surge.starts_on, surge.ends_on, axis=axis)
    names = number_findings(view.surges, "S")
    sheet.add_labels("surge-label", [(surge.starts_on, names[surge.surge_id]) for surge in surges], axis)
    sheet.add_unknown(series.ends_on, axis)


def _add_visibility(sheet: Sheet, view: SiteView, provider: str) -> None:
    rows = [row for row in view.visibility_days if row.provider == provider]
    first_on, last_on = rows[0].day, rows[-1].day
    width = choose_width(first_on, last_on)
    kind = "clicks" if provider.startswith("search_console") else "visibility"
    words = say(f"figure.{kind}", sheet.language)
    title = f"figure.{kind}_{'week' if width > 1 else 'day'}"
    axis = sheet.add_row(say(title, sheet.language, provider=plain(name_term(provider, sheet.language))))
    means = average_visibility(rows, first_on, last_on, width)
    sheet.traces.append(
        {"type": "scatter", "mode": "lines", "name": words, "meta": "visibility", "connectgaps": False,
         "xaxis": f"x{axis}", "yaxis": f"y{axis}", "x": [period.middle for period in means],
         "y": [None if mean is None else float(f"{mean:.4g}") for mean in means.values()],
         "customdata": [period_text(period, sheet.language) for period in means], "line": {"width": 2},
         "hovertemplate": f"<b>%{{y:,.0f}}</b> {words}<br>%{{customdata}}<extra></extra>"}
    )  # fmt: skip
    drops = [drop for drop in view.drops if drop.provider == provider and drop.segment == "site"]
    for drop in drops:
        sheet.add_finding("drop", drop.starts_on, drop.ends_on or last_on, axis=axis)
    names = number_findings(view.drops, "D")
    sheet.add_labels("drop-label", [(drop.starts_on, names[drop.drop_id]) for drop in drops], axis)
    sheet.add_unknown(last_on, axis)


def draw_timeline(view: SiteView, language: str, params: SheetParams = SITE_SHEET) -> go.Figure | None:
    """The figure of :func:`lay_timeline`, every value of it checked by Plotly: for pictures."""
    figure = lay_timeline(view, language, params)
    return None if figure is None else go.Figure(figure)


def lay_timeline(view: SiteView, language: str, params: SheetParams = SITE_SHEET) -> dict[str, Any] | None:
    """New and lost referring domains by origin, and visibility, under one time axis; None without any series.

    A row per provider. Surges and drops are shaded in the row they were found in, windows of updates over all rows.
    """
    with_dates = {row.provider for row in view.link_days if row.new_domain_count}
    link_series = [series for series in view.link_series if series.provider in with_dates]
    trackers = sorted({row.provider for row in view.visibility_days}, key=lambda name: (name != "search_console", name))
    days = [row.day for row in view.link_days if row.new_domain_count] + [row.day for row in view.visibility_days]
    if not days or not (link_series or trackers):
        return None
    sheet = Sheet(language=language, last_on=max(view.as_of, *days), params=params)
    for series in link_series:
        _add_links(sheet, view, series)
    for provider in trackers:
        _add_visibility(sheet, view, provider)
    sheet.add_events(view.events, min(days))
    actions = [event for event in view.events if event.kind == "manual_action" and event.starts_on >= min(days)]
    words = say("figure.manual_action", language)
    sheet.add_labels("drop-label", [(event.starts_on, words) for event in actions], "", y=0.06, share=0.3)
    return sheet.lay(min(days), leads=True)


@dataclass(frozen=True, kw_only=True)
class LanesParams:
    """Sizes of the portfolio's chart."""

    most_sites: int = 20
    """Sites drawn, highest risk first: one screen."""
    past_days: int = 400
    """Days drawn: a year and a month, so that last year's season is on it."""
    lane_height: int = 34
    """Pixels of one site's lane."""
    letter_width: int = 7
    """Pixels of a letter at 12.5 pixels, for the room beside the lanes."""
    offset: float = 0.18
    """Distance of surges above and drops below the middle of a lane, as a share of the lane."""


def describe_finding(finding: Finding, language: str) -> str:
    """A surge or drop in one plain sentence."""
    key = f"finding.{finding.kind}" if finding.ends_on else f"finding.{finding.kind}_open"
    return say(
        key, language, origin=finding.what, provider=finding.provider, starts_on=finding.starts_on,
        ends_on=finding.ends_on, observed=finding.observed_count, expected=finding.expected_count,
        depth=finding.depth_share,
    )  # fmt: skip


def _lane_trace(
    role: str, findings: Sequence[Finding], lanes: Sequence[str], sheet: Sheet, first_on: datetime.date, offset: float
) -> dict[str, Any]:
    x: list[str | None] = []
    y: list[float | None] = []
    texts: list[str | None] = []
    for finding in findings:
        text = f"<b>{plain(finding.site_domain)}</b><br>{plain(describe_finding(finding, sheet.language))}"
        place = lanes.index(finding.site_domain) + offset
        shortest = finding.starts_on + SHORTEST_DRAWN
        ends_on = min(max(finding.ends_on or sheet.last_on, shortest), sheet.last_on) + ONE_DAY
        x += [max(finding.starts_on, first_on).isoformat(), ends_on.isoformat(), None]
        y += [place, place, None]
        texts += [text, text, None]
    return {
        "type": "scatter", "mode": "lines", "name": role, "meta": role, "x": x, "y": y, "text": texts,
        "hovertemplate": "%{text}<extra></extra>", "connectgaps": False, "line": {"width": 9},
    }  # fmt: skip


def draw_lanes(
    sites: Sequence[str], findings: Sequence[Finding], events: Sequence[Event], as_of: datetime.date, language: str,
    params: LanesParams = LanesParams(),
) -> go.Figure | None:  # fmt: skip
    """One lane per site with its surges (by origin) and drops of the last ``past_days``; None without any finding."""
    first_on = as_of - datetime.timedelta(days=params.past_days)
    recent = [finding for finding in findings if (finding.ends_on or as_of) >= first_on]
    lanes = [site for site in sites if any(finding.site_domain == site for finding in recent)][: params.most_sites]
    if not lanes:
        return None
    sizes = SheetParams(top_height=34, row_height=params.lane_height * len(lanes), label_shift=4)
    sheet = Sheet(language=language, last_on=as_of, params=sizes, rows=1)
    for role in ("drop", *(f"origin-{origin}" for origin in ORIGINS)):
        shown = [
            finding for finding in recent
            if finding.site_domain in lanes and role == ("drop" if finding.kind == "drop" else f"origin-{finding.what}")
        ]  # fmt: skip
        if shown:
            offset = params.offset if role == "drop" else -params.offset
            sheet.traces.append(_lane_trace(role, shown, lanes, sheet, first_on, offset))
    sheet.add_events([event for event in events if event.kind == "update"], first_on)
    figure = sheet.build(first_on, lanes=True)
    names = [cut(site, MOST_LETTERS) for site in lanes]
    figure.update_layout(margin_l=16 + params.letter_width * max(len(site) for site in names))
    figure.update_yaxes(
        tickvals=list(range(len(lanes))), ticktext=[plain(site) for site in names], range=[len(lanes) - 0.4, -0.6],
        rangemode="normal",
    )  # fmt: skip
    return figure
