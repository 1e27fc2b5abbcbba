"""Pages in a real browser: drawn, quiet, closed to the outside, readable on a phone and in the dark."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from reports.messages import say
from tests.reports.invented_incident import DROP_ID
from tests.reports.invented_rows import EMPTY, EVERYTHING, HOSTILE_SITE, LINKS_ONLY, RANKINGS_ONLY, SHOWN_HOSTILE
from tests.reports.reader import NARROW, WIDE, Reader, serve

pytestmark = pytest.mark.browser

SITES = (EVERYTHING, LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE)
INCIDENT = f"sites/{EVERYTHING}/{{}}/incident-{DROP_ID}.html"
NAMES = (
    "internal/{}/index.html", "internal/{}/network.html", "internal/{}/quality.html",
    f"sites/{EVERYTHING}/{{}}/data.html",
    INCIDENT, f"sites/{EVERYTHING}/{{}}/summary.html",
    *(f"sites/{site}/{{}}/index.html" for site in SITES),
)  # fmt: skip
CHARTS = {"internal/{}/index.html", INCIDENT, *(f"sites/{site}/{{}}/index.html" for site in SITES if site != EMPTY)}


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(WIDE, "dark", "nl"), (NARROW, "light", "en")],  # the other two: test_accessibility.py
)
def test_pages_are_drawn_quiet_and_closed(browser: Any, report: Path, width: int, scheme: str, language: str) -> None:
    with Reader(browser, width=width, scheme=scheme) as reader:
        for name in NAMES:
            page = reader.open(report / name.format(language), has_chart=name in CHARTS)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.evaluate("window.hacked") is None, name
            assert page.locator("[data-run-text]").inner_text().endswith("UTC"), name
            if name in CHARTS:
                marks = page.locator("[data-figure] .points path, [data-figure] path.js-line")
                drawn = marks.evaluate_all("paths => paths.filter(path => path.getAttribute('d').length > 10).length")
                assert drawn > 0, name
        assert reader.said == []
        assert [url for url in reader.asked if not url.startswith(("file:", "data:"))] == []


def test_every_row_of_the_chart_follows_one_zoom(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = reader.open(report / f"sites/{EVERYTHING}/en/index.html", has_chart=True)
        ranges = """() => ["", 2, 3, 4].map(
            row => document.querySelector(".js-plotly-plot")._fullLayout["xaxis" + row].range.map(String))"""
        before = page.evaluate(ranges)
        page.get_by_role("button", name="3 months").click()
        after = page.evaluate(ranges)
        assert before[0] != after[0]
        assert len({tuple(span) for span in after}) == 1
        assert page.get_by_role("button", name="3 months").get_attribute("aria-pressed") == "true"


def test_chart_offers_no_upload(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = reader.open(report / f"sites/{EVERYTHING}/en/index.html", has_chart=True)
        titles = page.locator(".modebar-btn").evaluate_all("buttons => buttons.map(b => b.dataset.title || '')")
        assert titles
        assert not any(word in title.lower() for title in titles for word in ("share", "cloud", "plotly"))


def test_theme_switch_recolours_and_is_remembered(browser: Any, report: Path) -> None:
    ink = "getComputedStyle(document.querySelector('[data-figure] path.js-line')).stroke"
    with Reader(browser) as reader:
        page = reader.open(report / f"sites/{EVERYTHING}/en/index.html", has_chart=True)
        light = page.evaluate(ink)
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Light / dark").click()
        page.wait_for_function(f"{ink} !== '{light}'")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper
        page = reader.open(report / "internal/nl/quality.html", has_chart=False)
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_paper_is_light_and_event_labels_do_not_overlap(browser: Any, report: Path) -> None:
    with Reader(browser, width=900, scheme="dark") as reader:
        page = reader.open(report / f"sites/{EVERYTHING}/en/index.html", has_chart=True)
        boxes = page.evaluate(
            """() => [...document.querySelectorAll(".annotation-text")]
                .filter(text => /update|ended/.test(text.textContent))
                .map(text => text.getBoundingClientRect()).map(box => [box.left, box.right])"""
        )
        assert len(boxes) > 1
        assert all(one[1] < other[0] for one, other in itertools.pairwise(sorted(boxes)))
        assert max(box[1] for box in boxes) <= page.locator(".main-svg").first.bounding_box()["x"] + page.evaluate(
            "document.querySelector('.main-svg').clientWidth"
        )
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_language_switch_keeps_the_place(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = reader.open(report / f"sites/{LINKS_ONLY}/en/index.html", has_chart=True)
        page.locator("a[hreflang=nl]").click()
        page.wait_for_url(f"**/sites/{LINKS_ONLY}/nl/index.html")
        assert page.locator("html").get_attribute("lang") == "nl"
        headings = page.locator("h2").all_inner_texts()
        assert any(heading.startswith(say("site.time", "nl")) for heading in headings)


def test_first_page_forwards(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        reader.open(report / "index.html", has_chart=False)
        reader.page.wait_for_url("**/internal/en/index.html")
        assert reader.page.locator("h1").inner_text() == say("portfolio.title", "en")


def test_hostile_text_is_read_as_text(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = reader.open(report / f"sites/{HOSTILE_SITE}/en/index.html", has_chart=True)
        assert page.locator("q").first.inner_text() == SHOWN_HOSTILE
        assert page.locator("main img, main script:not([type='application/json'])").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
        assert page.evaluate("window.hacked") is None


def test_without_script_every_figure_is_in_a_table(browser: Any, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / f"sites/{EVERYTHING}/en/index.html").as_uri())
    assert page.get_by_text(say("figure.loading", "en")).first.is_visible()
    page.get_by_text(say("figure.table", "en")).first.click()
    assert page.get_by_role("rowheader", name="1 Aug 2026 – 31 Aug 2026").first.is_visible()
    context.close()


def test_policy_holds_over_http_as_well(browser: Any, report: Path) -> None:
    with serve(report) as home, Reader(browser) as reader:
        page = reader.open(f"{home}/sites/{EVERYTHING}/en/index.html", has_chart=True)
        injected = """() => { const script = document.createElement("script");
            script.textContent = "window.hacked = 1"; document.body.append(script); return window.hacked; }"""
        assert reader.said == []
        assert page.evaluate(injected) is None
        assert [url for url in reader.asked if not url.startswith((home, "data:"))] == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_summary_is_one_sheet_of_paper(browser: Any, report: Path, language: str) -> None:
    with Reader(browser) as reader:
        for site in SITES:
            page = reader.open(report / f"sites/{site}/{language}/summary.html", has_chart=False)
            printed = page.pdf(format="A4", prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, site


def test_every_chart_of_an_incident_has_data_and_a_table(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = reader.open(report / INCIDENT.format("en"), has_chart=True)
        page.wait_for_function("document.querySelectorAll('[data-drawn]').length === 3", timeout=30_000)
        for name in ("incident", "placebo", "pages"):
            plot = page.locator(f"[data-figure='figure-{name}']")
            assert plot.locator(".trace path").count() > 0, name
            assert page.locator(f"figure:has([data-figure='figure-{name}']) ~ details table").count() > 0, name
        assert not [line for line in reader.said if line.startswith("error")]
