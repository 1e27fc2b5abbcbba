"""The link campaigns of a site: what was ordered, swapped, earned or suffered, and the links that it brought."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import numpy as np

from penalty_radar.simulation.arrangements import DAYS_A_MONTH, ArrangedSite, ReverseLink, draw_between, order_page
from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.link_parameters import Provider
from penalty_radar.simulation.names import SourceNames
from penalty_radar.simulation.pages import PageMaker
from penalty_radar.simulation.parameters import MoneyPage, WorldParameters
from penalty_radar.simulation.search_engine.parameters import CampaignKind, SearchWorld
from penalty_radar.simulation.search_engine.sites import SearchSite
from penalty_radar.simulation.search_engine.updates import Update
from penalty_radar.simulation.wording import pick_weighted

LINK_PROVIDER: Provider = "ahrefs_backlinks"
BACK_DAYS = 9
"""Days before or after a swapped link within which the link back is placed."""
TARGET_NAMES = {"info": "info", "mixed": "mixed"}


@dataclass(frozen=True)
class PlannedCampaign:
    """A campaign as it was planned; ``removed_on`` is the day on which its owner takes its links away."""

    name: str
    mechanism: str
    kind: CampaignKind
    starts_on: datetime.date
    days: int
    domain_count: int
    ordered: tuple[MoneyPage, ...]
    reacts_to: str | None = None
    near_update: str | None = None
    removed_on: datetime.date | None = None
    removed_share: float = 0.0

    @property
    def paths(self) -> frozenset[str]:
        """The commercial pages that it links to; empty where it links all over the site."""
        return frozenset(page.path for page in self.ordered)

    @property
    def keywords(self) -> frozenset[str]:
        """The keywords of its anchors."""
        return frozenset(keyword for page in self.ordered for keyword in page.keywords)


def plan_campaigns(site: SearchSite, world: SearchWorld, updates: tuple[Update, ...]) -> list[PlannedCampaign]:
    """The campaigns that have nothing to do with the site's own falls, in order of their first days."""
    planned = []
    for mechanism, kind in world.campaigns.items():
        rng = open_stream(world.seed, site.domain, f"campaigns {mechanism}")
        does_it = rng.random() < kind.sites_share
        for number in range(int(rng.poisson(kind.per_site_mean)) if does_it else 0):
            starts_on, update = _draw_start(rng, world, kind, updates)
            name = f"{site.domain} {mechanism} {number + 1}"
            planned.append(_plan(rng, site, name, mechanism, kind, starts_on, near_update=update))
    return sorted(planned, key=lambda campaign: (campaign.starts_on, campaign.name))


def plan_reaction(
    rng: np.random.Generator, site: SearchSite, world: SearchWorld, fall_name: str, fallen_on: datetime.date
) -> PlannedCampaign | None:
    """A campaign that the owner buys because the site fell; None where it would begin after the last export."""
    mechanisms = [name for name, kind in world.campaigns.items() if kind.harm > 0]
    weights = {name: world.campaigns[name].sites_share * world.campaigns[name].per_site_mean for name in mechanisms}
    mechanism = pick_weighted(rng, weights)
    starts_on = fallen_on + datetime.timedelta(days=draw_between(rng, world.behaviour.reacts_after_days))
    if starts_on > world.last_export_on - datetime.timedelta(days=7):
        return None
    name = f"{site.domain} {mechanism} after {fallen_on}"
    return _plan(rng, site, name, mechanism, world.campaigns[mechanism], starts_on, reacts_to=fall_name)


def place_campaigns(
    site: SearchSite, world: SearchWorld, parameters: WorldParameters, campaigns: list[PlannedCampaign]
) -> ArrangedSite:
    """The links of the campaigns; a link's ``group`` is the name of its campaign, its ``mechanism`` the campaign's."""
    placed = ArrangedSite()
    names = SourceNames([site.domain])
    for campaign in campaigns:
        rng = open_stream(world.seed, site.domain, f"links of {campaign.name}")
        maker = PageMaker(rng, site.site, parameters, names)
        offsets = _spread(rng, campaign)
        ends_on = _end_of_contract(rng, campaign)
        for offset in offsets:
            source = maker.new_source(pick_weighted(rng, campaign.kind.kinds), campaign.name)
            day = campaign.starts_on + datetime.timedelta(days=int(offset))
            ordered = campaign.ordered[int(rng.integers(len(campaign.ordered)))] if campaign.ordered else None
            links = maker.first_links(source, day, TARGET_NAMES.get(campaign.kind.target, "money"), ordered)
            gone_on = ends_on
            if campaign.removed_on is not None and rng.random() < campaign.removed_share:
                gone_on = campaign.removed_on
            placed.links += [
                replace(
                    link,
                    mechanism=campaign.mechanism,
                    group=campaign.name,
                    removed_on=max(link.placed_on, min(link.removed_on, gone_on or link.removed_on)),
                )
                for link in links
            ]
            if campaign.kind.links_back:
                back_on = day + datetime.timedelta(days=int(rng.integers(-BACK_DAYS, BACK_DAYS + 1)))
                placed.reverse_links.append(ReverseLink(source, back_on))
    return placed


def _plan(
    rng: np.random.Generator,
    site: SearchSite,
    name: str,
    mechanism: str,
    kind: CampaignKind,
    starts_on: datetime.date,
    *,
    reacts_to: str | None = None,
    near_update: str | None = None,
) -> PlannedCampaign:
    least, most = kind.domain_count
    ordered: dict[str, MoneyPage] = {}
    if kind.target == "money":
        for _ in range(draw_between(rng, kind.page_count)):
            page = order_page(rng, site.site, kind.keyword_count)
            ordered[page.path] = page
    return PlannedCampaign(
        name=name,
        mechanism=mechanism,
        kind=kind,
        starts_on=starts_on,
        days=draw_between(rng, kind.days),
        domain_count=int(np.exp(rng.uniform(np.log(least), np.log(most + 1)))),  # small orders are the commonest
        ordered=tuple(ordered.values()),
        reacts_to=reacts_to,
        near_update=near_update,
    )


def _draw_start(
    rng: np.random.Generator, world: SearchWorld, kind: CampaignKind, updates: tuple[Update, ...]
) -> tuple[datetime.date, str | None]:
    """Any day of the two years, or one in the weeks of an update: people act when everybody talks of it."""
    behaviour = world.behaviour
    span = world.performance_days - world.quiet_days // 2
    day = world.first_performance_on + datetime.timedelta(days=world.quiet_days // 4 + int(rng.integers(span)))
    is_near, which, shift = rng.random() < behaviour.near_update_share, rng.random(), rng.random()
    if kind.harm > 0 and is_near and updates:
        update = updates[int(which * len(updates))]
        least, most = behaviour.near_update_days
        return update.starts_on + datetime.timedelta(days=least + int(shift * (most - least + 1))), update.name
    return day, None


def _spread(rng: np.random.Generator, campaign: PlannedCampaign) -> np.ndarray:
    """Days from its start on which a campaign's domains place their links: a delivery, or attention that fades."""
    weights = np.ones(campaign.days)
    if campaign.kind.origin == "natural":
        weights = 0.5 ** (np.arange(campaign.days) * 3 / campaign.days)
    offsets = rng.choice(campaign.days, size=campaign.domain_count, p=weights / weights.sum())
    offsets[0] = 0
    return np.sort(offsets)


def _end_of_contract(rng: np.random.Generator, campaign: PlannedCampaign) -> datetime.date | None:
    """The day on which rented links go together; None where they were not rented."""
    if not campaign.kind.months:
        return None
    months = campaign.kind.months[int(rng.integers(len(campaign.kind.months)))]
    return campaign.starts_on + datetime.timedelta(days=campaign.days + round(months * DAYS_A_MONTH))
