"""What is drawn below the time axis of a site: Plotly's own format as plain data, naming roles, not colours.

Plain data, because checking every value of a figure takes longer than all the rest of a page; a test hands each figure
to Plotly, which checks it there. Whatever comes from an export goes through :func:`reports.sheet.plain`.
"""

from __future__ import annotations

import datetime
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.bins import Period, find_month
from reports.figures import PATTERNS
from reports.messages import FORMATS, name_term, say
from reports.profile_views import (
    ANCHOR_GROUPS,
    AnchorProfile,
    ExchangePartner,
    GroupMember,
    LinkedPages,
    Lives,
    SegmentWeek,
    SourceMap,
)
from reports.sheet import Sheet, SheetParams, cut, plain
from reports.views import Drop, LinkDay
from transforms.schemas.vocabulary import ORIGINS, RISKY_ORIGINS

Figure = dict[str, Any]

SYMBOLS = {
    "natural": "circle-open", "bought": "triangle-up", "exchanged": "diamond", "guest_post": "square",
    "link_programme": "cross", "spam": "x", "unknown": "circle",
}  # fmt: skip
"""Marker of an origin on the map, beside its colour."""
SIGNS = {
    "natural": "○",
    "bought": "▲",
    "exchanged": "◆",
    "guest_post": "■",
    "link_programme": "✚",
    "spam": "✕",
    "unknown": "●",
}
"""The same in a legend."""
LIFE_ROLES = {
    "natural": "origin-natural",
    "arranged": "origin-bought",
    "spam": "origin-spam",
    "unknown": "origin-unknown",
}
LIFE_DASHES = {"natural": "solid", "arranged": "dash", "spam": "dot", "unknown": "dashdot"}


@dataclass(frozen=True, kw_only=True)
class PlainParams:
    """Sizes of the figures that have no time axis, in pixels unless said otherwise."""

    height: int = 300
    bar_height: int = 34
    """A horizontal bar with room around it."""
    row_height: int = 22
    """A name in the picture of exchanges."""
    most_quarters: int = 16
    """Quarters drawn: four years; with fewer days than ``monthly_below_days`` months."""
    monthly_below_days: int = 550
    most_topics: int = 4
    """Words of the site from which on a source counts as fully on its subject: the last place on the map."""
    jitter: float = 0.34
    """Half the width over which points of one place are spread."""
    most_letters: int = 26
    """Letters of a name in a picture."""


PLAIN = PlainParams()


def _layout(height: int, left: int, narrow_left: int | None = None, **more: Any) -> Figure:
    below = 56 if more["xaxis"].get("title", {}).get("text") else 40
    return {
        "height": height + below - 40, "margin": {"l": left, "r": 12, "t": 10, "b": below}, "showlegend": False,
        "template": {}, "hovermode": "closest", "dragmode": False,
        "meta": {"kind": "plain", "narrow_left": narrow_left or left}, **more,
    }  # fmt: skip


def _axis(**more: Any) -> Figure:
    return {"fixedrange": True, "zeroline": False, "ticks": "", **more}


def _title(text: str) -> Figure:
    return {"text": text, "standoff": 6, "font": {"size": 13}}


def find_quarter(day: datetime.date) -> Period:
    """The quarter of the calendar a day falls in."""
    starts_on = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    following = (starts_on + datetime.timedelta(days=100)).replace(day=1)
    return Period(starts_on, following - datetime.timedelta(days=1))


def count_origins(
    link_days: Sequence[LinkDay], provider: str | None, params: PlainParams = PLAIN
) -> dict[Period, Counter[str]]:
    """New referring domains of one provider by quarter (or month, where there are few days) and origin, in order."""
    rows = [row for row in link_days if row.provider == provider and row.new_domain_count]
    if not rows:
        return {}
    first_on, last_on = min(row.day for row in rows), max(row.day for row in rows)
    find = find_month if (last_on - first_on).days < params.monthly_below_days else find_quarter
    counts: dict[Period, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[find(row.day)][row.origin] += row.new_domain_count
    return {period: counts[period] for period in sorted(counts)[-params.most_quarters :]}


def name_period(period: Period, language: str) -> str:
    """A quarter or a month, short."""
    if (period.ends_on - period.starts_on).days < 31:
        return say("profile.month", language, year=period.starts_on.year, month=f"{period.starts_on.month:02d}")
    return say("profile.quarter", language, year=period.starts_on.year, quarter=(period.starts_on.month + 2) // 3)


def draw_origins(counts: Mapping[Period, Counter[str]], language: str) -> Figure | None:
    """Share of new referring domains by origin over the quarters; None with fewer than two of them."""
    if len(counts) < 2:
        return None
    names = [name_period(period, language) for period in counts]
    totals = [found.total() for found in counts.values()]
    traces = []
    for origin in ORIGINS:
        values = [found[origin] for found in counts.values()]
        if not any(values):
            continue
        name = name_term(origin, language)
        words = say("figure.new_domains", language)
        traces.append(
            {"type": "bar", "name": name, "meta": f"origin-{origin}", "x": names,
             "y": [round(value / total, 4) for value, total in zip(values, totals, strict=True)], "customdata": values,
             "hovertemplate": f"<b>{name}</b> %{{y:.0%}}<br>%{{customdata}} {words}<br>%{{x}}<extra></extra>",
             "marker": {"line": {"width": 0}, "pattern": {
                 "shape": PATTERNS.get(origin, ""), "size": 5, "solidity": 0.2, "fillmode": "overlay"}}}
        )  # fmt: skip
    layout = _layout(
        PLAIN.height, 44, barmode="stack", bargap=0.12,
        xaxis=_axis(type="category", showgrid=False), yaxis=_axis(range=[0, 1], tickformat=".0%", nticks=5),
    )  # fmt: skip
    return {"data": traces, "layout": layout}


def name_anchors(profile: AnchorProfile, language: str) -> str:
    """The name of a row of link texts: a competitor's domain, or which of the site's own years."""
    return profile.name if profile.is_competitor else say(f"profile.anchors.{profile.name}", language)


def draw_anchors(profiles: Sequence[AnchorProfile], language: str) -> Figure | None:
    """Link texts by what they are: the last year, the site's own past, its competitors; None without any."""
    if not profiles:
        return None
    names = [plain(cut(name_anchors(profile, language), PLAIN.most_letters)) for profile in profiles]
    traces = []
    for group in ANCHOR_GROUPS:
        name = say(f"profile.anchor.{group}", language)
        traces.append(
            {"type": "bar", "orientation": "h", "name": name, "meta": f"anchor-{group}", "y": names,
             "x": [round(profile.shares[group], 4) for profile in profiles],
             "hovertemplate": f"<b>{name}</b> %{{x:.0%}}<br>%{{y}}<extra></extra>",
             "text": [f"{profile.shares[group]:.0%}" if profile.shares[group] >= 0.08 else "" for profile in profiles],
             "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
             "marker": {"line": {"width": 1}}}
        )  # fmt: skip
    layout = _layout(
        56 + PLAIN.bar_height * len(profiles), 170, 134, barmode="stack", bargap=0.25,
        xaxis=_axis(range=[0, 1], tickformat=".0%", nticks=5), yaxis=_axis(autorange="reversed", showgrid=False),
    )  # fmt: skip
    return {"data": traces, "layout": layout}


def _spread(name: str) -> float:
    """A step aside that is always the same for a name."""
    return PLAIN.jitter * (zlib.crc32(name.encode()) / 2**31 - 1.0)


def draw_sources(found: SourceMap, language: str) -> Figure | None:
    """Authority against relevance, or authority by origin where relevance is not known of most; None without points."""
    points = [point for point in found.points if not found.is_relevance_known or point.topic_count is not None]
    if not points:
        return None
    drawn = [origin for origin in ORIGINS if any(point.origin == origin for point in points)]
    traces = []
    for place, origin in enumerate(drawn):
        mine = [point for point in points if point.origin == origin]
        name = name_term(origin, language)
        across = [
            min(point.topic_count or 0, PLAIN.most_topics) if found.is_relevance_known else place for point in mine
        ]  # fmt: skip
        traces.append(
            {"type": "scatter", "mode": "markers", "name": name, "meta": f"origin-{origin}",
             "x": [round(at + _spread(point.source_domain), 2) for at, point in zip(across, mine, strict=True)],
             "y": [round(point.source_authority or 0.0, 1) for point in mine],
             "text": [plain(cut(point.source_domain, 60)) for point in mine],
             "marker": {"symbol": SYMBOLS[origin], "size": 8, "opacity": 0.85},
             "hovertemplate": f"<b>%{{text}}</b><br>{name}, %{{y}}<extra></extra>"}
        )  # fmt: skip
    if found.is_relevance_known:
        labels = [str(number) for number in range(PLAIN.most_topics)] + [f"{PLAIN.most_topics}+"]
        title = say("profile.sources.axis", language)
    else:
        labels, title = [name_term(origin, language) for origin in drawn], ""
    xaxis = _axis(
        tickvals=list(range(len(labels))), ticktext=labels, range=[-0.6, len(labels) - 0.4], showgrid=False,
        title=_title(title),
    )  # fmt: skip
    yaxis = _axis(range=[-3, 103], title=_title(say("profile.sources.authority", language)))
    return {"data": traces, "layout": _layout(PLAIN.height + 60, 56, xaxis=xaxis, yaxis=yaxis)}


def draw_lives(lives: Lives, language: str) -> Figure:
    """Share of referring domains that still stand by age, a stepped line for each group of origins."""
    traces = []
    days = say("profile.lives.days", language)
    for curve in lives.curves:
        name = say(f"profile.lives.{curve.origin_group}", language)
        traces.append(
            {"type": "scatter", "mode": "lines", "name": name, "meta": LIFE_ROLES[curve.origin_group],
             "x": [age for age, _ in curve.steps], "y": [round(share, 4) for _, share in curve.steps],
             "line": {"shape": "hv", "width": 2, "dash": LIFE_DASHES[curve.origin_group]},
             "hovertemplate": f"<b>{name}</b><br>%{{y:.0%}} · %{{x}} {days}<extra></extra>"}
        )  # fmt: skip
    longest = max(age for curve in lives.curves for age, _ in curve.steps)
    layout = _layout(
        PLAIN.height, 44, xaxis=_axis(range=[0, longest * 1.02], title=_title(say("profile.lives.axis", language))),
        yaxis=_axis(range=[0, 1.03], tickformat=".0%", nticks=6),
    )  # fmt: skip
    return {"data": traces, "layout": layout}


def draw_pages(linked: LinkedPages, language: str) -> Figure | None:
    """Change of each page that arranged links lead to, beside the site's other pages; None where none is followed."""
    rows = [(cut(page.page_path, PLAIN.most_letters), page.change_share, "drop") for page in linked.pages]
    rows.append((say("profile.pages.others", language), linked.other_change, "visibility"))
    known = [(name, change, role) for name, change, role in rows if change is not None]
    if not known or all(role == "visibility" for _, _, role in known):
        return None
    percent = FORMATS["percent"]
    texts = [("+" if change > 0 else "−") + percent(abs(round(change, 2)), language) for _, change, _ in known]
    low, high = min(-0.1, *(change for _, change, _ in known)), max(0.1, *(change for _, change, _ in known))
    trace = {
        "type": "bar", "orientation": "h", "name": "", "meta": [role for _, _, role in known],
        "y": [plain(name) for name, _, _ in known], "x": [round(change, 3) for _, change, _ in known], "text": texts,
        "textposition": "outside", "cliponaxis": False, "hovertemplate": "%{y}<br>%{text}<extra></extra>",
        "marker": {"line": {"width": 0}},
    }  # fmt: skip
    layout = _layout(
        56 + PLAIN.bar_height * len(known), 190, 130, bargap=0.35,
        xaxis=_axis(tickformat=".0%", range=[low * 1.35, high * 1.35], zeroline=True, nticks=5),
        yaxis=_axis(autorange="reversed", showgrid=False, type="category"),
    )  # fmt: skip
    return {"data": [trace], "layout": layout}


def _days_text(first: datetime.date | None, language: str) -> str:
    return say("profile.day_unknown", language) if first is None else FORMATS["date"](first, language)


def _line(center: float, places: Sequence[tuple[float, float]], role: str, **line: Any) -> Figure:
    """Lines from the site at ``center`` to each place, as one trace."""
    x: list[float | None] = []
    y: list[float | None] = []
    for across, height in places:
        x += [center, across, None]
        y += [0, height, None]
    return {"type": "scatter", "mode": "lines", "meta": role, "x": x, "y": y, "hoverinfo": "skip",
            "line": {"width": 1.5, **line}}  # fmt: skip


def _nodes(
    side: float,
    names: Sequence[str],
    texts: Sequence[str],
    places: Sequence[tuple[float, float]],
    role: str,
    symbol: str,
) -> Figure:
    return {
        "type": "scatter", "mode": "markers+text", "meta": role, "x": [x for x, _ in places],
        "y": [y for _, y in places], "text": list(names), "customdata": list(texts),
        "textposition": "middle left" if side < 0 else "middle right", "cliponaxis": False,
        "marker": {"symbol": symbol, "size": 9}, "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _dated(name: str, day: datetime.date | None, language: str) -> str:
    shown = plain(cut(name, PLAIN.most_letters))
    return f"{shown} · {FORMATS['date'](day, language)}" if day else shown


def _column(side: float, count: int) -> list[tuple[float, float]]:
    return [(side, round((count - 1) / 2 - place, 2)) for place in range(count)]


def draw_network(
    site_domain: str, partners: Sequence[ExchangePartner], members: Sequence[GroupMember], language: str
) -> Figure | None:
    """Sources acting together at the left, the site in the middle, partners of exchange at the right; None without any.

    Where nodes stand is worked out here: two columns, in the order of the tables, so that a picture never jumps.
    """
    if not partners and not members:
        return None
    traces: list[Figure] = []
    center = 0.0 if members and partners else 0.55 if members else -0.55
    if members:
        places = _column(-0.55, len(members))
        texts = [
            say("profile.network.member_hover", language, source=plain(member.source_domain), site=plain(site_domain),
                first_on=_days_text(member.first_on, language))
            for member in members
        ]  # fmt: skip
        traces += [
            _line(center, places, "origin-link_programme"),
            _nodes(
                -1,
                [_dated(member.source_domain, member.first_on, language) for member in members],
                texts,
                places,
                "origin-link_programme",
                "square",
            ),
        ]
    if partners:
        places = _column(0.55, len(partners))
        texts = [
            say("profile.network.partner_hover", language, source=plain(partner.source_domain), site=plain(site_domain),
                in_on=_days_text(partner.in_on, language), out_on=_days_text(partner.out_on, language))
            for partner in partners
        ]  # fmt: skip
        for is_synchronous, dash in ((True, "solid"), (False, "dot")):
            chosen = [place for place, partner in zip(places, partners, strict=True)
                      if partner.is_synchronous is is_synchronous]  # fmt: skip
            if chosen:
                traces.append(_line(center, chosen, "origin-exchanged", dash=dash))
        names = [_dated(partner.source_domain, partner.in_on or partner.out_on, language) for partner in partners]
        traces.append(_nodes(1, names, texts, places, "origin-exchanged", "diamond"))
    traces.append(
        {"type": "scatter", "mode": "markers", "meta": "visibility", "x": [center], "y": [0], "hoverinfo": "skip",
         "marker": {"symbol": "circle", "size": 14}}
    )  # fmt: skip
    name = {"name": "surge-label", "text": plain(cut(site_domain, PLAIN.most_letters)), "x": center, "y": 0,
            "yshift": 20, "showarrow": False}  # fmt: skip
    rows = max(len(partners), len(members), 4)
    ends = [-1.3 if members else -0.9, 1.3 if partners else 0.9]
    layout = _layout(
        40 + PLAIN.row_height * rows, 12, xaxis=_axis(range=ends, visible=False),
        yaxis=_axis(range=[-rows / 2 - 0.4, rows / 2 + 0.4], visible=False),
    )  # fmt: skip
    layout["margin"]["b"] = 10
    layout["annotations"] = [name]
    return {"data": traces, "layout": layout}


def arranged_share(counts: Counter[str]) -> float | None:
    """Share of arranged origins; None of none."""
    return sum(counts[origin] for origin in RISKY_ORIGINS) / counts.total() if counts.total() else None


SEGMENT_SHEET = SheetParams(row_height=58, gap_height=30, top_height=40, label_shift=18, has_dates_once=True)
"""Small charts below each other: every part on its own scale, one axis of time under the last."""


def name_segment(segment_kind: str, segment: str, language: str) -> str:
    """A part of the site as a chart's title."""
    value = segment.partition(":")[2]
    if segment_kind == "keywords":
        return say(f"profile.segment.keywords.{value}", language)
    if segment_kind == "device":
        return say("profile.segment.device", language, device=name_term(f"device.{value}", language))
    return say(f"profile.segment.{segment_kind}", language, name=value.upper() if segment_kind == "market" else value)


def draw_segments(
    weeks: Sequence[SegmentWeek],
    drops: Sequence[Drop],
    names: Mapping[str, str],
    last_on: datetime.date,
    first_on: datetime.date,
    language: str,
) -> Figure | None:
    """Visibility by part of the site, a small chart each, on one axis of time from ``first_on``; None without any."""
    if not weeks:
        return None
    series: dict[tuple[str, str, str], list[SegmentWeek]] = defaultdict(list)
    for week in weeks:
        series[week.provider, week.segment_kind, week.segment].append(week)
    sheet = Sheet(language=language, last_on=last_on, params=SEGMENT_SHEET)
    week_days = datetime.timedelta(days=7)
    for (provider, segment_kind, segment), rows in series.items():
        axis = sheet.add_row(plain(name_segment(segment_kind, segment, language)))
        known = {row.ends_on: row.visibility for row in rows}
        day, days = min(known), []
        while day <= max(known):
            days.append(day)
            day += week_days
        sheet.traces.append(
            {"type": "scatter", "mode": "lines", "name": plain(segment), "meta": "visibility", "connectgaps": False,
             "xaxis": f"x{axis}", "yaxis": f"y{axis}", "x": [when.isoformat() for when in days],
             "y": [float(f"{known[when]:.3g}") if when in known else None for when in days], "line": {"width": 1.8},
             "hovertemplate": f"<b>%{{y:,.1f}}</b> {say('profile.segment.unit', language)}<br>%{{x}}<extra></extra>"}
        )  # fmt: skip
        fallen = [drop for drop in drops if (drop.provider, drop.segment) == (provider, segment)]
        for drop in fallen:
            sheet.add_finding("drop", drop.starts_on, drop.ends_on or max(known), axis=axis)
        sheet.add_labels("drop-label", [(drop.starts_on, names[drop.drop_id]) for drop in fallen], axis)
    return sheet.lay(first_on, follows="time")
