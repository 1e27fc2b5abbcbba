"""Writes a portfolio of a world with a search engine: export files, sites.toml, the team's calendar, and the truth.

Everything about a site is drawn from streams of its own, so that more sites leave the first ones as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from penalty_radar.simulation.formats.written import ExportFile, write_file
from penalty_radar.simulation.indexes import ListedLink, list_links
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.placements import LinkWorld, place_links
from penalty_radar.simulation.portfolio import EXPORTS_FOLDER, clear_portfolio
from penalty_radar.simulation.search_engine.breaks import plan_breaks
from penalty_radar.simulation.search_engine.campaigns import LINK_PROVIDER, place_campaigns, plan_campaigns
from penalty_radar.simulation.search_engine.events import TeamEvent, write_events
from penalty_radar.simulation.search_engine.exports import make_exports
from penalty_radar.simulation.search_engine.fall import Fall
from penalty_radar.simulation.search_engine.falls import SiteStory, StoryTeller
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.search_engine.planted import state_campaigns, state_falls
from penalty_radar.simulation.search_engine.series import SiteSeries, simulate_series
from penalty_radar.simulation.search_engine.sites import MARKETS_OF, SearchSite, draw_search_site
from penalty_radar.simulation.search_engine.tracking import TrackedKeywords, track_keywords
from penalty_radar.simulation.search_engine.truth import PlantedCampaign, PlantedFall, SearchTruth, write_search_truth
from penalty_radar.simulation.search_engine.updates import Update, updates_of
from penalty_radar.simulation.truth import SiteTruth, WrittenFile

EVENTS_FILE = "events.csv"
SITES_FILE = "sites.toml"


@dataclass(frozen=True)
class SimulatedSite:
    """One site with everything that happened to it and everything that exports may show of it."""

    site: SearchSite
    story: SiteStory
    links: LinkWorld
    listed: list[ListedLink]
    series: SiteSeries | None
    tracked: TrackedKeywords | None


@dataclass(frozen=True)
class Portfolio:
    """All sites of a world, one after the other; nothing is written."""

    world: SearchWorld

    @cached_property
    def parameters(self) -> WorldParameters:
        """The world of links under this one."""
        return self.world.link_parameters()

    @cached_property
    def updates(self) -> tuple[Update, ...]:
        """The updates of the calendar within the world's days."""
        return updates_of(self.world)

    @cached_property
    def breaks(self) -> tuple[list[Fall], list[TeamEvent]]:
        """What goes wrong with measuring, and what the team notes of it."""
        return plan_breaks(self.world)

    def simulate(self) -> Iterator[SimulatedSite]:
        """Each site in turn."""
        return map(self.simulate_site, self.parameters.sites)

    def simulate_site(self, site: Site) -> SimulatedSite:
        """One site: its demand, its campaigns, its falls, its links and its days."""
        world, parameters = self.world, self.parameters
        drawn = draw_search_site(site, world)
        teller = StoryTeller(drawn, world, self.updates, plan_campaigns(drawn, world, self.updates))
        story = teller.tell([_at_site(fall, drawn) for fall in self.breaks[0]])
        links = place_links(site, parameters, place_campaigns(drawn, world, parameters, story.campaigns))
        return SimulatedSite(
            site=drawn,
            story=story,
            links=links,
            listed=list_links(site, links.links, LINK_PROVIDER, parameters),
            series=simulate_series(drawn, world, story.falls) if drawn.has_search else None,
            tracked=track_keywords(drawn, world, story.falls) if drawn.has_tracker else None,
        )


def simulate_search_world(folder: Path, world: SearchWorld, *, name: str) -> SearchTruth:
    """Write ``folder/exports/<domain>/…``, ``folder/sites.toml``, ``folder/exports/events.csv`` and ``truth.json``.

    The same parameters give the same bytes. Replaces what an earlier simulation wrote there.

    Raises:
        UsageError: ``folder/exports`` holds files that no simulation wrote.
    """
    exports = folder / EXPORTS_FOLDER
    clear_portfolio(folder, exports)
    portfolio = Portfolio(world)
    sites, campaigns, falls, events = [], [], [], list(portfolio.breaks[1])
    entries = []
    for simulated in portfolio.simulate():
        files = make_exports(simulated.site, world, portfolio.parameters, simulated)
        origins = {seen.placed.source.domain: seen.placed.source.origin for seen in simulated.listed}
        sites.append(write_site(exports, simulated.site.domain, files, origins))
        campaigns += state_campaigns(simulated.site, world, simulated.story, simulated.listed)
        falls += state_falls(simulated.site, world, simulated.story, simulated.tracked)
        events += simulated.story.events
        entries.append(list_site(simulated.site))
    content, count = write_events(events)
    file = ExportFile(EVENTS_FILE, content, count, world.last_export_on)
    write_file(exports, file)
    calendar = WrittenFile(path=EVENTS_FILE, row_count=count, byte_count=len(content))
    sites.append(SiteTruth(site_domain="", world="calendar", files=(calendar,), domain_origins={}))
    (folder / SITES_FILE).write_text("\n".join(entries), encoding="utf-8")
    return tell_truth(folder, world, name, sites, campaigns, falls)


def tell_truth(
    folder: Path,
    world: SearchWorld,
    name: str,
    sites: Sequence[SiteTruth],
    campaigns: Sequence[PlantedCampaign],
    falls: Sequence[PlantedFall],
) -> SearchTruth:
    """What a world had planted, written beside its exports as ``truth.json``."""
    truth = SearchTruth(
        world=name,
        seed=world.seed,
        last_export_on=world.last_export_on,
        first_performance_on=world.first_performance_on,
        last_performance_on=world.last_performance_on,
        sites=tuple(sites),
        campaigns=tuple(campaigns),
        falls=tuple(falls),
    )
    write_search_truth(folder, truth)
    return truth


def _at_site(fall: Fall, site: SearchSite) -> Fall:
    """A fall that strikes every site, as it strikes this one."""
    return replace(fall, weights=np.ones(len(site.atoms)))


def write_site(exports: Path, domain: str, files: Sequence[ExportFile], origins: Mapping[str, str]) -> SiteTruth:
    """Write a site's files; what is told of them, and of the true origin of each referring domain."""
    for file in files:
        write_file(exports / domain, file)
    written = tuple(
        WrittenFile(path=f"{domain}/{file.name}", row_count=file.row_count, byte_count=len(file.content))
        for file in files
    )
    return SiteTruth(site_domain=domain, world="search", files=written, domain_origins=dict(sorted(origins.items())))


def list_site(site: SearchSite) -> str:
    """The entry of the site in sites.toml."""
    brand = site.site.brand.lower()
    words = ", ".join(f'"{word}"' for word in dict.fromkeys((brand, brand.split()[-1])))
    markets = ", ".join(f'"{market}"' for market in MARKETS_OF[site.site.language])
    pages = ", ".join(f'"{page.path}"' for page in site.site.money_pages)
    return (
        f'[[site]]\ndomain = "{site.domain}"\nlanguage = "{site.site.language}"\nbrand_words = [{words}]\n'
        f"markets = [{markets}]\nmoney_pages = [{pages}]\n"
    )
