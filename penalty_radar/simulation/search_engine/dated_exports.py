"""The exports that each site would have downloaded on each of many days: links as listed then, and the days since.

A last export of two years shows survivors only, and all of it at once. For the question what a team would have known on
a day, the exports of that day must be written: links as the index then listed them, search performance up to a few days
before.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from penalty_radar.simulation.formats import ahrefs
from penalty_radar.simulation.formats.search_console_api import write_days
from penalty_radar.simulation.formats.written import ExportFile
from penalty_radar.simulation.indexes import ListedLink, find_links, list_on
from penalty_radar.simulation.portfolio import EXPORTS_FOLDER, clear_portfolio
from penalty_radar.simulation.search_engine.campaigns import LINK_PROVIDER
from penalty_radar.simulation.search_engine.exports import sum_up
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.search_engine.planted import state_campaigns, state_falls
from penalty_radar.simulation.search_engine.truth import SearchTruth
from penalty_radar.simulation.search_engine.world import (
    SITES_FILE,
    Portfolio,
    SimulatedSite,
    list_site,
    tell_truth,
    write_site,
)

PERFORMANCE_DAYS = 7
"""Least days between two exports of search performance; a file a day would double the reading and tell little more."""
REVISED_DAYS = 3
"""Days that each export of search performance repeats, for the provider revises them."""


def write_dated_exports(folder: Path, world: SearchWorld, *, name: str, days: Sequence[datetime.date]) -> SearchTruth:
    """Write what every site would have exported on each of ``days`` (in order), and the truth of the whole world.

    Links and the site's days of search performance only. Replaces what an earlier simulation wrote.

    Raises:
        UsageError: ``folder/exports`` holds files that no simulation wrote.
    """
    exports = folder / EXPORTS_FOLDER
    clear_portfolio(folder, exports)
    portfolio = Portfolio(world)
    sites, campaigns, falls, entries = [], [], [], []
    for simulated in portfolio.simulate():
        links, listed = _write_links(portfolio, simulated, days)
        files = [*links, *_write_performance(world, simulated, days)]
        sites.append(write_site(exports, simulated.site.domain, files, {}))
        entries.append(list_site(simulated.site))
        campaigns += state_campaigns(simulated.site, world, simulated.story, listed)
        falls += state_falls(simulated.site, world, simulated.story, None)
    (folder / SITES_FILE).write_text("\n".join(entries), encoding="utf-8")
    return tell_truth(folder, world, name, sites, campaigns, falls)


def _write_links(
    portfolio: Portfolio, simulated: SimulatedSite, days: Sequence[datetime.date]
) -> tuple[list[ExportFile], list[ListedLink]]:
    """A file a day, and of every domain and campaign the first link that any of them lists.

    The last export alone no longer lists what was lost more than half a year before it.
    """
    site, parameters = simulated.site.site, portfolio.parameters
    sights = find_links(site, simulated.links.links, LINK_PROVIDER, parameters)
    files: list[ExportFile] = []
    first: dict[tuple[str, str], ListedLink] = {}
    for day in days:
        on_day = parameters.model_copy(update={"last_export_on": day})
        listed = list_on(sights, LINK_PROVIDER, on_day)
        files.append(ahrefs.write_backlinks_comma(site, listed, ahrefs.HEADER_36, on_day))
        for seen in listed:
            key = (seen.placed.group, seen.placed.source.domain)
            if key not in first or seen.first_seen_at < first[key].first_seen_at:
                first[key] = seen
    return files, list(first.values())


def _write_performance(world: SearchWorld, simulated: SimulatedSite, days: Sequence[datetime.date]) -> list[ExportFile]:
    """The whole site by day: all that is there with the first export, then what came since the one before."""
    if simulated.series is None:
        return []
    measured, files, begin = sum_up(simulated.series), [], 0
    for day in days:
        end = min(len(world.days), world.day_number(day) - world.performance_delay_days + 1)
        if end - begin >= PERFORMANCE_DAYS + REVISED_DAYS or not begin or day == days[-1]:
            part = tuple(array[:, begin:end] for array in measured)
            files.append(
                write_days(simulated.site.domain, None, [""], world.days[begin:end], (part[0], part[1], part[2]), day)
            )
            begin = max(0, end - REVISED_DAYS)
    return files
