"""From what was drawn to the truth: falls with their depth without noise, campaigns as the index saw them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from penalty_radar.simulation.indexes import ListedLink
from penalty_radar.simulation.planted import MAIN_SHARE
from penalty_radar.simulation.search_engine.campaigns import LINK_PROVIDER, PlannedCampaign
from penalty_radar.simulation.search_engine.fall import Fall
from penalty_radar.simulation.search_engine.falls import SiteStory
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.search_engine.series import DEPTH_DAYS, expected_clicks, fall_level
from penalty_radar.simulation.search_engine.sites import Floats, SearchSite, directory_of
from penalty_radar.simulation.search_engine.tracking import TrackedKeywords
from penalty_radar.simulation.search_engine.truth import FallenPart, PlantedCampaign, PlantedFall
from penalty_radar.simulation.truth import ProviderView

LEAST_PART_DEPTH = 0.1
"""Share lost from which a page, a group of keywords or a query counts as struck."""


def state_campaigns(
    site: SearchSite, world: SearchWorld, story: SiteStory, listed: Sequence[ListedLink]
) -> list[PlantedCampaign]:
    """Every campaign of which the index saw a domain, in order of days."""
    first: dict[str, dict[str, datetime.date]] = {}
    for seen in listed:
        days = first.setdefault(seen.placed.group, {})
        day = seen.first_seen_at.date()
        days[seen.placed.source.domain] = min(day, days.get(seen.placed.source.domain, day))
    stated = [
        _state_campaign(site, campaign, first[campaign.name]) for campaign in story.campaigns if campaign.name in first
    ]
    return sorted(stated, key=lambda campaign: (campaign.starts_on, campaign.name))


def _state_campaign(site: SearchSite, campaign: PlannedCampaign, first: dict[str, datetime.date]) -> PlantedCampaign:
    domains = sorted(first, key=lambda domain: (first[domain], domain))
    days = [first[domain] for domain in domains]
    main_end = days[max(0, int(len(days) * MAIN_SHARE + 0.5) - 1)]
    view = ProviderView(provider=LINK_PROVIDER, starts_on=days[0], main_ends_on=main_end, domain_count=len(days))
    return PlantedCampaign(
        name=campaign.name,
        mechanism=campaign.mechanism,
        site_domain=site.domain,
        provider=LINK_PROVIDER,
        origin=campaign.kind.origin,
        starts_on=campaign.starts_on,
        ends_on=campaign.starts_on + datetime.timedelta(days=campaign.days - 1),
        domain_count=campaign.domain_count,
        target_paths=tuple(sorted(campaign.paths)),
        keywords=tuple(sorted(campaign.keywords)),
        seen_on=tuple(days),
        views=(view,),
        reacts_to=campaign.reacts_to,
        near_update=campaign.near_update,
        source_domains=tuple(domains),
    )


def state_falls(
    site: SearchSite, world: SearchWorld, story: SiteStory, tracked: TrackedKeywords | None
) -> list[PlantedFall]:
    """Every fall that some export of the site shows; gains, and falls before the first day, are left out."""
    stated = []
    for fall in story.falls:
        providers = _providers(site, fall)
        if fall.is_gain or fall.start <= 0 or not providers:
            continue
        if fall.channel != "tracker":
            stated.append(_state_fall(site, world, fall, providers, *_measure(site, world, story, fall)))
        elif tracked is not None:
            stated.append(_state_fall(site, world, fall, providers, 1 - tracked.visibility_left[fall.name], (), ()))
    return stated


def _providers(site: SearchSite, fall: Fall) -> tuple[str, ...]:
    """Providers whose series show such a fall: a tracker sees rankings only, search performance all but the tracker."""
    sees_search = site.has_search and fall.channel != "tracker"
    sees_tracker = site.has_tracker and fall.channel in {"rank", "tracker"}
    return (*(("search_console",) if sees_search else ()), *(("se_ranking",) if sees_tracker else ()))


def _measure(
    site: SearchSite, world: SearchWorld, story: SiteStory, fall: Fall
) -> tuple[float, tuple[FallenPart, ...], tuple[str, ...]]:
    """Depth without noise over the days after it settled: of the site, of its parts and of its queries."""
    settled = fall.start + fall.ramp
    ends = settled + DEPTH_DAYS
    if fall.recovers_at is not None:
        ends = max(settled, min(ends, fall.recovers_at))
    days = slice(min(settled - 1, world.performance_days - 1), max(settled, min(ends, world.performance_days)))
    level = fall_level(fall, world.performance_days)[days]
    fallen = expected_clicks(site, world, story.falls)[:, days]
    usual = fallen / (1 - np.outer(fall.weights * fall.depth, level))
    struck = {segment: _depth(fallen, usual, mask) for segment, mask in _segments(site).items()}
    parts = tuple(
        FallenPart(segment=segment, depth_share=depth) for segment, depth in struck.items() if depth >= LEAST_PART_DEPTH
    )
    queries = tuple(
        atom.query
        for place, atom in enumerate(site.atoms)
        if atom.query is not None and fall.weights[place] * fall.depth >= LEAST_PART_DEPTH
    )
    return _depth(fallen, usual, site.mask()), parts, queries


def _segments(site: SearchSite) -> dict[str, np.ndarray]:
    """Pages, directories of several pages and keyword groups, named as ``signals.visibility`` names its segments."""
    paths = site.paths
    masks = {f"page:{path}": site.mask(paths=frozenset({path})) for path in paths}
    for directory in dict.fromkeys(directory_of(path) for path in paths):
        members = frozenset(path for path in paths if directory_of(path) == directory)
        if len(members) > 1:
            masks[f"directory:{directory}"] = site.mask(paths=members)
    masks["keywords:brand"] = site.mask(topics=frozenset({"brand"}))
    masks["keywords:other"] = site.mask(topics=frozenset({"money", "info"}))
    return masks


def _depth(fallen: Floats, usual: Floats, mask: np.ndarray) -> float:
    return round(float(1 - fallen[mask].sum() / usual[mask].sum()), 4)


def _state_fall(
    site: SearchSite,
    world: SearchWorld,
    fall: Fall,
    providers: tuple[str, ...],
    depth: float,
    parts: tuple[FallenPart, ...],
    queries: tuple[str, ...],
) -> PlantedFall:
    recovers_on = None if fall.recovers_at is None else _day(world, fall.recovers_at)
    recovered_on = None if fall.recovers_at is None else _day(world, fall.recovers_at + fall.back_days - 1)
    has_recovered = recovered_on is not None and recovered_on <= world.last_performance_on
    return PlantedFall(
        name=fall.name,
        site_domain=site.domain,
        providers=providers,
        cause=fall.cause,
        starts_on=_day(world, fall.start),
        settled_on=_day(world, fall.start + fall.ramp - 1),
        depth_share=round(depth, 4),
        scope=fall.scope,
        parts=parts,
        queries=queries,
        lag_days=fall.lag_days,
        campaign=fall.campaign,
        update=fall.update,
        is_manual=fall.is_manual,
        is_recorded=fall.is_recorded,
        recovery_from_on=recovers_on if has_recovered else None,
        recovered_on=recovered_on if has_recovered else None,
        regained_share=round(fall.regained, 4) if has_recovered else None,
    )


def _day(world: SearchWorld, number: int) -> datetime.date:
    return world.first_performance_on + datetime.timedelta(days=number)
