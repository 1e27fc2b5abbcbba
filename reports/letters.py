"""Drafts to letters: plain text for chat, simple HTML for e-mail, and the charts of their sites."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb
import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.addresses import name_folder
from reports.channels import Letter, Picture
from reports.data import read_portfolio, read_site
from reports.digest import Draft
from reports.messages import say
from reports.pictures import PICTURE_DAYS, draw_site

Chart = tuple[str, str]
"""Site and language of a chart."""


def draw_figures(connection: duckdb.DuckDBPyConnection, drafts: Sequence[Draft]) -> dict[Chart, go.Figure | None]:
    """The charts that the drafts ask for, as far as there is anything to draw; those of the first drafts first.

    One that cannot be drawn is None: whatever is wrong with a chart, its message goes out.
    """
    wanted = dict.fromkeys(chart for draft in drafts for chart in draft.pictured)
    figures: dict[Chart, go.Figure | None] = {}
    try:
        night = connection.execute("SELECT max(day) FROM risk.site_risk").fetchall()[0][0]
        if not wanted or night is None:
            return {}
        rows = {row.site_domain: row for row in read_portfolio(connection, as_of=night).sites}
    except Exception:
        return dict.fromkeys(wanted)
    for site, language in wanted:
        if site in rows:
            try:
                figure = draw_site(read_site(connection, rows[site], as_of=night), language)
            except Exception:
                figures[site, language] = None
            else:
                figures |= {(site, language): figure} if figure is not None else {}
    return figures


def make_letter(
    draft: Draft, *, wanted: Collection[Chart], drawn: Mapping[Chart, bytes], problem: str | None, most_seconds: float
) -> Letter:
    """The letter with the charts that were drawn; it says which come along, and why others do not.

    Args:
        draft: what it says.
        wanted: the charts there is something to draw of.
        drawn: PNGs of those that were drawn.
        problem: why some were not drawn, as :func:`reports.pictures.draw_pictures` says.
        most_seconds: how long they had.
    """
    charts = [chart for chart in draft.pictured if chart in wanted]
    ready = [chart for chart in charts if chart in drawn]
    notes = list(draft.notes)
    if ready:
        sites = ", ".join(site for site, _ in ready)
        notes.append(say("message.picture", draft.language, sites=sites, days=PICTURE_DAYS))
    if problem is not None and len(ready) < len(charts):
        notes.append(say(f"message.picture.{problem}", draft.language, seconds=most_seconds))
    full = dataclasses.replace(draft, notes=tuple(notes))
    return Letter(
        message_id=draft.message.message_id,
        subject=draft.subject,
        text=render_text(full),
        html=render_html(full),
        pictures=tuple(Picture(name=f"{name_folder(site)}.png", png=drawn[site, language]) for site, language in ready),
    )


def render_text(draft: Draft) -> str:
    """The message as plain text."""
    blocks = ["\n".join(draft.lead)]
    for item in draft.items:
        lines = [f"[{item.severity}] {item.headline}", *item.lines, item.owner]
        if item.address is not None:
            lines.append(say("message.link", draft.language, address=item.address))
        blocks.append("\n".join(lines))
    blocks += ["\n".join(draft.week), "\n".join(draft.notes), _foot(draft)]
    return "\n\n".join(block for block in blocks if block)


def render_html(draft: Draft) -> str:
    """The message as simple HTML; every value is escaped."""
    template = _environment().get_template("message.html.j2")
    return template.render(draft=draft, foot=_foot(draft), link_label=say("message.link.label", draft.language))


def render_notice(text: str, language: str) -> str:
    """A few sentences as simple HTML, escaped."""
    template = _environment().from_string('<html lang="{{ language }}"><body><p>{{ text }}</p></body></html>')
    return template.render(text=text, language=language)


@functools.cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _foot(draft: Draft) -> str:
    return say("message.foot", draft.language, message_id=draft.message.message_id)
