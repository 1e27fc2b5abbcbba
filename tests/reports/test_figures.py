"""What is drawn: rows that share one axis, findings and events in their place, light, and harmless text."""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any

import duckdb
import pytest

from reports.data import read_portfolio, read_site
from reports.figures import draw_lanes, draw_timeline, number_findings
from reports.sheet import plain, to_script_json
from reports.views import SiteView
from tests.reports.invented_rows import AS_OF, EMPTY, EVERYTHING, HOSTILE, HOSTILE_SITE


def read_view(warehouse: duckdb.DuckDBPyConnection, site_domain: str) -> SiteView:
    sites = {site.site_domain: site for site in read_portfolio(warehouse, as_of=AS_OF).sites}
    return read_site(warehouse, sites[site_domain], as_of=AS_OF)


def drawn(view: SiteView, language: str = "en") -> dict[str, Any]:
    figure = draw_timeline(view, language)
    assert figure is not None
    loaded: dict[str, Any] = json.loads(str(to_script_json(figure)))
    return loaded


def test_each_provider_has_its_own_row_and_all_follow_one_axis(warehouse: duckdb.DuckDBPyConnection) -> None:
    figure = drawn(read_view(warehouse, EVERYTHING))
    layout = figure["layout"]
    assert [layout[f"xaxis{row}"].get("matches") for row in ("", "2", "3", "4")] == [None, "x", "x", "x"]
    assert "xaxis5" not in layout
    titles = [note["text"] for note in layout["annotations"] if note["name"] == "row-title"]
    assert [title.split(" · ")[0] for title in titles] == [
        "Ahrefs backlinks", "Semrush Backlink Audit", "Search Console", "SE Ranking",
    ]  # fmt: skip
    bars = {(trace["yaxis"], trace["meta"]) for trace in figure["data"] if trace["type"] == "bar"}
    assert ("y", "origin-bought") in bars
    assert ("y2", "origin-bought") not in bars


def test_new_domains_of_a_row_add_up_to_the_series(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    bars = [trace for trace in drawn(view)["data"] if trace["type"] == "bar" and trace["yaxis"] == "y"]
    counted = sum(row.new_domain_count for row in view.link_days if row.provider == "ahrefs_backlinks")
    assert sum(sum(trace["y"]) for trace in bars) == counted


def test_findings_and_updates_stand_where_they_belong(warehouse: duckdb.DuckDBPyConnection) -> None:
    shapes = drawn(read_view(warehouse, EVERYTHING))["layout"]["shapes"]
    assert [(shape["x0"], shape["x1"], shape["yref"]) for shape in shapes if shape["name"] == "surge-bought"] == [
        ("2026-08-20", "2026-09-06", "y domain")
    ]
    assert {(shape["x0"], shape["yref"]) for shape in shapes if shape["name"] == "drop"} == {
        ("2026-09-25", "y3 domain"), ("2026-09-27", "y4 domain"),
    }  # fmt: skip
    updates = [shape for shape in shapes if shape["name"] == "event-update" and shape["x0"] == "2026-06-02"]
    assert {shape["yref"] for shape in updates} == {"y domain", "y2 domain", "y3 domain", "y4 domain"}
    assert {shape["x1"] for shape in updates} == {"2026-06-20"}
    breaks = [shape for shape in shapes if shape["name"] == "event-data_break"]
    assert {shape["type"] for shape in breaks} == {"line"}


def test_days_after_the_last_export_are_marked_as_unknown(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    ahrefs, audit = view.link_series
    late = (dataclasses.replace(ahrefs, ends_on=datetime.date(2026, 10, 1)), audit)
    shapes = drawn(dataclasses.replace(view, link_series=late))["layout"]["shapes"]
    unknown = [(shape["x0"], shape["x1"], shape["yref"]) for shape in shapes if shape["name"] == "unknown"]
    assert unknown == [("2026-10-02", "2026-11-16", "y domain")]


def test_without_series_nothing_is_drawn(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert draw_timeline(read_view(warehouse, EMPTY), "en") is None


def test_links_without_dates_leave_the_rankings_drawn(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    figure = drawn(dataclasses.replace(view, link_days=()))
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}


def test_ten_years_of_days_stay_small(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    row, point = view.link_days[0], view.visibility_days[0]
    days = [AS_OF - datetime.timedelta(days=number) for number in range(3650)]
    origins = ("natural", "bought", "spam", "unknown", "guest_post")
    long = dataclasses.replace(
        view,
        link_days=tuple(dataclasses.replace(row, day=when, origin=origin) for origin in origins for when in days),
        visibility_days=tuple(dataclasses.replace(point, day=when) for when in reversed(days)),
        link_series=tuple(
            dataclasses.replace(series, starts_on=days[-1]) for series in view.link_series
            if series.provider == row.provider
        ),
    )  # fmt: skip
    assert len(json.dumps(drawn(long))) < 300_000


def test_what_plotly_reads_as_markup_is_made_plain(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert plain("a\u202eb\x07\u2069\tc") == "a\ufffdb\ufffd\ufffd\tc"
    assert plain("<b>50%{x}</b> &") == "&lt;b&gt;50%\u200b{x}&lt;/b&gt; &amp;"
    view = read_view(warehouse, HOSTILE_SITE)
    figure = draw_timeline(view, "en")
    assert figure is not None
    text = str(to_script_json(figure))
    assert not set("<>&") & set(text)
    names = [note["text"] for note in json.loads(text)["layout"]["annotations"]]
    assert not any("<script" in name or "<img" in name for name in names)
    assert any("&lt;script" in name for name in names)
    assert any(HOSTILE in event.name for event in view.events)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_lanes_show_sites_with_findings_highest_risk_first(warehouse: duckdb.DuckDBPyConnection, language: str) -> None:
    view = read_portfolio(warehouse, as_of=AS_OF)
    sites = [site.site_domain for site in view.sites]
    figure = draw_lanes(sites, view.findings, view.events, AS_OF, language)
    assert figure is not None
    loaded = json.loads(str(to_script_json(figure)))
    assert loaded["layout"]["yaxis"]["ticktext"] == [EVERYTHING, "links-only.example", "rankings-only.example"]
    assert {trace["meta"] for trace in loaded["data"]} == {"drop", "origin-bought", "origin-spam", "origin-exchanged"}
    assert draw_lanes(sites, [], view.events, AS_OF, language) is None


def test_findings_are_numbered_oldest_first(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    names = number_findings(view.surges, "S")
    by_name = {names[surge.surge_id]: surge.starts_on for surge in view.surges}
    assert by_name == {"S1": datetime.date(2026, 8, 20), "S2": datetime.date(2026, 10, 30)}
