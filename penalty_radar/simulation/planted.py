"""From parameters and written lists to the truth: what of a plan can really be seen in the files."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence

from penalty_radar.simulation.indexes import ListedLink
from penalty_radar.simulation.link_parameters import Campaign, Provider
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.placements import LinkWorld
from penalty_radar.simulation.search_parameters import Search
from penalty_radar.simulation.truth import PlantedFinding, ProviderView

MAIN_SHARE = 0.9
"""Share of a campaign's domains that had been seen when its main part ends."""

SEASON_TRAP_AMPLITUDE = 0.2
"""Log units: a season stronger than this loses a third from peak to trough and is worth naming as a trap."""

Listings = Mapping[Provider, Sequence[ListedLink]]


def state_findings(
    site: Site, world: LinkWorld, listings: Listings, ranking_providers: Sequence[str], parameters: WorldParameters
) -> list[PlantedFinding]:
    """Everything planted in one site, with the providers whose files really show it."""
    findings = [_state_campaign(site, campaign, world, listings) for campaign in site.campaigns]
    findings += _state_missing_waves(site, listings)
    if site.search is not None:
        findings += _state_search(site, site.search, ranking_providers, parameters)
    return sorted(findings, key=lambda finding: (finding.starts_on, finding.name))


def _state_campaign(site: Site, campaign: Campaign, world: LinkWorld, listings: Listings) -> PlantedFinding:
    views = [_view(campaign, provider, listed) for provider, listed in listings.items()]
    seen = tuple(view for view in views if view is not None)
    placed = {link.source.domain: link for link in world.links if link.source.campaign == campaign.name}
    origins = sorted({link.source.origin for link in placed.values()})
    is_earned = campaign.truth == "earned"
    return PlantedFinding(
        name=f"{site.domain}: {campaign.name}",
        kind="trap" if is_earned else "surge",
        site_domain=site.domain,
        providers=tuple(view.provider for view in seen),
        starts_on=min((view.starts_on for view in seen), default=campaign.starts_on),
        ends_on=max((view.main_ends_on for view in seen), default=campaign.starts_on),
        size=len(placed),
        origin=origins[0],
        trap="earned" if is_earned else None,
        allowed_origins=("natural", "unknown") if is_earned else (),
        views=seen,
    )


def _view(campaign: Campaign, provider: Provider, listed: Sequence[ListedLink]) -> ProviderView | None:
    """Days of first sight of the campaign's domains in one provider's list; None when it lists none."""
    first_days: dict[str, datetime.date] = {}
    for seen in listed:
        source = seen.placed.source
        if source.campaign == campaign.name:
            day = seen.first_seen_at.date()
            first_days[source.domain] = min(day, first_days.get(source.domain, day))
    if not first_days:
        return None
    days = sorted(first_days.values())
    main_end = days[max(0, int(len(days) * MAIN_SHARE + 0.5) - 1)]
    return ProviderView(provider=provider, starts_on=days[0], main_ends_on=main_end, domain_count=len(days))


def _state_missing_waves(site: Site, listings: Listings) -> list[PlantedFinding]:
    """Waves that one index shows and another does not: no surge may be found in the other."""
    findings = []
    for campaign in site.campaigns:
        blind = tuple(provider for provider in listings if provider not in campaign.visible_in)
        if blind:
            findings.append(
                PlantedFinding(
                    name=f"{site.domain}: {campaign.name} (other index)",
                    kind="trap",
                    site_domain=site.domain,
                    providers=blind,
                    starts_on=campaign.starts_on,
                    ends_on=campaign.starts_on + datetime.timedelta(days=campaign.days - 1),
                    size=0,
                    trap="other_index",
                )
            )
    return findings


def _state_search(
    site: Site, search: Search, providers: Sequence[str], parameters: WorldParameters
) -> list[PlantedFinding]:
    findings = []
    for drop in search.drops:
        findings.append(
            PlantedFinding(
                name=f"{site.domain}: drop of {drop.starts_on}",
                kind="drop",
                site_domain=site.domain,
                providers=tuple(providers),
                starts_on=drop.starts_on,
                settled_on=drop.starts_on + datetime.timedelta(days=drop.ramp_days - 1),
                size=drop.depth_share,
                cause=drop.cause,
                surge_name=f"{site.domain}: {drop.campaign}" if drop.campaign else None,
            )
        )
    for outage in search.outages:
        findings.append(
            PlantedFinding(
                name=f"{site.domain}: outage",
                kind="trap",
                site_domain=site.domain,
                providers=("search_console",),
                starts_on=outage.starts_on,
                ends_on=outage.starts_on + datetime.timedelta(days=outage.days - 1),
                size=1 - outage.left_share,
                cause="outage",
                trap="outage",
            )
        )
    if search.season_amplitude > SEASON_TRAP_AMPLITUDE:
        findings.append(_state_season(site, search, parameters))
    return findings


def _state_season(site: Site, search: Search, parameters: WorldParameters) -> PlantedFinding:
    peak = datetime.date(parameters.last_export_on.year, search.season_peak_month, 15)
    return PlantedFinding(
        name=f"{site.domain}: season",
        kind="trap",
        site_domain=site.domain,
        providers=("search_console",),
        starts_on=peak,
        size=round(1 - math.exp(-2 * search.season_amplitude), 3),
        cause="season",
        trap="season",
    )
