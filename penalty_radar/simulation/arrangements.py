"""Links that somebody arranged, over a whole portfolio: orders, rentals, guest posts, programmes, attacks.

What involves several sites at once (swaps, rings, networks) stands in :mod:`penalty_radar.simulation.alliances`.
Every mechanism of every site draws from a stream of its own, so that one never shifts another.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace

import numpy as np

from penalty_radar.simulation.arranged_parameters import Arrangements, Between, Trickle, Waves
from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.names import SourceNames
from penalty_radar.simulation.pages import PageMaker, PlacedLink, SourceSite
from penalty_radar.simulation.parameters import MoneyPage, Site, WorldParameters
from penalty_radar.simulation.wording import pick, pick_weighted

DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class ReverseLink:
    """A link from the site to a partner or anyone else, from ``placed_on`` on; ``path`` is the page it stands on."""

    partner: SourceSite
    placed_on: datetime.date
    path: str = "partners/"


@dataclass(slots=True)
class ArrangedSite:
    """What was arranged for one site: the links to it and its own links to others."""

    links: list[PlacedLink] = field(default_factory=list)
    reverse_links: list[ReverseLink] = field(default_factory=list)


class Arranger:
    """Collects what is arranged, by site; hands out streams, makers and days."""

    def __init__(self, parameters: WorldParameters, plan: Arrangements) -> None:
        self.parameters = parameters
        self.plan = plan
        self.sites = parameters.sites
        self.made = {site.domain: ArrangedSite() for site in self.sites}
        self._names = SourceNames([site.domain for site in self.sites])
        self.shops = self._open_shops()

    def open_stream(self, whose: str, mechanism: str) -> np.random.Generator:
        """The random stream of one mechanism of one site, or of the portfolio (``whose`` empty)."""
        return open_stream(self.parameters.seed, whose, f"arranged {mechanism}")

    def make_pages(self, rng: np.random.Generator, site: Site) -> PageMaker:
        """A maker of pages that link to ``site``; domain names are unique over the portfolio."""
        return PageMaker(rng, site, self.parameters, self._names)

    def draw_day(self, rng: np.random.Generator, days: int) -> datetime.date:
        """First day of something that takes ``days`` days, anywhere in the history of links."""
        last = self.parameters.link_history_days - days
        return self.parameters.links_from_on + datetime.timedelta(days=int(rng.integers(0, max(1, last))))

    def place(
        self, site: Site, links: list[PlacedLink], mechanism: str, group: str, removed_on: datetime.date | None = None
    ) -> None:
        """Note links to ``site`` as arranged in one way and together with others of ``group``."""
        self.made[site.domain].links += [
            replace(link, mechanism=mechanism, group=group, removed_on=removed_on or link.removed_on) for link in links
        ]

    def of_language(self, language: str) -> tuple[Site, ...]:
        """The monitored sites of one language."""
        return tuple(site for site in self.sites if site.language == language)

    def _open_shops(self) -> dict[str, list[SourceSite]]:
        """By language, the blogs that sell to everybody."""
        shops: dict[str, list[SourceSite]] = {}
        for language in dict.fromkeys(site.language for site in self.sites):
            rng = self.open_stream(language, "shops")
            maker = self.make_pages(rng, self.of_language(language)[0])
            shops[language] = [
                maker.new_source(pick_weighted(rng, self.plan.shops.kinds), f"shops {language}")
                for _ in range(self.plan.shops.per_language)
            ]
        return shops


def draw_between(rng: np.random.Generator, between: Between) -> int:
    """A whole number from least to most, all alike likely."""
    return int(rng.integers(between[0], between[1] + 1))


def order_page(rng: np.random.Generator, site: Site, keyword_count: Between) -> MoneyPage:
    """One commercial page with the few keywords that were ordered."""
    page = pick(rng, site.money_pages)
    count = min(draw_between(rng, keyword_count), len(page.keywords))
    chosen = rng.permutation(len(page.keywords))[:count]
    return MoneyPage(path=page.path, keywords=tuple(page.keywords[int(place)] for place in chosen))


def arrange_sites(arranger: Arranger) -> None:
    """Everything that a site arranges, or suffers, by itself."""
    plan = arranger.plan
    for site in arranger.sites:
        _buy_batches(arranger, site)
        _rent_batches(arranger, site)
        _place_singly(arranger, site, plan.single_purchases, "single purchase")
        _place_singly(arranger, site, plan.single_guest_posts, "single guest post")
        waves = {"guest round": plan.guest_rounds, "package": plan.packages}
        waves |= {f"attack: {name}": attack for name, attack in plan.attacks.items()}
        for mechanism, wave in waves.items():
            _bring_waves(arranger, site, mechanism, wave)
    _link_commonly(arranger)


def _buy_batches(arranger: Arranger, site: Site) -> None:
    plan = arranger.plan.purchase_batches
    rng = arranger.open_stream(site.domain, "purchase batches")
    maker = arranger.make_pages(rng, site)
    for number in range(int(rng.poisson(plan.per_site_mean))):
        group = f"{site.domain} batch {number + 1}"
        days = draw_between(rng, plan.days)
        start = arranger.draw_day(rng, days)
        band = (float(rng.uniform(*plan.authority)), plan.authority_sd)
        ordered = order_page(rng, site, plan.keyword_count)
        shops = list(arranger.shops[site.language])
        for _ in range(draw_between(rng, plan.domain_count)):
            if shops and rng.random() < plan.shop_share:
                source = shops.pop(int(rng.integers(len(shops))))
            else:
                source = maker.new_source(pick_weighted(rng, plan.kinds), group, band=band)
            day = start + datetime.timedelta(days=int(rng.integers(days)))
            arranger.place(site, maker.first_links(source, day, "money", ordered), "purchase batch", group)


def _rent_batches(arranger: Arranger, site: Site) -> None:
    """Rented batches; some begin so that their end still stands among the lost links of an export."""
    plan, parameters = arranger.plan.rentals, arranger.parameters
    rng = arranger.open_stream(site.domain, "rentals")
    maker = arranger.make_pages(rng, site)
    for number in range(int(rng.poisson(plan.per_site_mean))):
        group = f"{site.domain} rental {number + 1}"
        days = draw_between(rng, plan.days)
        term = round(pick(rng, plan.months) * DAYS_A_MONTH)
        start = arranger.draw_day(rng, days)
        if rng.random() < plan.still_listed_share:
            ended_ago = int(rng.integers(10, parameters.lost_horizon_days - 10))
            start = parameters.last_export_on - datetime.timedelta(days=ended_ago + term + days)
        ends_on = start + datetime.timedelta(days=days + term + draw_between(rng, plan.late_days))
        ordered = order_page(rng, site, (1, 2))
        kind = pick_weighted(rng, plan.kinds)
        for _ in range(draw_between(rng, plan.domain_count)):
            source = maker.new_source(kind, group)
            day = start + datetime.timedelta(days=int(rng.integers(days)))
            removed_on = ends_on + datetime.timedelta(days=draw_between(rng, plan.removal_days))
            arranger.place(site, maker.first_links(source, day, "money", ordered), "rental", group, removed_on)


def _place_singly(arranger: Arranger, site: Site, plan: Trickle, mechanism: str) -> None:
    rng = arranger.open_stream(site.domain, mechanism)
    maker = arranger.make_pages(rng, site)
    is_done = rng.random() < plan.sites_share
    shops = list(arranger.shops[site.language])
    for number in range(int(rng.poisson(plan.per_site_mean)) if is_done else 0):
        group = f"{site.domain} {mechanism} {number + 1}"
        if shops and rng.random() < plan.shop_share:
            source = shops.pop(int(rng.integers(len(shops))))
        else:
            source = maker.new_source(pick_weighted(rng, plan.kinds), group)
        arranger.place(site, maker.first_links(source, arranger.draw_day(rng, 1)), mechanism, group)


def _bring_waves(arranger: Arranger, site: Site, mechanism: str, plan: Waves) -> None:
    """Waves of new domains within some days: guest posts, entries in directories, spam."""
    rng = arranger.open_stream(site.domain, mechanism)
    maker = arranger.make_pages(rng, site)
    for number in range(int(rng.poisson(plan.per_site_mean))):
        group = f"{site.domain} {mechanism} {number + 1}"
        days = draw_between(rng, plan.days)
        start = arranger.draw_day(rng, days)
        for _ in range(draw_between(rng, plan.domain_count)):
            source = maker.new_source(pick_weighted(rng, plan.kinds), group)
            day = start + datetime.timedelta(days=int(rng.integers(days)))
            arranger.place(site, maker.first_links(source, day), mechanism, group)


def _link_commonly(arranger: Arranger) -> None:
    """Honest domains that link to many of the monitored sites of their language, each when it likes."""
    plan = arranger.plan.common_sources
    for language in arranger.shops:
        rng = arranger.open_stream(language, "common sources")
        sites = arranger.of_language(language)
        makers = [arranger.make_pages(rng, site) for site in sites]
        for _ in range(plan.per_language):
            source = makers[0].new_source(pick_weighted(rng, plan.kinds))
            for site, maker in zip(sites, makers, strict=True):
                if rng.random() < plan.link_share:
                    arranger.place(site, maker.first_links(source, arranger.draw_day(rng, 1)), "common source", "")
