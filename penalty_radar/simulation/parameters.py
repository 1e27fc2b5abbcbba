"""The parameters of a simulated world: one documented file, read into frozen models.

Units and reasons stand beside every value in ``worlds/demo.toml``; the models fix names, types and ranges.
"""

from __future__ import annotations

import datetime
import tomllib
import unicodedata
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field

from penalty_radar.simulation.arranged_parameters import Arrangements, Portfolio
from penalty_radar.simulation.link_parameters import (
    Arrivals,
    Campaign,
    Frozen,
    Index,
    Lifetime,
    LinkKind,
    Positive,
    Provider,
    Share,
)
from penalty_radar.simulation.names import coin_place
from penalty_radar.simulation.search_parameters import Search, SearchNoise, Tracker

WORLDS = Path(__file__).parent / "worlds"

PLAIN_NAMES = 7919
"""Stream number of the names of plain sites: any fixed number does; names do not change with the seed."""

Language = Literal["nl", "en", "de", "fr", "es"]
WordingPart = Literal["all", "fit", "test"]
ExportName = Literal[
    "ahrefs_backlinks_37",
    "ahrefs_backlinks_34",
    "ahrefs_backlinks_comma",
    "semrush_backlinks",
    "semrush_audit",
    "semrush_organic",
    "search_console_zip",
    "search_console_dutch",
    "se_ranking",
    "screaming_frog",
    "ahrefs_linked_domains",
    "ahrefs_referring_ips",
    "semrush_referring_domains",
]


class MoneyPage(Frozen):
    """A commercial page and the keywords it should rank for."""

    path: str
    keywords: tuple[str, ...]


class InfoPage(Frozen):
    """A page that informs; what earns links."""

    path: str
    title: str


class Site(Frozen):
    """One monitored site and what happens to it."""

    domain: str
    world: str
    brand: str
    language: Language
    topics: tuple[str, ...]
    money_pages: tuple[MoneyPage, ...]
    info_pages: tuple[InfoPage, ...]
    link_daily_mean: Positive
    link_dispersion: Annotated[float, Field(ge=1)]
    background_spam_share: Share
    exports: tuple[ExportName, ...]
    search: Search | None = None
    campaigns: tuple[Campaign, ...] = ()

    @property
    def home_url(self) -> str:
        """The home page, as links point at it."""
        return f"https://www.{self.domain}/"


class WorldParameters(Frozen):
    """A whole portfolio: seed, calendar, crawlers, kinds of link and the sites."""

    seed: int
    last_export_on: datetime.date
    link_history_days: Annotated[int, Field(ge=60)]
    performance_days: Annotated[int, Field(ge=60)]
    performance_delay_days: Annotated[int, Field(ge=0)]
    lost_horizon_days: Annotated[int, Field(ge=1)]
    last_seen_horizon_months: Annotated[int, Field(ge=1)]
    new_flag_days: Annotated[int, Field(ge=1)]
    outlinks_before_on: datetime.date
    broken_title_share: Share
    arrivals: Arrivals
    lifetimes: dict[str, Lifetime]
    indexes: dict[Provider, Index]
    natural_shares: dict[str, Share]
    spam_kind: str
    kinds: dict[str, LinkKind]
    search_noise: SearchNoise
    tracker: Tracker
    wording_part: WordingPart = "all"
    crawls_on: tuple[datetime.date, ...] = ()
    arrangements: Arrangements | None = None
    portfolio: Portfolio | None = None
    sites: tuple[Site, ...] = ()

    @classmethod
    def demo(cls) -> Self:
        """The demo world, as ``worlds/demo.toml`` describes it."""
        return cls.model_validate(tomllib.loads((WORLDS / "demo.toml").read_text(encoding="utf-8")))

    @property
    def links_from_on(self) -> datetime.date:
        """First day on which the world has links."""
        return self.last_export_on - datetime.timedelta(days=self.link_history_days)

    @property
    def last_performance_on(self) -> datetime.date:
        """Last day that search performance exports hold: it arrives late."""
        return self.last_export_on - datetime.timedelta(days=self.performance_delay_days)

    def with_seed(self, seed: int) -> Self:
        """The same worlds drawn anew: other links, other noise, the same planted dates."""
        return self.model_copy(update={"seed": seed})

    def with_plain_sites(self, count: int, *, only_plain: bool = False) -> Self:
        """With ``count`` more healthy sites, in which nothing is planted; ``only_plain`` leaves out the named sites."""
        templates = [site for site in self.sites if site.search is not None]
        plain = tuple(_plain_site(templates[number % len(templates)], number) for number in range(count))
        return self.model_copy(update={"sites": plain if only_plain else (*self.sites, *plain)})


def _plain_site(template: Site, number: int) -> Site:
    """The template under another name, with nothing planted and the two commonest exports."""
    place = coin_place(np.random.default_rng([PLAIN_NAMES, number]))
    theme, suffix = template.topics[0].split()[0], template.domain.split(".", 1)[1]
    domain = f"{theme}-{place}-{number + 1}.{suffix}"
    search = template.search
    if search is not None:
        search = search.model_copy(update={"drops": (), "outages": (), "property_name": domain})
    links: ExportName = "semrush_backlinks" if number % 2 == 0 else "ahrefs_backlinks_37"
    return template.model_copy(
        update={
            "domain": domain,
            "world": "plain",
            "brand": f"{theme.capitalize()} {place.capitalize()}",
            "campaigns": (),
            "search": search,
            "exports": (links, "search_console_zip"),
        }
    )


def draw_sites(portfolio: Portfolio, seed: int, *, world: str = "origins") -> tuple[Site, ...]:
    """The sites of a portfolio: trades in turn, names coined, sizes drawn."""
    trades = tomllib.loads((WORLDS / "trades.toml").read_text(encoding="utf-8"))
    rng = np.random.default_rng([seed, PLAIN_NAMES])
    sites = []
    for number in range(portfolio.site_count):
        trade = trades[portfolio.trades[number % len(portfolio.trades)]]
        place, theme = coin_place(rng), trade["topics"][0]
        plain = unicodedata.normalize("NFKD", theme).encode("ascii", "ignore").decode().replace(" ", "-")
        suffix = {"en": "co.uk"}.get(trade["language"], trade["language"])
        outgoing = portfolio.outgoing_exports[number % len(portfolio.outgoing_exports)]
        sites.append(
            Site.model_validate(
                {
                    "domain": f"{plain}-{place}-{number + 1}.{suffix}",
                    "world": world,
                    "brand": f"{theme.capitalize()} {place.capitalize()}",
                    **trade,
                    "link_daily_mean": rng.uniform(*portfolio.link_daily_mean),
                    "link_dispersion": rng.uniform(*portfolio.link_dispersion),
                    "background_spam_share": rng.uniform(*portfolio.background_spam_share),
                    "exports": (*portfolio.link_exports[number % len(portfolio.link_exports)], *outgoing),
                }
            )
        )
    return tuple(sites)


def load_world(path: Path) -> WorldParameters:
    """Read a world file; pydantic's ValidationError names what is wrong in it.

    Where the file describes a portfolio, its sites are drawn here, once: another seed later keeps the sites.
    """
    parameters = WorldParameters.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    if parameters.portfolio is None:
        return parameters
    return parameters.model_copy(update={"sites": draw_sites(parameters.portfolio, parameters.seed)})
