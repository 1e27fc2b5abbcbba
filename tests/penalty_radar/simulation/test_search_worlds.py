"""Worlds with a search engine: what is planted is in the files and told in the truth; fit and test differ."""

import csv
import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from penalty_radar import walk
from penalty_radar.cli import app
from penalty_radar.simulation.parameters import WORLDS
from penalty_radar.simulation.search_engine import (
    SEARCH_WORLDS,
    SearchTruth,
    load_search_world,
    read_search_truth,
    simulate_search_world,
)
from penalty_radar.simulation.search_engine.campaigns import plan_campaigns
from penalty_radar.simulation.search_engine.falls import SiteStory, StoryTeller
from penalty_radar.simulation.search_engine.series import expected_clicks, fall_level
from penalty_radar.simulation.search_engine.sites import SearchSite, draw_search_site
from penalty_radar.simulation.search_engine.updates import updates_of
from transforms.schemas.vocabulary import CAUSES
from transforms.settings import load_settings

ALIKE = {
    "performance_days",  # both are two years
    "results_page_break_on",  # a real day
    "depth",  # of trackers: 100 everywhere
    "count",  # of sites; an option
    "tracker_gap_count", "logging_count", "harm", "links_back", "origin", "target", "ramp_days", "back_days",
    "lasting_share", "regained", "page_count",
}  # fmt: skip
"""Names of values that may be the same in both worlds; single ones of these differ all the same."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("world")
    simulate_search_world(made, load_search_world("search_fit").changed(sites=4), name="search_fit")
    return made


@pytest.fixture(scope="module")
def truth(folder: Path) -> SearchTruth:
    return read_search_truth(folder)


@pytest.fixture(scope="module")
def stories() -> list[tuple[SearchSite, SiteStory]]:
    """What happens to 250 sites; no link and no day is drawn."""
    world = load_search_world("search_fit").changed(sites=250)
    updates, told = updates_of(world), []
    for site in world.link_parameters().sites:
        drawn = draw_search_site(site, world)
        told.append((drawn, StoryTeller(drawn, world, updates, plan_campaigns(drawn, world, updates)).tell([])))
    return told


def _leaves(values: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        inner = f"{path}.{name}" if path else name
        found |= _leaves(value, inner) if isinstance(value, dict) else {inner: value}
    return found


def test_calibration_and_test_worlds_share_no_value_of_substance():
    fit, test = (_leaves(tomllib.loads((WORLDS / f"{name}.toml").read_text())) for name in SEARCH_WORLDS)
    shared = [
        name
        for name in fit
        if fit[name] == test[name] and name.split(".")[-1] not in ALIKE and fit[name] not in (0.0, 1.0)
    ]
    assert fit.keys() == test.keys()
    assert shared == []
    worlds = [load_search_world(name).link_parameters() for name in SEARCH_WORLDS]
    assert not {site.topics for site in worlds[0].sites} & {site.topics for site in worlds[1].sites}


@pytest.mark.parametrize("name", SEARCH_WORLDS)
def test_every_value_is_explained_where_it_first_stands(name):
    explained: dict[str, bool] = {}
    for line in (WORLDS / f"{name}.toml").read_text().splitlines():
        if " = " in line and not line.startswith("#"):
            explained.setdefault(line.split(" = ")[0], "#" in line)
    assert [value for value, is_explained in explained.items() if not is_explained] == []


def test_the_same_world_gives_the_same_bytes_and_more_sites_leave_the_first_as_they_were(folder, tmp_path):
    simulate_search_world(tmp_path, load_search_world("search_fit").changed(sites=2), name="search_fit")
    again = {path.relative_to(tmp_path): path.read_bytes() for path in (tmp_path / "exports").rglob("*/*.csv")}
    assert again
    for path, content in again.items():
        assert (folder / path).read_bytes() == content, path


def test_another_seed_is_another_world():
    worlds = [load_search_world("search_fit").changed(sites=2, seed=seed) for seed in (None, 7)]
    assert {site.domain for site in worlds[0].link_parameters().sites}.isdisjoint(
        site.domain for site in worlds[1].link_parameters().sites
    )


def test_every_row_is_read(folder, truth, tmp_path):
    site = truth.sites[0].site_domain
    exports = folder / "exports"
    settings = load_settings({"PENALTY_RADAR_WAREHOUSE": str(tmp_path / "w.duckdb")}, tmp_path)
    files = []
    for path in (*(exports / site).glob("*date-page*"), *(exports / site).glob("www.*"), exports / "events.csv"):
        given = site if path.parent.name == site else None
        files += walk.ingest_paths(settings.model_copy(update={"exports": str(path)}), given_site=given)
    assert {file.status for file in files} == {"loaded"}
    assert sum(file.rejected_count for file in files) == 0
    assert {file.format for file in files} >= {"ahrefs_backlinks", "search_console_rows", "event_calendar"}


def test_pages_and_queries_add_up_to_no_more_than_the_site(folder, truth):
    paths = [file.path for file in truth.sites[0].files if "search_console_api" in file.path]
    files = {Path(path).name.split(".search_console_api.")[1].split(".")[0]: path for path in paths}
    sums = {}
    for dimension, path in files.items():
        with (folder / "exports" / path).open(encoding="utf-8", newline="") as rows:
            sums[dimension] = sum(int(row["clicks"]) for row in csv.DictReader(rows))
    assert sums["date-page"] == sums["date"]
    assert sums["date-device"] == sums["date-country"] == sums["date"]
    assert 0.3 * sums["date"] < sums["date-query"] < 0.95 * sums["date"]


def test_the_truth_tells_causes_campaigns_and_parts(truth):
    names = {campaign.name for campaign in truth.campaigns}
    assert {fall.cause for fall in truth.falls} <= set(CAUSES)
    for fall in truth.falls:
        assert (fall.campaign in names and fall.lag_days is not None) == (fall.cause == "links"), fall.name
        assert fall.starts_on <= fall.settled_on
        assert 0 <= fall.depth_share <= 1
    for campaign in truth.campaigns:
        assert list(campaign.seen_on) == sorted(campaign.seen_on)
        assert campaign.seen_on[0] >= campaign.starts_on


def test_links_bring_falls_by_dose_after_days_weeks_or_months_and_earned_links_or_attacks_never(stories):
    campaigns = {campaign.name: campaign for _, story in stories for campaign in story.campaigns}
    falls = [fall for _, story in stories for fall in story.falls if fall.cause == "links"]
    caught = {fall.campaign for fall in falls}
    harmful = [campaign for campaign in campaigns.values() if campaign.kind.harm > 0]
    large = [campaign for campaign in harmful if campaign.domain_count >= 40]
    small = [campaign for campaign in harmful if campaign.domain_count < 15]
    shares = [np.mean([campaign.name in caught for campaign in group]) for group in (small, large)]
    assert shares[0] + 0.1 < shares[1]
    assert {campaigns[name].kind.harm > 0 for name in caught} == {True}
    lags = [fall.lag_days for fall in falls]
    assert min(lags) >= 1
    assert max(lags) <= 180
    assert sum(lag <= 14 for lag in lags) > 10
    assert sum(lag > 45 for lag in lags) > 20


def test_linked_pages_and_anchored_keywords_fall_more_than_the_rest(stories):
    seen = 0
    for site, story in stories:
        campaigns = {campaign.name: campaign for campaign in story.campaigns}
        for fall in story.falls:
            if fall.cause == "links" and fall.scope in {"page", "mixed"}:
                linked = site.mask(paths=campaigns[fall.campaign].paths)
                rest = site.mask(topics=frozenset({"info", "brand"}))
                assert fall.weights[linked].mean() > 1.5 * fall.weights[rest].mean()
                seen += 1
    assert seen > 20


def test_falls_of_one_site_keep_apart(stories):
    world = load_search_world("search_fit")
    for _, story in stories:
        falls = sorted((fall for fall in story.falls if fall.cause != "season"), key=lambda fall: fall.start)
        for before, after in pairwise(falls):
            assert after.start - before.start - before.ramp > world.behaviour.apart_days


def test_owners_buy_because_they_fell_and_the_team_notes_manual_actions(stories):
    reactions = [campaign for _, story in stories for campaign in story.campaigns if campaign.reacts_to]
    assert len(reactions) > 10
    for _, story in stories:
        falls = {fall.name: fall for fall in story.falls}
        for campaign in story.campaigns:
            if campaign.reacts_to:
                assert falls[campaign.reacts_to].depth > 0
        manual = [fall for fall in story.falls if fall.is_manual]
        assert len(manual) == len([event for event in story.events if event.kind == "manual_action"])


def test_an_outage_takes_clicks_and_impressions_and_comes_back(stories):
    world = load_search_world("search_fit")
    outages = ((site, fall) for site, story in stories for fall in story.falls if fall.cause == "outage")
    site, fall = next(outages)
    clicks = expected_clicks(site, world, [fall]).sum(axis=0)
    assert clicks[fall.start] < 0.1 * clicks[fall.start - 1]
    assert fall_level(fall, world.performance_days)[fall.recovers_at + 3] == 0


def test_the_command_writes_a_world_by_name_and_refuses_other_names(tmp_path):
    runner = CliRunner()
    done = runner.invoke(app, ["simulate", str(tmp_path / "w"), "--world", "search_test", "--sites", "1"])
    assert done.exit_code == 0, done.output
    assert "1 sites" in done.output
    assert json.loads((tmp_path / "w" / "truth.json").read_text())["world"] == "search_test"
    assert "expected one of demo, search_fit, search_test" in str(
        runner.invoke(app, ["simulate", str(tmp_path / "x"), "--world", "mars"]).exception
    )
    assert "demo" in str(runner.invoke(app, ["simulate", str(tmp_path / "x"), "--sites", "3"]).exception)
    assert not (tmp_path / "x").exists()
