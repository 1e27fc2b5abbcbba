"""Arrangements between sites: swaps, rings, agreements and private networks, and honest links between neighbours."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np

from penalty_radar.simulation.arrangements import (
    ArrangedSite,
    Arranger,
    ReverseLink,
    arrange_sites,
    draw_between,
    order_page,
)
from penalty_radar.simulation.pages import PageMaker, PlacedLink, SourceSite
from penalty_radar.simulation.parameters import MoneyPage, Site, WorldParameters
from penalty_radar.simulation.wording import pick, pick_weighted

PARTNER_PATH = "partners/"
NEIGHBOUR_KIND = "small_firm"
"""Honest links between monitored sites stand on pages like those of any small firm."""


def arrange_portfolio(parameters: WorldParameters) -> dict[str, ArrangedSite]:
    """Everything that is arranged, by monitored site; empty for a world without arrangements."""
    if parameters.arrangements is None:
        return {}
    arranger = Arranger(parameters, parameters.arrangements)
    arrange_sites(arranger)
    for site in arranger.sites:
        _swap_directly(arranger, site)
        _link_outwards(arranger, site)
    _close_rings(arranger)
    _agree(arranger)
    _link_neighbours(arranger)
    for number in range(arranger.plan.networks.count):
        _run_network(arranger, number + 1)
    return arranger.made


def own_page(rng: np.random.Generator, site: Site) -> str:
    """Path (without its first slash) of a page of the site on which a link to others may stand."""
    return pick(rng, site.info_pages).path.removeprefix("/")


def _swap_directly(arranger: Arranger, site: Site) -> None:
    plan = arranger.plan.swaps
    rng = arranger.open_stream(site.domain, "swaps")
    maker = arranger.make_pages(rng, site)
    is_done = rng.random() < plan.sites_share
    for number in range(int(rng.poisson(plan.per_site_mean)) if is_done else 0):
        group = f"{site.domain} swap {number + 1}"
        source = maker.new_source(pick_weighted(rng, plan.kinds), group)
        day = arranger.draw_day(rng, 1)
        arranger.place(site, maker.first_links(source, day), "swap", group)
        back_on = day + datetime.timedelta(days=int(rng.integers(-plan.back_days, plan.back_days + 1)))
        path = PARTNER_PATH if source.kind == "partner_page" else own_page(rng, site)
        arranger.made[site.domain].reverse_links.append(ReverseLink(source, back_on, path))


def _link_outwards(arranger: Arranger, site: Site) -> None:
    """The site's links to others who do not link to it: suppliers, sources, good reading."""
    rng = arranger.open_stream(site.domain, "outgoing")
    maker = arranger.make_pages(rng, site)
    kinds = arranger.parameters.natural_shares
    for _ in range(draw_between(rng, arranger.plan.outgoing.count)):
        source = maker.new_source(pick_weighted(rng, kinds))
        link = ReverseLink(source, arranger.draw_day(rng, 1), own_page(rng, site))
        arranger.made[site.domain].reverse_links.append(link)


def _act_as_source(maker: PageMaker, site: Site, kind: str, group: str) -> SourceSite:
    """A monitored site as one that links to another."""
    return replace(maker.new_source(kind, group), domain=site.domain, place=site.brand, language=site.language)


def _close_rings(arranger: Arranger) -> None:
    """A to B, B to C, C to A: each link is placed where it can be seen, the outsiders' own links nowhere."""
    plan = arranger.plan.rings
    rng = arranger.open_stream("", "rings")
    for number in range(plan.count):
        group, size = f"ring {number + 1}", int(pick_weighted(rng, plan.sizes))
        first = pick(rng, arranger.sites)
        known = max(1, int(rng.binomial(size, plan.monitored_share)))
        others = [site for site in arranger.of_language(first.language) if site is not first]
        chosen = [others[int(place)] for place in rng.permutation(len(others))[: known - 1]]
        members: list[Site | None] = [first, *chosen]
        members += [None] * (size - len(members))
        members = [members[int(place)] for place in rng.permutation(size)]
        kind, days = pick_weighted(rng, plan.kinds), draw_between(rng, plan.days)
        start = arranger.draw_day(rng, days)
        maker = arranger.make_pages(rng, first)
        sources = [
            maker.new_source(kind, group) if site is None else _act_as_source(maker, site, kind, group)
            for site in members
        ]
        for place, site in enumerate(members):
            to = (place + 1) % size
            day = start + datetime.timedelta(days=int(rng.integers(days)))
            _link_between(arranger, rng, (site, sources[place]), (members[to], sources[to]), day, "ring", group)


def _link_between(
    arranger: Arranger,
    rng: np.random.Generator,
    giver: tuple[Site | None, SourceSite],
    taker: tuple[Site | None, SourceSite],
    day: datetime.date,
    mechanism: str,
    group: str,
) -> None:
    """One link from one to another, noted on the side of each that is monitored."""
    if taker[0] is not None:
        link = arranger.make_pages(rng, taker[0]).link(giver[1], day)
        arranger.place(taker[0], [link], mechanism, group)
    if giver[0] is not None:
        path = PARTNER_PATH if giver[1].kind == "partner_page" else own_page(rng, giver[0])
        arranger.made[giver[0].domain].reverse_links.append(ReverseLink(taker[1], day, path))


def _agree(arranger: Arranger) -> None:
    plan = arranger.plan.agreements
    rng = arranger.open_stream("", "agreements")
    for number in range(plan.count):
        group, count = f"agreement {number + 1}", draw_between(rng, plan.site_count)
        members = _choose_clients(rng, arranger, count)
        kind, days = pick_weighted(rng, plan.kinds), draw_between(rng, plan.days)
        start = arranger.draw_day(rng, days)
        sources = [_act_as_source(arranger.make_pages(rng, site), site, kind, group) for site in members]
        for giver in range(len(members)):
            for taker in range(len(members)):
                if giver == taker or rng.random() >= plan.pair_share:
                    continue
                day = start + datetime.timedelta(days=int(rng.integers(days)))
                sides = (members[giver], sources[giver]), (members[taker], sources[taker])
                _link_between(arranger, rng, *sides, day, "agreement", group)


def _link_neighbours(arranger: Arranger) -> None:
    """Honest links between monitored sites of one language, on unrelated days."""
    rng = arranger.open_stream("", "neighbours")
    for giver in arranger.sites:
        for taker in arranger.of_language(giver.language):
            if giver is taker or rng.random() >= arranger.plan.outgoing.neighbour_share:
                continue
            makers = [arranger.make_pages(rng, site) for site in (giver, taker)]
            sources = [replace(_act_as_source(maker, site, NEIGHBOUR_KIND, ""), campaign=None)
                       for maker, site in zip(makers, (giver, taker), strict=True)]  # fmt: skip
            day = arranger.draw_day(rng, 1)
            _link_between(arranger, rng, (giver, sources[0]), (taker, sources[1]), day, "neighbour", "")


def _run_network(arranger: Arranger, number: int) -> None:
    """One private network: most of its domains link to all of its clients within days, from a few subnets."""
    plan = arranger.plan.networks
    rng = arranger.open_stream("", f"network {number}")
    group, days = f"network {number}", draw_between(rng, plan.days)
    clients = _choose_clients(rng, arranger, draw_between(rng, plan.target_count))
    makers = [arranger.make_pages(rng, site) for site in clients]
    subnets = [f"198.18.{int(rng.integers(256))}" for _ in range(draw_between(rng, plan.subnet_count))]
    kind = pick_weighted(rng, plan.kinds)
    sources = [
        makers[0].new_source(kind, group, subnet=pick(rng, subnets))
        for _ in range(draw_between(rng, plan.source_count))
    ]
    start = arranger.draw_day(rng, days)
    for site, maker in zip(clients, makers, strict=True):
        ordered = order_page(rng, site, plan.keyword_count)
        pattern = maker.link(sources[0], start, "mixed", ordered)
        shares_path, shares_title = rng.random() < plan.shared_path_share, rng.random() < plan.shared_title_share
        for source in sources:
            if rng.random() >= plan.hit_share:
                continue
            day = start + datetime.timedelta(days=int(rng.integers(days)))
            link = _post(maker, source, day, ordered, pattern if shares_path else None)
            if shares_title:
                link = replace(link, source_title=pattern.source_title)
            arranger.place(site, [link], "network", group)


def _post(
    maker: PageMaker, source: SourceSite, day: datetime.date, ordered: MoneyPage, pattern: PlacedLink | None
) -> PlacedLink:
    """A network's page; with a ``pattern`` it stands at the same address of its own domain."""
    link = maker.link(source, day, "mixed", ordered)
    if pattern is None:
        return link
    path = pattern.source_url.removeprefix(f"https://{pattern.source_host}")
    return replace(link, source_url=f"https://{link.source_host}{path}")


def _choose_clients(rng: np.random.Generator, arranger: Arranger, count: int) -> list[Site]:
    """Sites of one language first, then any others."""
    first = pick(rng, arranger.sites)
    order = [arranger.sites[int(place)] for place in rng.permutation(len(arranger.sites))]
    return sorted(order, key=lambda site: site.language != first.language)[:count]
