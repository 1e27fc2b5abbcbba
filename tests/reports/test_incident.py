"""The page of an incident: what it lists, what it says of each finding, and what it must never say."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from markupsafe import escape

from reports.data import read_portfolio, read_site
from reports.incident_data import MOST_INCIDENTS, list_incidents, read_incidents
from reports.incident_figures import compare_weeks, draw_incident, draw_pages, draw_placebo
from reports.incident_page import render_incident
from reports.incident_sentences import list_checks, open_incident
from reports.incident_tests import list_tests
from reports.incident_views import IncidentView
from reports.likelihood import name_likelihood
from reports.messages import LANGUAGES
from reports.sentences import Speaker
from reports.views import Event, SiteView
from tests.reports.invented_incident import DROP_ID, P_TIME_SHIFT, SURGE_ID, TRACKER_DROP_ID
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    HOSTILE,
    HOSTILE_SITE,
    LINKS_ONLY,
    RANKINGS_ONLY,
    SHOWN_HOSTILE,
    day,
)
from transforms.correlation.cause_calibration import load_calibration, render_calibration
from transforms.schemas.vocabulary import CAUSES, VERDICTS

ENGLISH = Speaker("en")


def read_view(connection: duckdb.DuckDBPyConnection, site_domain: str) -> SiteView:
    portfolio = read_portfolio(connection, as_of=AS_OF)
    return read_site(connection, next(s for s in portfolio.sites if s.site_domain == site_domain), as_of=AS_OF)


@pytest.fixture(scope="module")
def incidents(warehouse_file: Path) -> dict[str, IncidentView]:
    """Every incident of the invented warehouse, by drop; not to be changed by a test."""
    with duckdb.connect(str(warehouse_file), read_only=True) as connection:
        views = [read_view(connection, site) for site in (EVERYTHING, RANKINGS_ONLY)]
        return {view.drop.drop_id: view for found in read_incidents(connection, views) for view in found}


@pytest.fixture
def incident(incidents: dict[str, IncidentView]) -> IncidentView:
    return incidents[DROP_ID]


@pytest.fixture
def without_surge(incidents: dict[str, IncidentView]) -> IncidentView:
    return incidents[TRACKER_DROP_ID]


def test_incidents_stand_alone_and_are_confirmed_or_of_the_whole_site(incident: IncidentView) -> None:
    view = incident.site
    base = view.drops[0]
    changes: list[dict[str, object]] = [
        {"drop_id": "part", "part_of_drop_id": base.drop_id},
        {"drop_id": "page", "segment": "page:/a/", "is_confirmed": False},
        {"drop_id": "sure", "segment": "page:/b/", "is_confirmed": True},
        {"drop_id": "old", "starts_on": AS_OF - datetime.timedelta(days=401)},
        {"drop_id": "new", "starts_on": AS_OF - datetime.timedelta(days=1), "is_confirmed": False},
    ]
    view = replace(view, drops=tuple(replace(base, **change) for change in changes))  # type: ignore[arg-type]
    assert [drop.drop_id for drop in list_incidents(view)] == ["new", "sure"]
    many = tuple(
        replace(base, drop_id=f"{number:02d}", starts_on=AS_OF - datetime.timedelta(days=number))
        for number in range(20)
    )
    listed = list_incidents(replace(view, drops=many))
    assert [drop.drop_id for drop in listed] == [f"{number:02d}" for number in range(MOST_INCIDENTS)]


def test_the_strongest_surge_argues_and_natural_ones_never_do(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO correlation.surge_drop_pairs BY NAME "
        "SELECT * REPLACE ('control' AS pair_id, 'natural' AS origin, 0.99 AS probability) "
        "FROM correlation.surge_drop_pairs"
    )
    found = {view.drop.drop_id: view for view in read_incidents(warehouse, [read_view(warehouse, EVERYTHING)])[0]}
    pair = found[DROP_ID].pair
    assert pair is not None
    assert (pair.surge_id, pair.origin) == (SURGE_ID, "bought")
    assert [control.pair_id for control in found[DROP_ID].controls] == ["control"]


def test_the_opening_says_what_changed_why_and_what_next(incident: IncidentView) -> None:
    changed, why, what_next = open_incident(incident, ENGLISH)
    assert re.fullmatch(
        r"Clicks from search in Search Console fell by 42% \(37% to 46%\), from 25 Sept? 2026. It has not recovered.",
        changed,
    )
    assert "36 days before, 172 more domains than usual" in why
    assert "consistent with the links: likely, probability 0.71 (0.55 to 0.83)" in why
    assert what_next.startswith("Ask who arranged links around 20 Aug 2026")


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_its_sentence(incident: IncidentView, verdict: str, language: str) -> None:
    assert incident.pair is not None
    view = replace(incident, pair=replace(incident.pair, verdict=verdict))
    speaker = Speaker(language)
    sentences = {open_incident(view, speaker)[1] for view in (view, incident)}
    assert len(sentences) == (1 if verdict == "links_likely" else 2)
    assert not speaker.unspoken


@pytest.mark.parametrize("cause", CAUSES)
def test_what_to_check_follows_the_first_cause(without_surge: IncidentView, cause: str) -> None:
    ranked = sorted(without_surge.causes, key=lambda found: found.cause != cause)
    causes = tuple(replace(found, probability=0.9 if place == 0 else 0.01) for place, found in enumerate(ranked))
    causes = causes if causes[0].cause == cause else (replace(causes[0], cause=cause), *causes[1:])
    view = replace(without_surge, causes=causes)
    checks = list_checks(view, ENGLISH)
    assert ("Manual actions" in " ".join(checks)) == (cause == "links")
    assert open_incident(view, ENGLISH)[2] == checks[0]


def test_without_a_surge_the_page_says_what_was_looked_for(without_surge: IncidentView) -> None:
    page = render_incident(without_surge, ENGLISH)
    assert "Looked for: a surge of links in the 180 days before the drop. Not found" in page
    assert "Ahrefs backlinks was tested for surges from 1 Dec 2025" in page
    assert "the tests of chance were not made" in page
    assert "figure-placebo" not in page


def test_without_links_nothing_is_said_to_be_ruled_out(incidents: dict[str, IncidentView]) -> None:
    view = next(view for view in incidents.values() if view.site.site.site_domain == RANKINGS_ONLY)
    page = render_incident(view, ENGLISH)
    assert "It could not be tested: no dated link data cover those days." in page
    assert "links can be neither shown nor ruled out" in open_incident(view, ENGLISH)[1]


def test_each_test_stands_with_its_figure(incident: IncidentView) -> None:
    tests = {test.name: test for test in list_tests(incident, ENGLISH)}
    assert tests["time_shift"].said.startswith("Had the drop begun on another of 229 open days")
    assert "on 28 of them" in tests["time_shift"].said
    assert "probability 0.13" in tests["time_shift"].said
    assert tests["pages"].reading == "for"
    assert "fell 61% more" in tests["pages"].said
    assert tests["keywords"].reading == "untested"
    assert tests["site_swap"].reading == "untested"
    assert "0.11" in tests["train"].said
    assert "0 of 1 drop had a surge in the 45 days after" in tests["reverse"].said
    assert tests["action"].reading == "open"


def test_links_that_answer_a_drop_speak_against(incident: IncidentView) -> None:
    assert incident.pair is not None
    answered = json.dumps([{"key": "order.surge_after_drop", "args": {"days": 9, "start": "2026-08-11"}}])
    view = replace(incident, pair=replace(incident.pair, confounders=answered))
    reverse = next(test for test in list_tests(view, ENGLISH) if test.name == "reverse")
    assert reverse.reading == "against"
    assert "9 days after an earlier drop" in reverse.said


def test_a_manual_action_about_links_comes_first(incident: IncidentView) -> None:
    noted = Event(
        kind="manual_action", name="Unnatural links", starts_on=day("2026-10-01"), ends_on=None, scope=None, source="x"
    )
    view = replace(incident, site=replace(incident.site, events=(noted, *incident.site.events)))
    action = next(test for test in list_tests(view, ENGLISH) if test.name == "action")
    assert (action.reading, "Unnatural links" in action.said) == ("for", True)
    assert any("Gather the evidence in the dossier" in check for check in list_checks(view, ENGLISH))
    assert not any("Do not disavow yet" in check for check in list_checks(view, ENGLISH))


def test_the_placebo_days_are_those_behind_the_stored_p(incident: IncidentView) -> None:
    shift, figure = incident.shift, draw_placebo(incident, "en")
    assert shift is not None
    assert figure is not None
    assert shift.p_value == pytest.approx(P_TIME_SHIFT)
    assert (shift.day_count, shift.match_count) == (229, 28)
    assert list(figure.data[0].x) == list(shift.level_counts)
    assert figure.data[0].meta.count("drop") == 1


def test_days_that_do_not_give_the_stored_p_are_not_drawn(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("UPDATE correlation.surge_drop_pairs SET p_time_shift = 0.5")
    found = {view.drop.drop_id: view for view in read_incidents(warehouse, [read_view(warehouse, EVERYTHING)])[0]}
    assert found[DROP_ID].shift is None
    time_shift = list_tests(found[DROP_ID], ENGLISH)[0]
    assert time_shift.said.endswith("with probability 0.50.")


def test_linked_pages_are_compared_from_a_hundred(incident: IncidentView) -> None:
    weeks = compare_weeks(incident)
    before = [week for week in weeks if week.period.ends_on < incident.drop.starts_on][-4:]
    after = [week for week in weeks if week.period.starts_on >= incident.drop.starts_on]
    assert [week.linked for week in before] == pytest.approx([100] * 4, abs=5)
    assert [week.linked for week in after] == pytest.approx([35] * 4, abs=3)
    assert [week.other for week in after] == pytest.approx([90] * 4, abs=5)
    figure = draw_pages(incident, "nl")
    assert figure is not None
    assert [trace.meta for trace in figure.data] == ["origin-natural", "drop"]
    assert draw_pages(replace(incident, compared_days=()), "nl") is None


def test_the_timeline_shows_the_months_around_the_drop(incident: IncidentView) -> None:
    figure = draw_incident(incident, "en")
    assert figure is not None
    days = [str(x)[:10] for trace in figure.data for x in trace.x]
    assert min(days) >= "2026-06-27"
    assert max(days) <= AS_OF.isoformat()
    assert {shape.name for shape in figure.layout.shapes} >= {"surge-bought", "drop", "event-update"}
    assert draw_incident(replace(incident, series_days=(), site=replace(incident.site, link_days=())), "en") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_probability_its_width_and_its_calibration(incident: IncidentView, language: str) -> None:
    page = render_incident(incident, Speaker(language))
    said = {"en": ("0.71", "0.55", "0.83"), "nl": ("0,71", "0,55", "0,83")}[language]
    assert all(figure in page for figure in said)
    band = load_calibration().band_of(0.71)
    assert f"{band.drop_count} drops of simulated sites" in page or f"{band.drop_count} dalingen" in page
    assert f"{round(100 * (band.links_share or 0))}%" in page


def test_calibration_reads_what_its_benchmark_writes(tmp_path: Path) -> None:
    known = load_calibration()
    path = tmp_path / "calibration.toml"
    path.write_text(render_calibration(known.drop_count, known.calibration_error, known.bands), encoding="utf-8")
    assert load_calibration(path) == known
    assert sum(band.drop_count for band in known.bands) == known.drop_count
    assert [known.band_of(probability).low for probability in (0.0, 0.1, 0.6999, 0.7, 1.0)] == [0, 0.1, 0.5, 0.7, 0.85]


@pytest.mark.parametrize(
    ("probability", "word"),
    [(1.0, "very_likely"), (0.85, "very_likely"), (0.84, "likely"), (0.7, "likely"), (0.69, "possible"),
     (0.25, "possible"), (0.24, "unlikely"), (0.0, "unlikely")],
)  # fmt: skip
def test_words_for_a_probability(probability: float, word: str) -> None:
    assert name_likelihood(probability) == f"likelihood.{word}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("drop_id", [DROP_ID, TRACKER_DROP_ID])
def test_no_page_names_another_client(incidents: dict[str, IncidentView], drop_id: str, language: str) -> None:
    page = render_incident(incidents[drop_id], Speaker(language))
    assert not [site for site in (LINKS_ONLY, RANKINGS_ONLY, EMPTY, HOSTILE_SITE) if site in page]


def test_other_sites_are_never_counted() -> None:
    counted = [
        {"key": "together.tracker", "args": {"count": 17, "of": 31, "days": 2}},
        {"key": "together.search", "args": {"count": 17, "of": 31, "days": 2}},
        {"key": "others.fell", "args": {"share": 0.17}},
    ]
    for language in LANGUAGES:
        said = " ".join(Speaker(language).repeat_all(json.dumps(counted)))
        assert said
        assert not re.search(r"17|31", said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text(incident: IncidentView, language: str) -> None:
    page = render_incident(incident, Speaker(language))
    assert "<script>window.hacked" not in page
    assert "<img" not in page
    assert HOSTILE not in page
    assert "&lt;script&gt;window.hacked = 1&lt;/script&gt;" in page
    assert page.count("<!--stale-->") == 1
    assert str(escape(SHOWN_HOSTILE)) in page


def test_links_stand_strongest_first_and_are_capped(incident: IncidentView) -> None:
    probabilities = [link.probability for link in incident.links]
    assert probabilities == sorted(probabilities, reverse=True)
    assert (len(incident.links), incident.link_count) == (15, 20)
    assert all(link.evidence for link in incident.links)
    assert "Listed are 15 of 20 domains." in render_incident(incident, ENGLISH)
