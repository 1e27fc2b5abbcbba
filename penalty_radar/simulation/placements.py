"""All links of one site's world: natural growth, the spam every site has, and the campaigns."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from penalty_radar.simulation.arrangements import ArrangedSite, ReverseLink
from penalty_radar.simulation.arrivals import count_arrivals, open_stream, spread_campaign
from penalty_radar.simulation.names import SourceNames
from penalty_radar.simulation.pages import PageMaker, PlacedLink, SourceSite
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.wording import pick, pick_weighted

GOLDEN_RATIO = (math.sqrt(5) - 1) / 2
"""Its multiples spread evenly, so that the sites of a small portfolio show the whole spread of shares."""


@dataclass(frozen=True, slots=True)
class LinkWorld:
    """Everything that links to a site, and what the site links back to."""

    links: tuple[PlacedLink, ...]
    reverse_links: tuple[ReverseLink, ...]


def place_links(site: Site, parameters: WorldParameters, arranged: ArrangedSite | None = None) -> LinkWorld:
    """The world of one site's links over the whole history, in order of placement."""
    arranged = arranged or ArrangedSite()
    names = SourceNames([site.domain, *(link.source.domain for link in arranged.links)])
    links = _grow_naturally(site, parameters, names)
    reverse_links = [*arranged.reverse_links, *_link_back(site, links, parameters)]
    links += arranged.links
    for campaign in site.campaigns:
        rng = open_stream(parameters.seed, site.domain, f"campaign {campaign.name}")
        maker = PageMaker(rng, site, parameters, names)
        for placed_on in spread_campaign(rng, campaign):
            source = maker.new_source(pick_weighted(rng, campaign.kinds), campaign.name)
            links.extend(maker.first_links(source, placed_on, campaign.target))
            if rng.random() < campaign.reverse_share:
                back_on = placed_on + datetime.timedelta(days=int(rng.integers(-8, 9)))
                reverse_links.append(ReverseLink(source, back_on))
    unique = {(link.source_url, link.target_url): link for link in reversed(links)}
    ordered = sorted(unique.values(), key=lambda link: (link.placed_on, link.source_url, link.target_url))
    return LinkWorld(tuple(ordered), tuple(reverse_links))


def _grow_naturally(site: Site, parameters: WorldParameters, names: SourceNames) -> list[PlacedLink]:
    rng = open_stream(parameters.seed, site.domain, "natural growth")
    maker = PageMaker(rng, site, parameters, names)
    counts = count_arrivals(rng, parameters.links_from_on, parameters.link_history_days + 1, site, parameters.arrivals)
    links: list[PlacedLink] = []
    known: list[SourceSite] = []
    for offset, count in enumerate(counts):
        placed_on = parameters.links_from_on + datetime.timedelta(days=offset)
        for _ in range(int(count)):
            source = maker.new_source(_choose_kind(rng, site, parameters))
            links.extend(maker.first_links(source, placed_on))
            known.append(source)
        for _ in range(int(rng.binomial(count, parameters.arrivals.repeat_share))):
            links.append(maker.link(known[int(rng.integers(len(known)))], placed_on))
    return links


def _link_back(site: Site, links: list[PlacedLink], parameters: WorldParameters) -> list[ReverseLink]:
    """Honest links back to some who link to the site, on days that have nothing to do with theirs."""
    if parameters.arrangements is None:
        return []
    plan = parameters.arrangements.reciprocity
    rng = open_stream(parameters.seed, site.domain, "natural reciprocity")
    rank = (parameters.sites.index(site) + 1) * GOLDEN_RATIO % 1
    share = min(plan.most_share, plan.median_share * math.exp(plan.log_sd * NormalDist().inv_cdf(rank)))
    honest = {link.source.domain: link.source for link in links if link.source.origin == "natural"}
    backs = []
    for source in honest.values():
        if rng.random() < share:
            days = int(rng.integers(parameters.link_history_days))
            page = pick(rng, site.info_pages).path.removeprefix("/")
            backs.append(ReverseLink(source, parameters.links_from_on + datetime.timedelta(days=days), page))
    return backs


def _choose_kind(rng: np.random.Generator, site: Site, parameters: WorldParameters) -> str:
    if rng.random() < site.background_spam_share:
        return parameters.spam_kind
    return pick_weighted(rng, parameters.natural_shares)
