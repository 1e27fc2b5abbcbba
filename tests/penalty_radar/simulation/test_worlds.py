"""The statistics of a world: overdispersed growth, correlated noise, survivors, parameters that say what they mean."""

import datetime

import numpy as np
import pytest
from pydantic import ValidationError

from penalty_radar.simulation import WorldParameters
from penalty_radar.simulation.arrivals import autoregressive, count_arrivals, open_stream, spread_campaign
from penalty_radar.simulation.indexes import last_seen_horizon, list_links
from penalty_radar.simulation.parameters import WORLDS, load_world
from penalty_radar.simulation.placements import place_links
from penalty_radar.simulation.traffic import left_share, simulate_performance
from penalty_radar.simulation.wording import load_wording

PARAMETERS = WorldParameters.demo()


def test_the_demo_file_is_the_demo_world():
    assert load_world(WORLDS / "demo.toml") == PARAMETERS


def test_a_misspelt_parameter_is_refused(tmp_path):
    path = tmp_path / "world.toml"
    path.write_text((WORLDS / "demo.toml").read_text().replace("performance_delay_days", "performance_delay_hours"))
    with pytest.raises(ValidationError, match="performance_delay_hours"):
        load_world(path)


def test_every_value_line_of_the_demo_file_is_explained_above_the_sites():
    lines = (WORLDS / "demo.toml").read_text().split("[[sites]]")[0].splitlines()
    first_of_its_kind: dict[str, str] = {}
    for line in lines:
        if "=" in line and not line.startswith("#"):
            first_of_its_kind.setdefault(line.split("=")[0].strip(), line)
    explained_together = {"origin", "lifetime", "scale_days", "shape"}  # by the comment above the kinds or the table
    kinds = {name for name in first_of_its_kind if hasattr(next(iter(PARAMETERS.kinds.values())), name)}
    unexplained = [
        name
        for name, line in first_of_its_kind.items()
        if "#" not in line and name not in explained_together | kinds | set(PARAMETERS.natural_shares)
    ]
    assert unexplained == []


@pytest.mark.parametrize("site", PARAMETERS.sites, ids=lambda site: site.domain)
def test_growth_has_the_mean_and_dispersion_asked_for(site):
    counts = np.array(
        [
            count_arrivals(
                open_stream(seed, site.domain, "test"), datetime.date(2024, 1, 1), 700, site, PARAMETERS.arrivals
            )
            for seed in range(20)
        ]
    )
    assert counts.mean() == pytest.approx(site.link_daily_mean, rel=0.08)
    assert counts.var() / counts.mean() == pytest.approx(site.link_dispersion, rel=0.25)


def test_autoregressive_noise_has_its_correlation_and_spread():
    series = autoregressive(np.random.default_rng(1), 20_000, sd=0.15, phi=0.3)
    assert series.std() == pytest.approx(0.15, rel=0.05)
    assert np.corrcoef(series[:-1], series[1:])[0, 1] == pytest.approx(0.3, abs=0.03)


def test_a_campaign_stays_within_its_days_and_attention_decays():
    for site in PARAMETERS.sites:
        for campaign in site.campaigns:
            days = spread_campaign(np.random.default_rng(3), campaign)
            assert len(days) == campaign.domain_count
            assert days[0] == campaign.starts_on
            assert days[-1] < campaign.starts_on + datetime.timedelta(days=campaign.days)
            middle = campaign.starts_on + datetime.timedelta(days=campaign.days // 2)
            if campaign.shape == "decay":
                assert sum(day < middle for day in days) > 0.6 * len(days)


def test_shares_add_to_one():
    assert sum(PARAMETERS.natural_shares.values()) == pytest.approx(1)
    for name, kind in PARAMETERS.kinds.items():
        assert sum(kind.anchors.values()) == pytest.approx(1), name
        assert sum(kind.targets.values()) == pytest.approx(1), name


def test_every_kind_has_words_in_both_languages():
    wording = load_wording()
    for kind in PARAMETERS.kinds:
        for language in ("nl", "en"):
            assert wording.page_words(kind, language).titles, kind


def test_semrush_horizon_is_the_first_of_the_month_six_months_back():
    assert last_seen_horizon(PARAMETERS) == datetime.date(2026, 5, 1)


def test_a_list_holds_only_what_was_seen_and_stood():
    site = PARAMETERS.sites[1]
    world = place_links(site, PARAMETERS)
    for provider in ("ahrefs_backlinks", "semrush_backlinks"):
        listed = list_links(site, world.links, provider, PARAMETERS)
        assert 0.4 * len(world.links) < len(listed) < len(world.links)
        for seen in listed:
            assert seen.placed.placed_on <= seen.first_seen_at.date() <= seen.last_seen_at.date()
            assert seen.last_seen_at.date() <= PARAMETERS.last_export_on
            assert seen.last_seen_at.date() < seen.placed.removed_on
            assert seen.lost_at is None or seen.lost_at > seen.last_seen_at


def test_two_indexes_show_the_same_purchase_differently():
    site = PARAMETERS.sites[1]
    world = place_links(site, PARAMETERS)
    seen = [
        {listed.placed.source.domain for listed in list_links(site, world.links, provider, PARAMETERS)
         if listed.placed.source.campaign}
        for provider in ("ahrefs_backlinks", "semrush_backlinks")
    ]  # fmt: skip
    assert seen[0] != seen[1]
    assert len(seen[0] & seen[1]) >= 15


def test_bought_pages_have_authority_without_an_audience():
    site = PARAMETERS.sites[1]
    sources = {link.source for link in place_links(site, PARAMETERS).links}
    bought = [source for source in sources if source.origin == "bought"]
    news = [source for source in sources if source.kind == "news"]
    assert np.median([source.authority for source in bought]) > 38
    assert np.median([source.traffic for source in bought]) < 60 < np.median([source.traffic for source in news])


def test_a_drop_is_complete_after_its_ramp():
    search = PARAMETERS.sites[1].search
    assert search is not None
    drop = search.drops[0]
    days = tuple(drop.starts_on + datetime.timedelta(days=offset) for offset in (-1, 0, drop.ramp_days - 1, 90))
    left = left_share(search, days)
    assert left[0] == 1
    assert 1 > left[1] > left[2]
    assert left[2] == left[3] == pytest.approx(1 - drop.depth_share)


def test_the_shared_break_moves_impressions_and_not_clicks():
    site = PARAMETERS.sites[3]
    assert site.search is not None
    daily = simulate_performance(site, site.search, PARAMETERS)
    is_before = np.array([day < PARAMETERS.search_noise.results_page_break_on for day in daily.days])
    at = int(is_before.sum())
    shown = daily.impressions[at : at + 42].mean() / daily.impressions[at - 42 : at].mean()
    clicks = daily.clicks[at : at + 42].mean() / daily.clicks[at - 42 : at].mean()
    assert shown < 0.9 < clicks
