"""Charts as PNG for chat and e-mail: the figure of the page, in the light colours of its style sheet.

Figures name roles (:mod:`reports.sheet`); on a page ``radar.js`` gives them their colours, here :func:`paint` does,
from the same style sheet. The system's Chromium draws them, one browser for all pictures of a run. Without one, or
when it takes too long, there are no pictures and the reason why: no message waits for its picture.
"""

from __future__ import annotations

import asyncio
import copy
import datetime
import functools
import importlib
import re
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import plotly.graph_objects as go
from babel.dates import format_date

from reports.figures import draw_timeline
from reports.sheet import MOST_LETTERS, SheetParams, cut, plain
from reports.views import SiteView

Name = TypeVar("Name")


def _import_apart(name: str) -> Any:
    """Import one of Kaleido's modules: its log reads the command line meanwhile and would refuse options of ours."""
    arguments, sys.argv = sys.argv, sys.argv[:1]
    try:
        return importlib.import_module(name)
    finally:
        sys.argv = arguments


kaleido = _import_apart("kaleido")
ChromeNotFoundError = _import_apart("choreographer.errors").ChromeNotFoundError

PICTURE_DAYS = 180
"""Days on a picture: a finding of today and what came before it, still legible on a telephone."""

SLACK_SECONDS = 2.0
"""How long a browser may take to close after its time was up."""

WIDTH = 900
"""Pixels across: chats show about 400 to 800, and twice that is sent."""

_STYLE_SHEET = Path(__file__).parent / "static" / "radar.css"
_ROOT = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\b")
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_SHADES = {"drop": 0.12, "unknown": 0.1}
"""How strongly a window is shaded, as on the page; events and surges stand below."""
_EVENT_SHADE = 0.17
_SURGE_SHADE = 0.22
_LETTER_WIDTH = 6.3
"""Pixels of a letter of an event's label at 11.5 pixels, on average."""
_LONGEST_LABEL = 24
_TITLE_HEIGHT = 30
_KEY_HEIGHT = 40


@functools.cache
def light_colours() -> Mapping[str, str]:
    """Role to colour, from the first ``:root`` of the style sheet: the light palette."""
    found = _ROOT.search(_STYLE_SHEET.read_text(encoding="utf-8"))
    return dict(_COLOUR.findall(found[1])) if found else {}


def draw_site(view: SiteView, language: str) -> go.Figure | None:
    """The site's time axis over the last :data:`PICTURE_DAYS`, painted; None when there is nothing to draw."""
    figure = draw_timeline(view, language, SheetParams(shown_days=PICTURE_DAYS, row_height=150))
    return None if figure is None else paint(figure, view.site.site_domain, language)


def paint(figure: go.Figure, title: str, language: str) -> go.Figure:
    """The figure as a picture that stands alone: title, key, months in words of the language, colours of the roles.

    Rows are as high as the days shown need, and events are labelled where there is room.
    """
    drawn = copy.deepcopy(figure.to_plotly_json())
    layout = drawn["layout"]
    for trace in drawn["data"]:
        _paint_trace(trace)
    for shape in layout.get("shapes", ()):
        _paint_shape(shape)
    for note in layout.get("annotations", ()):
        _paint_note(note, layout["margin"]["l"])
    first, last = (str(day)[:10] for day in layout["xaxis"]["range"])
    layout["annotations"] = _place_labels(layout, first, last)
    for axis, height in _heights(drawn["data"], first, last).items():
        layout[axis] = {**layout.get(axis, {}), "range": [0, height]}
    for name, axis in layout.items():
        if re.fullmatch(r"[xy]axis\d*", name):
            months = _months(first, last, language) if name.startswith("x") else {}
            axis.update(gridcolor=_colour("grid"), linecolor=_colour("rule"), tickcolor=_colour("rule"), **months)
    layout |= {
        "width": WIDTH, "paper_bgcolor": _colour("paper"), "plot_bgcolor": _colour("paper"),
        "font": {"family": _FONT, "size": 12.5, "color": _colour("soft")},
    }  # fmt: skip
    layout.pop("meta", None)
    _add_key(drawn["data"], layout, title)
    return go.Figure(drawn)


def draw_pictures(figures: Mapping[Name, go.Figure], *, most_seconds: float) -> tuple[dict[Name, bytes], str | None]:
    """PNGs by the figures' names, and why some are missing (``absent``: no Chromium; ``late``; ``failed``), or None.

    Takes at most ``most_seconds``, whatever the browser does; pictures drawn until then are kept.
    """
    drawn: dict[Name, bytes] = {}
    if not figures or most_seconds <= 0:
        return drawn, None if not figures else "late"
    problem: list[str] = []

    def work() -> None:
        try:
            asyncio.run(asyncio.wait_for(_draw(figures, drawn, most_seconds), most_seconds))
        except ChromeNotFoundError:
            problem.append("absent")
        except TimeoutError:
            problem.append("late")
        except Exception:  # a browser fails in many ways; the message goes out all the same
            problem.append("failed")

    # A thread of its own: callers may stand in an event loop, and a browser that does not close must not hold them.
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(most_seconds + SLACK_SECONDS)
    missing = set(figures) - set(drawn)
    return dict(drawn), (problem[0] if problem else "late") if missing else None


async def _draw(figures: Mapping[Name, go.Figure], drawn: dict[Name, bytes], most_seconds: float) -> None:
    async with kaleido.Kaleido(n=1, timeout=most_seconds, mathjax=False) as browser:
        for name, figure in figures.items():
            options = {"format": "png", "width": WIDTH, "height": figure.layout.height, "scale": 1.5}
            drawn[name] = await browser.calc_fig(figure, opts=options)


def _colour(role: str) -> str:
    return light_colours().get(role, "#888888")


def _faded(role: str, opacity: float) -> str:
    red, green, blue = (int(_colour(role)[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _paint_trace(trace: dict[str, Any]) -> None:
    role = trace.pop("meta", "ink")
    colours = [_colour(one) for one in role] if isinstance(role, list | tuple) else _colour(role)
    if trace["type"] == "bar" or "markers" in trace.get("mode", ""):
        marker = trace.setdefault("marker", {})
        marker["color"] = colours
        if "pattern" in marker:
            marker["pattern"]["fgcolor"] = _colour("paper")
    if "lines" in trace.get("mode", ""):
        trace["line"] = {**trace.get("line", {}), "color": colours if isinstance(colours, str) else colours[0]}


def _paint_shape(shape: dict[str, Any]) -> None:
    role = str(shape.pop("name", "ink")).replace("surge-", "origin-")
    if role.startswith("cap-"):
        shape["fillcolor"] = _colour(role.removeprefix("cap-"))
    elif role.startswith("event-"):
        if shape["type"] == "line":
            shape["line"] = {"color": _colour("event"), "width": 1.5, "dash": "dot"}
        else:
            shape["fillcolor"] = _faded("event", _EVENT_SHADE)
    else:
        shape["fillcolor"] = _faded(role, _SHADES.get(role, _SURGE_SHADE))


def _paint_note(note: dict[str, Any], left: float) -> None:
    role = note.get("name", "")
    size = {"row-title": 14, "event-label": 11.5}.get(role, 12)
    is_soft = role in ("event-label", "unknown-label")
    colour = _colour("drop" if role == "drop-label" else "soft" if is_soft else "ink")
    note["font"] = {"size": size, "color": colour}
    if role == "row-title":
        note["xshift"] = -left
    if role in ("surge-label", "drop-label"):
        note |= {"bgcolor": _colour("paper"), "borderpad": 1}


def _place_labels(layout: dict[str, Any], first: str, last: str) -> list[dict[str, Any]]:
    """The notes without the event labels that find no room: the most telling first."""
    begin, end = (datetime.date.fromisoformat(day) for day in (first, last))
    width = WIDTH - layout["margin"]["l"] - layout["margin"]["r"]
    taken: list[tuple[float, float]] = []
    kept = []
    for note in layout.get("annotations", ()):
        if note.get("name") == "event-label":
            day = datetime.date.fromisoformat(str(note["x"])[:10])
            text = note["text"] if len(note["text"]) <= _LONGEST_LABEL else note["text"][: _LONGEST_LABEL - 1] + "…"
            length = len(text) * _LETTER_WIDTH
            place = (day - begin) / (end - begin) * width
            left = min(place, width - length)
            is_free = all(left + length <= start - 8 or left >= stop + 8 for start, stop in taken)
            if day < begin or left < 0 or not is_free:
                continue
            taken.append((left, left + length))
            note.update(text=text, xshift=left - place)
        elif note.get("xref") == "x" and not first <= str(note["x"])[:10] <= last:
            continue
        kept.append({name: value for name, value in note.items() if name != "name"})
    return kept


def _months(first: str, last: str, language: str) -> dict[str, Any]:
    """The first day of each month shown, in words: Plotly's own are English where no page gives it others."""
    days = []
    day = datetime.date.fromisoformat(first).replace(day=1)
    while day.isoformat() <= last:
        days.append(day)
        day = (day + datetime.timedelta(days=31)).replace(day=1)
    shown = [day for day in days if day.isoformat() >= first]
    return {
        "tickmode": "array",
        "tickvals": [day.isoformat() for day in shown],
        "ticktext": [str(format_date(day, "LLL y", locale=language)) for day in shown],
    }


def _add_key(traces: list[dict[str, Any]], layout: dict[str, Any], title: str) -> None:
    """The site's name above, the words of origins below; the page has both around the chart."""
    named: set[str] = set()
    for trace in traces:
        trace["showlegend"] = trace["type"] == "bar" and trace["name"] not in named
        named.add(trace["name"])
    layout["showlegend"] = True
    layout["margin"] = {**layout["margin"], "t": layout["margin"]["t"] + _TITLE_HEIGHT,
                        "b": layout["margin"]["b"] + _KEY_HEIGHT}  # fmt: skip
    layout["height"] += _TITLE_HEIGHT + _KEY_HEIGHT
    layout["title"] = {"text": f"<b>{plain(cut(title, MOST_LETTERS * 2))}</b>", "x": 0, "xref": "container", "y": 1,
                       "yref": "container", "yanchor": "top", "pad": {"l": 8, "t": 10},
                       "font": {"size": 17, "color": _colour("ink")}}  # fmt: skip
    layout["legend"] = {"orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yref": "container", "yanchor": "bottom",
                        "font": {"color": _colour("soft")}, "traceorder": "normal"}  # fmt: skip


def _heights(traces: list[dict[str, Any]], first: str, last: str) -> dict[str, float]:
    """Top of each row's axis: what is shown fills it, whatever came before."""
    sums: dict[str, dict[str, float]] = {}
    for trace in traces:
        axis = sums.setdefault("yaxis" + trace.get("yaxis", "y")[1:], {})
        for day, value in zip(trace["x"], trace["y"], strict=True):
            if value is not None and first <= str(day)[:10] <= last:
                before = axis.get(str(day), 0.0)
                axis[str(day)] = before + value if trace["type"] == "bar" else max(before, value)
    return {axis: max(days.values(), default=0.0) * 1.12 or 1.0 for axis, days in sums.items()}
