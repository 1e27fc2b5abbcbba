"""Search Console Performance: the English zip, and the Dutch set of files as it lies after unpacking."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.formats.written import ExportFile, delimited
from penalty_radar.simulation.keywords import search_queries
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.search_parameters import Search
from penalty_radar.simulation.traffic import DailyPerformance

Row = tuple[object, ...]


@dataclass(frozen=True)
class Tongue:
    """File names, headers and words of one interface language."""

    files: tuple[str, str, str, str, str, str, str]
    firsts: tuple[str, str, str, str, str, str]
    measures: tuple[str, str, str, str]
    countries: tuple[str, ...]
    devices: tuple[str, str, str]
    filters: tuple[tuple[str, str], ...]


ENGLISH = Tongue(
    files=("Chart", "Queries", "Pages", "Countries", "Devices", "Search appearance", "Filters"),
    firsts=("Date", "Top queries", "Top pages", "Country", "Device", "Search Appearance"),
    measures=("Clicks", "Impressions", "CTR", "Position"),
    countries=("Netherlands", "Belgium", "United Kingdom", "Germany", "United States", "France", "Spain", "Ireland"),
    devices=("Mobile", "Desktop", "Tablet"),
    filters=(("Filter", "Value"), ("Search type", "Web"), ("Date", "Last 16 months")),
)
DUTCH = Tongue(
    files=("Diagram", "Zoekopdrachten", "Pagina's", "Landen", "Apparaten", "Zoekopmaak", "Filters"),
    firsts=("Datum", "Meest uitgevoerde zoekopdrachten", "Toppagina's", "Land", "Apparaat", "Zoekopmaak"),
    measures=("Aantal klikken", "Vertoningen", "CTR", "Positie"),
    countries=("Nederland", "België", "Duitsland", "Verenigd Koninkrijk", "Frankrijk", "Verenigde Staten", "Spanje"),
    devices=("Mobiel", "Desktop", "Tablet"),
    filters=(("Filter", "Waarde"), ("Zoektype", "Web"), ("Datum", "Afgelopen 16 maanden")),
)


def write_zip(site: Site, search: Search, daily: DailyPerformance, parameters: WorldParameters) -> list[ExportFile]:
    """The English export as one zip of seven files, all dated the export's morning."""
    members = _members(site, search, daily, ENGLISH, parameters)
    day = parameters.last_export_on
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content, _ in members:
            entry = zipfile.ZipInfo(name, date_time=(day.year, day.month, day.day, 6, 12, 8))
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, content)
    name = f"{search.property_name}-Performance-on-Search-{day}.zip"
    return [ExportFile(name, archive.getvalue(), sum(count for _, _, count in members), day)]


def write_dutch_set(
    site: Site, search: Search, daily: DailyPerformance, parameters: WorldParameters
) -> list[ExportFile]:
    """The Dutch export, unpacked into a folder that keeps the archive's name."""
    day = parameters.last_export_on
    folder = f"{search.property_name}-Performance-on-Search-{day}"
    members = _members(site, search, daily, DUTCH, parameters)
    return [ExportFile(f"{folder}/{name}", content, count, day) for name, content, count in members]


def _members(
    site: Site, search: Search, daily: DailyPerformance, tongue: Tongue, parameters: WorldParameters
) -> list[tuple[str, bytes, int]]:
    """Name, bytes and data rows of the seven files."""
    rng = open_stream(parameters.seed, site.domain, "search console tables")
    clicks, shown = int(daily.clicks.sum()), int(daily.impressions.sum())
    pages = [site.home_url, *(site.home_url + page.path.removeprefix("/") for page in site.money_pages)]
    pages += [site.home_url + page.path.removeprefix("/") for page in site.info_pages]
    tables: list[list[Row]] = [
        _chart(daily),
        _query_rows(rng, site, clicks, shown),
        _split(rng, pages, clicks, shown, search.position),
        _split(rng, tongue.countries, clicks, shown, search.position, steepness=2.2),
        _split(rng, tongue.devices, clicks, shown, search.position, steepness=0.9),
        [],
    ]
    members = []
    for file, first, rows in zip(tongue.files[:6], tongue.firsts, tables, strict=True):
        members.append((f"{file}.csv", _bytes([(first, *tongue.measures), *rows]), len(rows)))
    members.append((f"{tongue.files[6]}.csv", _bytes(tongue.filters), len(tongue.filters) - 1))
    return members


def _bytes(rows: Sequence[Row]) -> bytes:
    """UTF-8 without a mark and without a line end after the last row."""
    return delimited(rows).removesuffix("\n").encode()


def _chart(daily: DailyPerformance) -> list[Row]:
    return [
        (day, int(clicks), int(shown), _rate(int(clicks), int(shown)), _position(float(position), 1))
        for day, clicks, shown, position in zip(
            daily.days, daily.clicks, daily.impressions, daily.positions, strict=True
        )
    ]


def _query_rows(rng: np.random.Generator, site: Site, clicks: int, shown: int) -> list[Row]:
    """Queries by clicks; rare ones are hidden, so they add to less than the site's total."""
    queries = search_queries(site)
    weights = rng.lognormal(0, 1.1, len(queries)) * np.array([3.0 if kind == "brand" else 1.0 for _, kind in queries])
    weights *= 0.55 / weights.sum()  # about 45 % of the impressions belong to hidden queries
    rows: list[tuple[str, int, int, float]] = []
    for (query, kind), weight in zip(queries, weights, strict=True):
        position = float(rng.uniform(1.0, 2.2) if kind == "brand" else rng.lognormal(2.3, 0.7))
        seen = max(1, int(shown * weight))
        rate = 0.35 if kind == "brand" else min(0.25, 0.28 / position)
        got = min(int(rng.poisson(seen * rate * clicks / shown * 20)), seen) if seen else 0
        rows.append((query, got, seen, position))
    rows.sort(key=lambda row: (-row[1], -row[2], row[0]))
    return [(query, got, seen, _rate(got, seen), _position(place, 2)) for query, got, seen, place in rows]


def _split(
    rng: np.random.Generator, names: Sequence[str], clicks: int, shown: int, position: float, steepness: float = 1.1
) -> list[Row]:
    """Totals shared out over names, the first the largest."""
    ranks = np.arange(1, len(names) + 1, dtype=float)
    shares = ranks**-steepness * rng.lognormal(0, 0.15, len(names))
    shares /= shares.sum()
    rows: list[Row] = []
    for name, share in sorted(zip(names, shares, strict=True), key=lambda pair: -pair[1]):
        seen = max(1, int(shown * share))
        got = min(seen, int(clicks * share * float(rng.lognormal(0, 0.25))))
        rows.append((name, got, seen, _rate(got, seen), _position(position * float(rng.lognormal(0, 0.2)), 2)))
    return rows


def _rate(clicks: int, shown: int) -> str:
    """``4.35%`` with at most two decimals; empty without impressions."""
    return f"{round(100 * clicks / shown, 2):g}%" if shown else ""


def _position(position: float, decimals: int) -> str:
    return "" if np.isnan(position) else f"{round(position, decimals):g}"
