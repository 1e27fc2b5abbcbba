"""SE Ranking positions: one wide file a month, a line above the header, a Dynamics column after every day."""

from __future__ import annotations

import calendar
import codecs
import datetime
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.formats.written import ExportFile
from penalty_radar.simulation.keywords import KEYWORD_TAILS
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.search_parameters import Search
from penalty_radar.simulation.traffic import simulate_positions

PREAMBLES = {
    "nl": '"Google Netherlands, interface language: Dutch"',
    "en": '"Google United Kingdom, interface language: English"',
    "de": '"Google Germany, interface language: German"',
    "fr": '"Google France, interface language: French"',
    "es": '"Google Spain, interface language: Spanish"',
}
TRACKED_TAILS = 3
"""Of each commercial keyword the bare form and the first two longer ones are tracked."""

_NEEDS_QUOTES = re.compile(r"[^A-Za-z0-9_-]")


def write_positions(site: Site, search: Search, parameters: WorldParameters) -> list[ExportFile]:
    """One file a calendar month from the tracker's start to the last export day; daily checks."""
    rng = open_stream(parameters.seed, site.domain, "tracked positions")
    first, last = parameters.tracker.starts_on, parameters.last_export_on
    days = tuple(first + datetime.timedelta(days=offset) for offset in range((last - first).days + 1))
    tails = KEYWORD_TAILS[site.language][:TRACKED_TAILS]
    keywords = [
        (f"{keyword} {tail}".strip(), site.home_url + page.path.removeprefix("/"))
        for page in site.money_pages
        for keyword in page.keywords
        for tail in tails
    ]
    volumes = [int(max(1, round(float(value) / 10)) * 10) for value in rng.lognormal(5.6, 1.1, len(keywords))]
    positions = simulate_positions(search, len(keywords), days, rng, parameters)
    missed = rng.random(positions.shape) < parameters.tracker.missing_check_share
    return write_months(site, keywords, volumes, days, (positions, missed), parameters.tracker.depth)


def write_months(
    site: Site,
    keywords: Sequence[tuple[str, str]],
    volumes: Sequence[int],
    days: tuple[datetime.date, ...],
    checked: tuple[NDArray[np.float64], NDArray[np.bool_]],
    depth: int,
) -> list[ExportFile]:
    """One file a calendar month.

    Args:
        site: whose keywords they are.
        keywords: each with the address that ranks for it.
        volumes: searches a month, per keyword.
        days: one per column of the arrays, without gaps.
        checked: positions (NaN = not ranked) and whether the check failed, keywords by days.
        depth: positions that the tracker sees.
    """
    positions, missed = checked
    files = []
    for month_days in _months(days):
        columns = [(day - days[0]).days for day in month_days]
        lines = [PREAMBLES[site.language], ",".join(_header(month_days))]
        lines.append(",".join(_average_row(positions[:, columns], sum(volumes), depth)))
        for at, (keyword, url) in enumerate(keywords):
            cells = _cells(positions[at, columns], missed[at, columns], depth)
            lines.append(",".join([_quoted(keyword), url, str(volumes[at]), *cells]))
        content = codecs.BOM_UTF8 + ("\n".join(lines) + "\n").encode()
        name = f"{site.domain.replace('.', '_')}__positions_detailed_{month_days[-1]}.csv"
        files.append(ExportFile(name, content, len(keywords) + 1, month_days[-1]))
    return files


def _header(days: Iterable[datetime.date]) -> list[str]:
    return ["Keyword", "URL", '"Search vol."', *(part for day in days for part in (day.isoformat(), "Dynamics"))]


def _average_row(positions: NDArray[np.float64], volume: int, depth: int) -> list[str]:
    """The group's own row: mean position of each day, no address; a day without any position stands at the depth."""
    is_empty = np.isnan(positions).all(axis=0)
    means = [round(float(mean)) for mean in np.nanmean(np.where(is_empty, float(depth), positions), axis=0)]
    cells: list[str] = []
    for at, mean in enumerate(means):
        cells += [str(mean), str(means[at - 1] - mean if at else 0)]
    return ["General", "--", str(volume), *cells]


def _cells(positions: NDArray[np.float64], missed: NDArray[np.bool_], depth: int) -> list[str]:
    """Position and its change for each day; ``-`` beyond the depth, ``No data`` where the check failed."""
    cells: list[str] = []
    before: float | None = None
    for position, is_missed in zip(positions, missed, strict=True):
        if is_missed:
            cells += ['"No data"', '"No data"']
        elif np.isnan(position):
            cells += ["-", "0"]
            before = float(depth)
        else:
            change = 0 if before is None else int(before - position)
            cells += [str(int(position)), str(change)]
            before = float(position)
    return cells


def _months(days: tuple[datetime.date, ...]) -> Iterator[tuple[datetime.date, ...]]:
    month: list[datetime.date] = []
    for day in days:
        month.append(day)
        if day.day == calendar.monthrange(day.year, day.month)[1] or day == days[-1]:
            yield tuple(month)
            month = []


def _quoted(keyword: str) -> str:
    """The provider quotes whatever is more than one word."""
    return '"' + keyword.replace('"', '""') + '"' if _NEEDS_QUOTES.search(keyword) else keyword
