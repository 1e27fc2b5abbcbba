"""Portfolios with natural reciprocity and planted exchanges, as tables of staging."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.signals.exchange_profiles import Params

AS_OF = datetime.date(2026, 6, 30)
SPAN_DAYS = 1500
"""Days before :data:`AS_OF` on which links come to be: four years, as the dated exports at hand reach back."""

Edge = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class WorldParams:
    """One portfolio. Everything is a guess of what is ordinary, except the reciprocity, which is published."""

    site_count: int = 12
    """Monitored sites."""

    linking: tuple[int, int] = (100, 400)
    """Least and most domains that link to a site of their own accord."""

    linked: tuple[int, int] = (60, 250)
    """Least and most domains that a site links to of its own accord."""

    pool_count: int = 4000
    """Domains of the trade; a few are far more popular than most (Zipf), so that natural rings come about."""

    neighbour_share: float = 0.05
    """Chance that one monitored site links to another of its own accord."""

    swaps: tuple[int, int] = (6, 20)
    """Least and most planted swaps of a site."""

    ring_count: int = 10
    """Planted rings of three, and of four, in the portfolio."""

    agreed_days: int = 21
    """Days after the agreement within which each side places its link, uniform."""

    lag_days: float = 5.0
    """Mean days from a placement to the provider's first sight of it, exponential."""

    first_day_share: float = 0.25
    """Share of the natural links that the provider found on its first day."""

    told_share: float = 1.0
    """Share of the sites whose links out are exported."""

    is_dated: bool = True
    """Whether links out have days."""

    answered_share: float = 0.0
    """Share of natural links back that answer the link within the same weeks, as bloggers do."""


@dataclass
class World:
    """Tables of staging, and what was planted: pairs of site and linking domain."""

    links: pd.DataFrame
    outlinks: pd.DataFrame
    told: set[str]
    seen: dict[str, set[Edge]]
    """Only what the exports let see: the site's links out are told, and every link of the exchange by some export."""

    agreed: set[Edge]
    """All of them, of every form."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """What the stage reads."""
        return {"staging.links": self.links, "staging.outlinks": self.outlinks}


class _Builder:
    def __init__(self, params: WorldParams, seed: int) -> None:
        self.params = params
        self.random = np.random.default_rng([seed, 5])
        self.sites = [f"site{number}.example" for number in range(params.site_count)]
        self.pool = np.array([f"trade{number}.example" for number in range(params.pool_count)])
        popularity = 1.0 / np.arange(1, params.pool_count + 1) ** 0.7
        self.popularity = popularity / popularity.sum()
        self.fresh = 0
        self.days: dict[Edge, int] = {}
        self.agreed: dict[str, list[list[Edge]]] = {"mutual": [], "ring_of_three": [], "ring_of_four": []}

    def natural_day(self) -> int:
        if self.random.random() < self.params.first_day_share:
            return 0
        return int(self.random.integers(0, SPAN_DAYS))

    def agreed_day(self, day: int) -> int:
        late = self.random.uniform(0, self.params.agreed_days) + self.random.exponential(self.params.lag_days)
        return min(day + int(late), SPAN_DAYS - 1)

    def link(self, source: str, target: str, day: int) -> None:
        self.days.setdefault((source, target), day)

    def add_natural(self, site: str) -> None:
        params, random = self.params, self.random
        linking = random.choice(self.pool, int(random.integers(*params.linking)), replace=False, p=self.popularity)
        linked = random.choice(self.pool, int(random.integers(*params.linked)), replace=False, p=self.popularity)
        linked = linked[~np.isin(linked, linking)]
        shares = Params()
        back = linking[random.random(len(linking)) < random.beta(shares.alpha, shares.beta)]
        for domain in linking:
            self.link(str(domain), site, self.natural_day())
        for domain in back:
            is_answer = random.random() < params.answered_share
            came = self.days[(str(domain), site)]
            self.link(site, str(domain), self.agreed_day(came) if is_answer else self.natural_day())
        for domain in linked:
            self.link(site, str(domain), self.natural_day())
        for other in self.sites:
            if other != site and random.random() < params.neighbour_share:
                self.link(site, other, self.natural_day())
        for platform in ("facebook.com", "youtube.com", "huge.example"):
            self.link(site, platform, self.natural_day())
            self.link(platform, site, self.natural_day())

    def partner(self) -> str:
        """A domain that nothing else links to or from: half of the partners; or one of the trade."""
        if self.random.random() < 0.5:
            self.fresh += 1
            return f"partner{self.fresh}.example"
        return str(self.random.choice(self.pool))

    def plant(self, form: str, members: list[str]) -> None:
        edges = list(zip(members, [*members[1:], members[0]], strict=True))
        if len(set(members)) < len(members) or any(edge in self.days or edge[::-1] in self.days for edge in edges):
            return
        day = int(self.random.integers(30, SPAN_DAYS - 60))
        for edge in edges:
            self.link(*edge, self.agreed_day(day))
        self.agreed[form].append(edges)

    def plant_all(self) -> None:
        for site in self.sites:
            for _ in range(int(self.random.integers(*self.params.swaps))):
                self.plant("mutual", [site, self.partner()])
        for _ in range(self.params.ring_count):
            first, second, third = (str(site) for site in self.random.choice(self.sites, 3, replace=False))
            self.plant("ring_of_three", [first, second, self.partner()])
            is_apart = self.random.random() < 0.5
            members = [first, self.partner(), second, self.partner() if is_apart else third]
            self.plant("ring_of_four", members)

    def finish(self) -> World:
        known = round(self.params.told_share * len(self.sites))
        told = set(self.sites[:known])
        return World(
            links=self._links(edge for edge in self.days if edge[1] in self.sites),
            outlinks=self._outlinks(edge for edge in self.days if edge[0] in told),
            told=told,
            seen={
                form: {
                    (site, source)
                    for site, source in self._pairs(edges for edges in exchanges if self._is_seen(edges, told))
                    if site in told
                }
                for form, exchanges in self.agreed.items()
            },
            agreed=set().union(*(self._pairs(exchanges) for exchanges in self.agreed.values())),
        )

    def _pairs(self, exchanges: Iterable[list[Edge]]) -> set[Edge]:
        return {(target, source) for edges in exchanges for source, target in edges if target in self.sites}

    def _is_seen(self, edges: list[Edge], told: set[str]) -> bool:
        return all(source in told or target in self.sites for source, target in edges)

    def _date(self, edge: Edge) -> datetime.date:
        return AS_OF - datetime.timedelta(days=SPAN_DAYS - self.days[edge])

    def _links(self, edges: Iterable[Edge]) -> pd.DataFrame:
        rows = [
            {
                "link_id": f"{source}>{target}",
                "site_domain": target,
                "provider": "ahrefs_backlinks",
                "source_domain": source,
                "first_seen_on": self._date((source, target)),
                "source_authority": 95.0 if source == "huge.example" else 30.0,
            }
            for source, target in edges
        ]
        return pd.DataFrame(rows)

    def _outlinks(self, edges: Iterable[Edge]) -> pd.DataFrame:
        rows = [
            {
                "site_domain": source,
                "provider": "mapped_outlinks",
                "source_url": f"https://{source}/page",
                "target_url": f"https://{target}/",
                "target_domain": target,
                "first_seen_on": self._date((source, target)) if self.params.is_dated else None,
            }
            for source, target in edges
        ]
        names = ["site_domain", "provider", "source_url", "target_url", "target_domain", "first_seen_on"]
        return pd.DataFrame(rows, columns=names)


def build_world(params: WorldParams, seed: int) -> World:
    """One portfolio; the same for the same seed."""
    builder = _Builder(params, seed)
    for site in builder.sites:
        builder.add_natural(site)
    builder.plant_all()
    return builder.finish()
