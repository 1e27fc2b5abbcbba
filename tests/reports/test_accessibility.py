"""Every kind of page by the rules of WCAG 2.2 AA, as axe-core knows them, and the way through the report by keyboard.

The strict Content-Security-Policy stays in force: the rules are evaluated from outside the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.reports.invented_incident import DROP_ID
from tests.reports.invented_rows import EMPTY, EVERYTHING, HOSTILE_SITE, LINKS_ONLY, RANKINGS_ONLY
from tests.reports.reader import NARROW, WIDE, Reader, serve

axe = pytest.importorskip("axe_playwright_python.base", reason="needs axe-playwright-python")

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,  # the style sheet is the page's own: nothing to fetch again
}
INCIDENT = f"sites/{EVERYTHING}/{{}}/incident-{DROP_ID}.html"
PAGES = (
    "internal/{}/index.html", "internal/{}/network.html", "internal/{}/quality.html", INCIDENT,
    f"sites/{EVERYTHING}/{{}}/data.html", f"sites/{EVERYTHING}/{{}}/dossier-{DROP_ID}.html",
    f"sites/{EVERYTHING}/{{}}/summary.html",
    *(f"sites/{site}/{{}}/index.html" for site in (EVERYTHING, LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE)),
)  # fmt: skip
MOST_TABS = 150


def violations(page: Any, name: str) -> list[str]:
    """What breaks a rule: page, rule, where, and what axe says of it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [
        f"{name}: {broken['id']} at {node['target']}: {node['failureSummary']}"
        for broken in found
        for node in broken["nodes"]
    ]


def open_whole(reader: Reader, address: Path | str) -> Any:
    """The page with its charts, if it has any, drawn."""
    page = reader.open(address, has_chart=False)
    if page.locator("[data-figure]").count():
        page.wait_for_selector("[data-drawn]", timeout=30_000)
    return page


@pytest.mark.parametrize(
    ("width", "scheme", "language"), [(WIDE, "light", "en"), (NARROW, "dark", "nl")], ids=["wide", "narrow"]
)
def test_no_page_breaks_a_rule_or_speaks_or_asks_outside(
    browser: Any, report: Path, width: int, scheme: str, language: str
) -> None:
    """Each theme, width and language once on each page; colours depend on the theme alone, the layout on the width."""
    broken: list[str] = []
    with serve(report) as home, Reader(browser, width=width, scheme=scheme) as reader:
        place = home if width == WIDE else report.as_uri()
        for name in PAGES:
            page = open_whole(reader, f"{place}/{name.format(language)}")
            broken += violations(page, name)
            assert page.evaluate("window.hacked") is None, name
        assert broken == []
        assert reader.said == []
        assert [url for url in reader.asked if not url.startswith((place, "data:"))] == []


def test_no_page_breaks_a_rule_on_paper(browser: Any, report: Path) -> None:
    """Pages that are sent or filed, printed by somebody who reads in the dark."""
    broken: list[str] = []
    with Reader(browser, width=900, scheme="dark") as reader:
        reader.page.emulate_media(media="print")
        for name in (INCIDENT, *(name for name in PAGES if "dossier" in name or "summary" in name or EMPTY in name)):
            broken += violations(open_whole(reader, report / name.format("en")), name)
    assert broken == []


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until what ``selector`` names has the focus, which must be seen on it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none", f"{selector}: no outline"
            return
    raise AssertionError(f"{selector} has no focus after {MOST_TABS} times Tab")


def test_the_way_from_the_portfolio_to_an_incident_needs_no_mouse(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = open_whole(reader, report / "internal/en/index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main", "first a way past the masthead"
        page.keyboard.press("Enter")
        tab_to(page, f"main a[href$='sites/{EVERYTHING}/en/index.html']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/sites/{EVERYTHING}/en/index.html")
        tab_to(page, f"main a[href*='incident-{DROP_ID}.html']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/sites/{EVERYTHING}/en/incident-{DROP_ID}.html")
        assert EVERYTHING in page.locator("h1").inner_text() or EVERYTHING in page.title()
        assert page.locator("h2").count() >= 3
        assert reader.said == []


def test_every_drawing_is_one_picture_with_the_words_of_its_figure(browser: Any, report: Path) -> None:
    with Reader(browser) as reader:
        page = open_whole(reader, report / INCIDENT.format("nl"))
        figures = page.locator("figure.chart")
        for place in range(figures.count()):
            label = figures.nth(place).get_attribute("aria-label")
            pictures = figures.nth(place).locator("svg.main-svg[role=img]")
            assert pictures.count() == 1
            assert pictures.get_attribute("aria-label") == label
            others = figures.nth(place).locator("svg.main-svg:not([role=img])")
            assert set(others.evaluate_all("all => all.map(one => one.getAttribute('aria-hidden'))")) <= {"true"}
        assert figures.count() >= 2
