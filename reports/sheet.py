"""A sheet: rows under one time axis, put together as one Plotly figure.

A figure names roles, not colours: ``meta`` of a trace and ``name`` of a shape or note say what it stands for
(``origin-bought``, ``event-update``, ``drop``), and ``radar.js`` reads the role's colour from the style sheet, so that
a change between light and dark needs no second figure. Plotly takes a subset of HTML in every text it draws: whatever
comes from an export goes through :func:`plain`. Only SVG traces are used: they print, and need no graphics driver.
"""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

from reports.messages import say
from reports.views import Event

COMMON_KINDS = ("update", "data_break", "outage")
"""Events that every site shares; the others are a site's own, and say more of it."""
BAND_KINDS = ("update", "outage")
"""Events drawn as a window; the others are a line on their first day."""

ONE_DAY = datetime.timedelta(days=1)

LEAST_LABELLED = 0.08
"""Least share of the days shown that unknown days must fill to be labelled: the width of the label."""

LATE_DAYS = 3
"""Days a series may lack at its end before they are marked as unknown: search data come two to three days late."""


MOST_LETTERS = 32
"""Letters of a name beside or above a chart; a longer one is cut, the lists on the page have it whole."""


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def show_controls(text: str) -> str:
    """The text with a visible mark for each control and each order of direction: these would rearrange ours.

    Tabs and line ends stay; so do right-to-left letters and marks, which the style sheet keeps inside their own text.
    """
    return _CONTROLS.sub("\ufffd", text)


def plain(text: str) -> str:
    """Text that Plotly draws letter by letter: its pseudo-HTML, template marks and controls are made harmless."""
    return html.escape(show_controls(text), quote=False).replace("%{", "%\u200b{")


def to_script_json(figure: go.Figure | Mapping[str, Any]) -> Markup:
    """The figure, or the same as plain data, for a ``<script type="application/json">`` block.

    ``<``, ``>`` and ``&`` are written as escapes, so that no text from an export can end the block.
    """
    text = str(figure.to_json()) if isinstance(figure, go.Figure) else json.dumps(figure, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


@dataclass(frozen=True, kw_only=True)
class SheetParams:
    """Sizes of a figure."""

    row_height: int = 190
    """Pixels of one row: enough for four grid lines."""
    gap_height: int = 62
    """Pixels between rows: date labels and the next row's title."""
    top_height: int = 64
    """Pixels above the first row: its title and the labels of updates."""
    bottom_height: int = 34
    """Pixels below the last row: date labels."""
    shown_days: int = 730
    """Days shown before a person zooms out, two seasons: more makes a week less than two pixels wide."""
    name_share: float = 0.03
    """Least distance of two short names (S1, S2) as a share of the days shown; about the width of a name."""
    cap_share: float = 0.025
    """Height of the cap of a finding as a share of the row: about 5 pixels."""
    label_shift: int = 34
    """Pixels between the first row and the labels of events: room for the row's title."""
    has_dates_once: bool = False
    """Dates stand under the last row only: for small rows that would otherwise be mostly dates."""


@dataclass
class Sheet:
    """Rows of one figure that share the time axis, collected from top to bottom."""

    language: str
    last_on: datetime.date
    params: SheetParams
    traces: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0

    def add_row(self, title: str) -> str:
        """A new row's axis number as Plotly writes it: '' for the first, then '2', '3' ..."""
        self.rows += 1
        axis = "" if self.rows == 1 else str(self.rows)
        self.add_note("row-title", title, x=0, y=1, axis=axis, xref="paper", xanchor="left", yanchor="bottom", yshift=8)
        return axis

    def add_note(self, role: str, text: str, *, axis: str | None, **place: Any) -> None:
        """A text without an arrow; ``axis`` None = over the whole figure."""
        yref = "paper" if axis is None else f"y{axis} domain"
        self.annotations.append({"name": role, "text": text, "showarrow": False, "yref": yref, **place})

    def add_band(self, role: str, first: datetime.date, last: datetime.date | None, *, axis: str) -> None:
        """A shaded window from the start of its first to the end of its last day; without a last day, a line."""
        place = {"name": role, "x0": first.isoformat(), "y0": 0, "y1": 1, "yref": f"y{axis} domain", "xref": "x",
                 "layer": "below"}  # fmt: skip
        if last is None:
            self.shapes.append({**place, "type": "line", "x1": first.isoformat()})
        else:
            ends = (last + ONE_DAY).isoformat()
            self.shapes.append({**place, "type": "rect", "x1": ends, "line": {"width": 0}})

    def add_finding(self, role: str, first: datetime.date, last: datetime.date, *, axis: str) -> None:
        """The window of a finding: shaded as any window, and under a cap in its full colour, so that it stands out."""
        self.add_band(role, first, last, axis=axis)
        self.shapes.append(
            {**self.shapes[-1], "name": f"cap-{role}", "y0": 1 - self.params.cap_share, "layer": "above"}
        )

    def add_labels(
        self,
        role: str,
        labels: list[tuple[datetime.date, str]],
        axis: str,
        *,
        y: float | None = None,
        share: float = 0.0,
    ) -> None:
        """The short names of findings at their first days; those too close together to be read share one label.

        They hang from the caps of the findings, or stand at ``y``, a share of the row's height. ``share`` is the width
        of a longer name as a share of the days shown.
        """
        room = datetime.timedelta(days=round(self.params.shown_days * max(share, self.params.name_share)))
        gathered: list[tuple[datetime.date, list[str]]] = []
        for starts_on, name in sorted(labels):
            if gathered and starts_on - gathered[-1][0] < room:
                gathered[-1][1].append(name)
            else:
                gathered.append((starts_on, [name]))
        for starts_on, names in gathered:
            text = names[0] if len(set(names)) == 1 else f"{names[0]}–{names[-1]}"
            at_edge = starts_on + room > self.last_on
            place = {
                "x": str(self.last_on + ONE_DAY if at_edge else starts_on),
                "xanchor": "right" if at_edge else "left",
            }
            height = {"y": 1 - self.params.cap_share, "yanchor": "top"} if y is None else {"y": y, "yanchor": "bottom"}
            self.add_note(role, text, axis=axis, xref="x", **height, **place)

    def add_unknown(self, ends_on: datetime.date, axis: str) -> None:
        """Marks the days after a series' own end: unknown, never zero."""
        if (self.last_on - ends_on).days > LATE_DAYS:
            self.add_band("unknown", ends_on + ONE_DAY, self.last_on, axis=axis)
            place = {"x": str(self.last_on), "xanchor": "right", "xref": "x", "y": 0.5, "yanchor": "middle"}
            if (self.last_on - ends_on).days >= self.params.shown_days * LEAST_LABELLED:
                self.add_note("unknown-label", say("figure.unknown", self.language), axis=axis, **place)

    def add_events(self, events: Iterable[Event], first_on: datetime.date) -> None:
        """Windows of updates and outages in every row, lines for the rest, each with a label above the first row.

        Labels stand the site's own events first, then newest first; ``radar.js`` shows those that find room at the
        width and zoom of the moment.
        """
        for event in sorted(
            events, key=lambda event: (event.kind not in COMMON_KINDS, event.starts_on, event.name), reverse=True
        ):
            lasts_on = self.last_on if event.kind == "update" else event.starts_on
            ends_on = min(event.ends_on or lasts_on, self.last_on)
            if ends_on < first_on or event.starts_on > self.last_on:
                continue
            starts_on = max(event.starts_on, first_on)
            for row in range(self.rows):
                last_on = ends_on if event.kind in BAND_KINDS else None
                self.add_band(f"event-{event.kind}", starts_on, last_on, axis="" if row == 0 else str(row + 1))
            self.add_note(
                "event-label", plain(cut(event.name, MOST_LETTERS)), axis=None, x=starts_on.isoformat(), xref="x",
                xanchor="left", y=1, yanchor="bottom", yshift=self.params.label_shift,
            )  # fmt: skip

    def _axes(self, row: int, plot_height: int, start: datetime.date) -> dict[str, Any]:
        axis = "" if row == 0 else str(row + 1)
        top = 1 - row * (self.params.row_height + self.params.gap_height) / plot_height
        shared: dict[str, Any] = {"matches": "x"} if row else {}
        time = {
            "type": "date", "range": [start.isoformat(), (self.last_on + ONE_DAY).isoformat()], "anchor": f"y{axis}",
            "showgrid": False, "ticks": "outside", "ticklen": 4, "nticks": 8, **shared,
        }  # fmt: skip
        if self.params.has_dates_once and row + 1 < self.rows:
            time |= {"showticklabels": False, "ticks": ""}
        counts = {
            "domain": [max(0.0, top - self.params.row_height / plot_height), top], "anchor": f"x{axis}",
            "rangemode": "tozero", "fixedrange": True, "nticks": 5, "zeroline": False,
        }  # fmt: skip
        return {f"xaxis{axis}": time, f"yaxis{axis}": counts}

    def build(self, first_on: datetime.date, **meta: Any) -> go.Figure:
        """The figure of :meth:`lay`, every value of it checked by Plotly."""
        return go.Figure(self.lay(first_on, **meta))

    def lay(self, first_on: datetime.date, **meta: Any) -> dict[str, Any]:
        """The figure as plain data; every row shares the first row's time axis. ``meta`` is handed to ``radar.js``.

        Plotly's check of every value takes as long as the rest of a page: pages do without, tests do not.
        """
        params = self.params
        plot_height = self.rows * params.row_height + (self.rows - 1) * params.gap_height
        start = max(first_on, self.last_on - datetime.timedelta(days=params.shown_days))
        layout: dict[str, Any] = {
            "height": plot_height + params.top_height + params.bottom_height,
            "margin": {"l": 52, "r": 8, "t": params.top_height, "b": params.bottom_height},
            "barmode": "relative", "bargap": 0, "showlegend": False, "hovermode": "closest", "dragmode": "zoom",
            "shapes": self.shapes, "annotations": self.annotations, "template": {},
            "meta": {"from": first_on.isoformat(), "until": (self.last_on + ONE_DAY).isoformat(),
                     "shown": params.shown_days, **meta},
        }  # fmt: skip
        for row in range(self.rows):
            layout |= self._axes(row, plot_height, start)
        return {"data": self.traces, "layout": layout}
