"""The client summary: plain words that follow the findings, no statistics, nobody named; and a site's first page."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from reports.data import read_portfolio, read_sites
from reports.first_page import describe_first_page, find_surge_start, find_title
from reports.incident_data import read_incidents
from reports.incident_views import IncidentView
from reports.messages import LANGUAGES, say
from reports.sentences import Speaker
from reports.summary_page import choose_incident, render_summary, summarize
from reports.views import Event, SiteView
from tests.reports.invented_incident import DROP_ID, TRACKER_DROP_ID
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    HOSTILE_SITE,
    LINKS_ONLY,
    RANKINGS_ONLY,
)

Material = dict[str, tuple[SiteView, tuple[IncidentView, ...]]]
SITES = (EVERYTHING, LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE)


@pytest.fixture(scope="module")
def material(warehouse_file: Path) -> Material:
    with duckdb.connect(str(warehouse_file), read_only=True) as connection:
        views = list(read_sites(connection, read_portfolio(connection, as_of=AS_OF).sites, as_of=AS_OF))
        found = read_incidents(connection, views)
        return {view.site.site_domain: (view, incidents) for view, incidents in zip(views, found, strict=True)}


def say_all(view: SiteView, incidents: tuple[IncidentView, ...], language: str = "en") -> str:
    said = summarize(view, incidents, Speaker(language))
    return " ".join((*said.happened, *said.sure, *said.do, *said.ask))


def test_one_fall_is_told_once_by_its_clicks(material: Material) -> None:
    view, incidents = material[EVERYTHING]
    chosen = choose_incident(view, incidents)
    assert chosen is not None
    assert chosen.drop.drop_id == DROP_ID
    said = summarize(view, incidents, Speaker("en"))
    assert said.happened[0].endswith("the site has lost about half of its visitors from the search engine.")
    assert "in August 2026, many websites began to link to it at once" in " ".join(said.happened)
    assert said.sure[0] == "That these links have to do with it is likely."
    assert any("around August 2026" in line for line in said.ask)


def test_a_drop_that_is_over_is_told_as_over(material: Material) -> None:
    view, incidents = material[EVERYTHING]
    back = AS_OF - datetime.timedelta(days=10)
    over = tuple(replace(one, drop=replace(one.drop, recovered_on=back, is_active=True)) for one in incidents)
    assert "They were back on" in say_all(view, over)
    long_ago = AS_OF - datetime.timedelta(days=200)
    gone = tuple(replace(one, drop=replace(one.drop, recovered_on=long_ago, is_active=False)) for one in incidents)
    assert choose_incident(view, gone) is None


@pytest.mark.parametrize(
    ("probability", "word"), [(0.9, "very likely"), (0.72, "likely"), (0.4, "possible"), (0.1, "unlikely")]
)
def test_how_sure_is_a_word(material: Material, probability: float, word: str) -> None:
    view, incidents = material[EVERYTHING]
    causes = tuple(
        replace(cause, probability=probability if cause.cause == "links" else 0.01) for cause in incidents[0].causes
    )
    said = say_all(view, tuple(replace(one, causes=causes) for one in incidents))
    assert f"That these links have to do with it is {word}." in said
    assert ("Do not buy, swap or place links" in said) == (word != "unlikely")


def test_without_links_the_best_explanation_is_told(material: Material) -> None:
    view, incidents = material[RANKINGS_ONLY]
    said = say_all(view, incidents)
    assert "Most fitting is a change that the search engine made for everyone; that is possible." in said
    assert "links" not in said


def test_a_calm_site_asks_nothing(material: Material) -> None:
    view, _ = material[EVERYTHING]
    said = summarize(make_calm(view), (), Speaker("en"))
    assert said.happened == (
        "We found no lasting loss of visitors from the search engine.",
        "We found nothing unusual in the links to the site.",
    )
    assert said.sure == ("There is nothing to explain at the moment.",)
    assert said.ask == ("Nothing for now.",)


def make_calm(view: SiteView) -> SiteView:
    site, events = replace(view.site, tier="low"), tuple(one for one in view.events if one.kind != "manual_action")
    return replace(view, site=site, surges=(), drops=(), events=events)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("trouble", "key"),
    [("action", "summary.action"), ("bought", "summary.links_now"), ("spam", "summary.links_now.spam"),
     ("unknown", "summary.links_now.unknown"), ("drop", "summary.unclear_drop"), ("high", "summary.risk.high"),
     ("severe", "summary.risk.severe")],
)  # fmt: skip
def test_what_stands_or_runs_is_never_called_calm(material: Material, trouble: str, key: str, language: str) -> None:
    view, calm = material[EVERYTHING][0], make_calm(material[EVERYTHING][0])
    since = AS_OF - datetime.timedelta(days=300)
    action = Event(kind="manual_action", name="Links", starts_on=since, ends_on=None, scope=None, source="team")
    if trouble == "action":
        troubled = replace(calm, events=(action, *calm.events))
    elif trouble == "drop":
        troubled = replace(calm, drops=(replace(view.drops[0], is_active=True, is_confirmed=False),))
    elif trouble in ("high", "severe"):
        troubled = replace(calm, site=replace(calm.site, tier=trouble))
    else:
        surge = replace(view.surges[0], surge_id="running", origin=trouble, is_active=True)
        troubled = replace(calm, surges=(surge,))
    untested = tuple(series for series in view.assessed if series.kind != "drop")
    for found in (troubled, replace(troubled, assessed=untested)):  # also where rankings could not be tested
        said = say_all(found, (), language)
        assert say(key, language, starts_on=since) in said
        assert say("summary.sure.note", language) in said
        assert say("summary.calm.links", language) not in said
        assert say("summary.sure.nothing", language) not in said
        assert (say("summary.ask.stop", language) in said) == (trouble == "bought")
        assert (say("summary.do.action", language) in said) == (trouble == "action")
    ended = replace(calm, events=(replace(action, ends_on=AS_OF - datetime.timedelta(days=1)),))
    assert say("summary.calm.links", language) in say_all(ended, (), language)


def test_a_standing_measure_is_told_beside_a_drop(material: Material) -> None:
    view, incidents = material[EVERYTHING]
    action = Event(kind="manual_action", name="Links", starts_on=AS_OF - datetime.timedelta(days=300), ends_on=None,
                   scope=None, source="team")  # fmt: skip
    known = replace(view, events=(action, *view.events))
    said = say_all(known, tuple(replace(one, site=known) for one in incidents))
    assert "A measure that the search engine took by hand stands against the site" in said
    assert "We prepare the request" in said
    assert "without a message" not in said


def test_what_is_not_known_is_not_called_calm(material: Material) -> None:
    for site in (EMPTY, LINKS_ONLY):
        view, incidents = material[site]
        said = say_all(view, incidents)
        assert "too little to say" in said
        assert "no lasting loss" not in said
        assert "Give us access" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", SITES)
def test_no_statistics_no_other_domain_no_jargon(material: Material, site: str, language: str) -> None:
    view, incidents = material[site]
    page = render_summary(view, incidents, Speaker(language))
    main = page[page.index("<main") : page.index("</main>")]
    text = re.sub(r"<[^>]+>", " ", main)
    assert re.findall(r"[\w-]+\.(?:example|nl|com)\b", text) == [site]
    assert not re.search(r"\d[,.]\d|%|\bp\b|probabilit|\bkans", text)
    jargon = r"referring domain|verwijzend|surge|golf|visibility|zichtbaarheid|anchor|disavow|placebo|verdict"
    assert not re.search(jargon, text, re.IGNORECASE)
    assert "script" not in text


def test_a_tracker_alone_speaks_of_places(material: Material) -> None:
    view, incidents = material[EVERYTHING]
    tracker = tuple(one for one in incidents if one.drop.drop_id == TRACKER_DROP_ID)
    assert "stands lower in the search results" in say_all(view, tracker)


def test_the_first_page_names_reports_and_a_date(material: Material) -> None:
    view, _ = material[LINKS_ONLY]
    short = tuple(
        replace(row, status="insufficient_history", tested_from_on=None, tested_until_on=None, history_days=30)
        for row in view.assessed
        if row.provider == "ahrefs_backlinks"
    )
    block = describe_first_page(replace(view, assessed=short), Speaker("en"))
    assert block is not None
    assert block.origins[0] == "Ahrefs backlinks knows 52 websites that link to the site."
    assert any("Search Console performance: days" in line for line in block.add)
    assert any(line.startswith("Ahrefs Backlinks once more, from 16 Nov 2026 on") for line in block.add)
    assert any("from 27 Nov 2026, with an export of that day or later" in line for line in block.when)
    assert any("Semrush backlinks, which gives no dates" in line for line in block.when)
    assert "Whether links came in a rush" in " ".join(block.cannot)


def test_a_site_with_a_history_has_no_first_page(material: Material) -> None:
    assert describe_first_page(material[EVERYTHING][0], Speaker("en")) is None
    assert describe_first_page(material[EMPTY][0], Speaker("en")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_stands_on_the_page_of_the_site(report: Path, language: str) -> None:
    page = (report / f"sites/{LINKS_ONLY}/{language}/index.html").read_text(encoding="utf-8")
    assert 'id="first"' in page
    assert 'id="first"' not in (report / f"sites/{EVERYTHING}/{language}/index.html").read_text(encoding="utf-8")


def test_surge_detection_starts_when_six_weeks_are_known() -> None:
    assert find_surge_start(datetime.date(2026, 11, 15), 30) == datetime.date(2026, 11, 27)
    assert find_surge_start(datetime.date(2026, 11, 15), 60) == datetime.date(2026, 11, 15)


def test_reports_are_named_as_in_the_list_of_sources() -> None:
    sources = (Path(__file__).parents[2] / "docs/sources.md").read_text(encoding="utf-8")
    for provider in ("ahrefs_backlinks", "semrush_audit", "search_console", "majestic_backlinks"):
        assert f"### {find_title(provider)}" in sources
