"""Charts as PNG: painted from the style sheet, drawn by one browser, and never in a message's way."""

from __future__ import annotations

import shutil
import struct
import time
from pathlib import Path
from typing import Any

import duckdb
import plotly.graph_objects as go
import pytest

from reports import pictures
from reports.data import read_portfolio, read_site
from reports.pictures import WIDTH, draw_pictures, draw_site, light_colours
from reports.views import SiteView
from tests.reports.invented_rows import AS_OF, EVERYTHING, HOSTILE_SITE

needs_chromium = pytest.mark.skipif(
    not shutil.which("chromium"), reason="no Chromium; apt-get install --no-install-recommends chromium"
)


@pytest.fixture(scope="module")
def views(warehouse_file: Path) -> dict[str, SiteView]:
    with duckdb.connect(str(warehouse_file), read_only=True) as connection:
        rows = {row.site_domain: row for row in read_portfolio(connection, as_of=AS_OF).sites}
        return {site: read_site(connection, rows[site], as_of=AS_OF) for site in (EVERYTHING, HOSTILE_SITE)}


def strings(value: Any) -> list[str]:
    """Every text in a figure."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


def test_colours_are_those_of_the_light_page() -> None:
    colours = light_colours()
    assert {"paper", "ink", "drop", "origin-bought", "event", "unknown", "visibility"} <= set(colours)
    assert all(len(colour) == 7 for colour in colours.values())


def test_every_role_has_become_a_colour_and_only_the_last_half_year_is_shown(views: dict[str, SiteView]) -> None:
    figure = draw_site(views[EVERYTHING], "nl")
    assert figure is not None
    drawn = figure.to_plotly_json()
    colours = set(light_colours().values())
    bars = [trace for trace in drawn["data"] if trace["type"] == "bar"]
    assert bars and all(trace["marker"]["color"] in colours for trace in bars)
    assert all(shape.get("fillcolor") or shape.get("line") for shape in drawn["layout"]["shapes"])
    first, last = drawn["layout"]["xaxis"]["range"]
    assert (last > first) and first >= "2026-05-01"
    assert "okt 2026" in drawn["layout"]["xaxis"]["ticktext"]
    assert drawn["layout"]["title"]["text"] == f"<b>{EVERYTHING}</b>"


def test_text_of_others_stays_text(views: dict[str, SiteView]) -> None:
    figure = draw_site(views[HOSTILE_SITE], "en")
    texts = strings(figure.to_plotly_json()) if figure is not None else []
    assert not any("<script" in text or "<img" in text for text in texts)


@needs_chromium
def test_one_browser_draws_several_pictures(views: dict[str, SiteView]) -> None:
    figures = {language: draw_site(views[EVERYTHING], language) for language in ("en", "nl")}
    drawn, problem = draw_pictures({name: one for name, one in figures.items() if one is not None}, most_seconds=60)
    assert problem is None
    assert set(drawn) == {"en", "nl"}
    for png in drawn.values():
        assert png.startswith(b"\x89PNG")
        width, _ = struct.unpack(">II", png[16:24])
        assert width >= WIDTH


def test_without_a_browser_there_is_a_reason_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    assert draw_pictures({"a": go.Figure()}, most_seconds=5) == ({}, "absent")
    assert draw_pictures({}, most_seconds=5) == ({}, None)


@pytest.mark.parametrize(("behaviour", "problem"), [("hangs", "late"), ("breaks", "failed")])
def test_browser_that_hangs_or_breaks_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, behaviour: str, problem: str
) -> None:
    class Browser:
        def __init__(self, **options: Any) -> None:
            pass

        async def __aenter__(self) -> Browser:
            return self

        async def __aexit__(self, *error: object) -> None:
            pass

        async def calc_fig(self, figure: go.Figure, opts: dict[str, Any]) -> bytes:
            if figure.layout.height == 100:
                return b"drawn"
            if behaviour == "hangs":
                time.sleep(1)  # a browser that blocks the loop
            raise RuntimeError("broken")

    monkeypatch.setattr("reports.pictures.kaleido.Kaleido", Browser)
    figures = {"first": go.Figure(layout={"height": 100}), "second": go.Figure(layout={"height": 200})}
    if behaviour == "hangs":
        monkeypatch.setattr(pictures, "SLACK_SECONDS", 0.0)
    drawn, why = draw_pictures(figures, most_seconds=0.3 if behaviour == "hangs" else 5)
    assert (drawn, why) == ({"first": b"drawn"}, problem)
