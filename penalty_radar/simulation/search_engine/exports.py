"""The export files of one simulated site, as its providers would have handed them out on the last day."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.formats import ahrefs, ahrefs_lists, se_ranking
from penalty_radar.simulation.formats.search_console_api import write_days
from penalty_radar.simulation.formats.written import ExportFile
from penalty_radar.simulation.indexes import ListedLink
from penalty_radar.simulation.parameters import WorldParameters
from penalty_radar.simulation.placements import LinkWorld
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.search_engine.series import SiteSeries
from penalty_radar.simulation.search_engine.sites import MARKETS, SearchSite
from penalty_radar.simulation.search_engine.tracking import TrackedKeywords

DEVICES = ("DESKTOP", "MOBILE")


class Shown(Protocol):
    """What exports may show of a site."""

    @property
    def links(self) -> LinkWorld:
        """Its links, both ways."""

    @property
    def listed(self) -> list[ListedLink]:
        """Those that the index lists."""

    @property
    def series(self) -> SiteSeries | None:
        """Its search performance."""

    @property
    def tracked(self) -> TrackedKeywords | None:
        """Its tracked keywords."""


def make_exports(site: SearchSite, world: SearchWorld, parameters: WorldParameters, shown: Shown) -> list[ExportFile]:
    """Every export of the site."""
    files = [ahrefs.write_backlinks_comma(site.site, shown.listed, ahrefs.HEADER_36, parameters)]
    if site.has_outlinks:
        files.append(ahrefs_lists.write_linked_domains(site.site, shown.links.reverse_links, parameters))
    if shown.series is not None:
        files += make_performance(site, world, shown.series)
    if shown.tracked is not None:
        files += _make_tracking(site, world, shown.tracked)
    return files


def make_performance(site: SearchSite, world: SearchWorld, series: SiteSeries) -> list[ExportFile]:
    """Days of the whole site, by page, by query, by country and by device; hidden queries are in no query row."""
    home = site.site.home_url
    paths = site.paths
    pages = [home + path.removeprefix("/") for path in paths]
    by_page = np.array([paths.index(atom.path) for atom in site.atoms])
    shown = [place for place, atom in enumerate(site.atoms) if atom.query is not None]
    queries = [str(site.atoms[place].query) for place in shown]
    total = sum_up(series)
    queried = _Measured(series.clicks[shown], series.impressions[shown], series.positions[shown])
    files = [
        _write(site, world, None, [""], total),
        _write(site, world, "page", pages, _grouped(series, by_page, len(paths))),
        _write(site, world, "query", queries, queried),
    ]
    rng = open_stream(world.seed, site.domain, "search splits")
    countries = MARKETS[site.site.language]
    files.append(_write(site, world, "country", list(countries), _split(rng, total, site.second_market_share)))
    files.append(_write(site, world, "device", list(DEVICES), _split(rng, total, site.mobile_share)))
    return files


def sum_up(series: SiteSeries) -> _Measured:
    """Clicks, impressions and mean positions of the whole site, one row by days."""
    return _grouped(series, np.zeros(len(series.clicks), dtype=int), 1)


class _Measured(tuple[np.ndarray, np.ndarray, np.ndarray]):
    """Clicks, impressions and positions, values by days."""

    __slots__ = ()

    def __new__(cls, clicks: np.ndarray, impressions: np.ndarray, positions: np.ndarray) -> _Measured:
        return super().__new__(cls, (clicks, impressions, positions))


def _write(
    site: SearchSite, world: SearchWorld, dimension: str | None, values: list[str], measured: _Measured
) -> ExportFile:
    return write_days(site.domain, dimension, values, world.days, measured, world.last_export_on)


def _grouped(series: SiteSeries, groups: np.ndarray, count: int) -> _Measured:
    """Sums over groups of atoms; positions are means over impressions."""
    membership = np.equal.outer(np.arange(count), groups).astype(float)
    clicks, shown = membership @ series.clicks, membership @ series.impressions
    places = membership @ (series.impressions * series.positions)
    positions = np.divide(places, shown, out=np.zeros_like(places), where=shown > 0)
    return _Measured(np.rint(clicks).astype(int), np.rint(shown).astype(int), positions)


def _split(rng: np.random.Generator, total: _Measured, second_share: float) -> _Measured:
    """Two values that share the whole site's rows, the second with about the given share."""
    clicks, shown, positions = (array[0] for array in total)
    second = rng.binomial(clicks, second_share), rng.binomial(shown, second_share)
    second_shown = np.maximum(second[1], second[0])
    first_shown = np.maximum(shown - second_shown, clicks - second[0])
    factor = float(rng.uniform(0.85, 1.15))
    return _Measured(
        np.array([clicks - second[0], second[0]]),
        np.array([first_shown, second_shown]),
        np.maximum(np.array([positions, positions * factor]), 1.0),
    )


def _make_tracking(site: SearchSite, world: SearchWorld, tracked: TrackedKeywords) -> list[ExportFile]:
    rng = open_stream(world.seed, site.domain, "missed checks")
    days = world.days[-world.tracking.days :]
    missed = rng.random(tracked.positions.shape) < world.tracking.missing_share
    home = site.site.home_url
    keywords = [(keyword, home + path.removeprefix("/")) for keyword, path in tracked.keywords]
    checked = (tracked.positions, missed)
    return se_ranking.write_months(site.site, keywords, tracked.volumes, days, checked, world.tracking.depth)
