"""The whole report as files: internal pages, a folder per site, shared assets, the run's own stamp in one place.

Everything but ``assets/run.js`` depends on the data alone, and a file is replaced only when it changed: a second run
over the same data leaves the same bytes. A site whose fingerprint stands is not rendered again.
"""

from __future__ import annotations

import datetime
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import plotly.offline
from babel.dates import format_datetime

from reports import pages
from reports.addresses import INTERNAL, place_internal, place_site
from reports.data import read_broken_minima, read_known_sites, read_portfolio
from reports.internal_pages import InternalMaterial, list_internal_files, read_internal, render_internal
from reports.messages import LANGUAGES
from reports.sentences import Speaker
from reports.shelf import Shelf
from reports.site_folder import FolderOutcome, fingerprint, hold_back, mark_departed, stands, write_folder
from reports.site_pages import SiteMaterial, read_materials
from reports.views import PortfolioView
from transforms.ingest.listed_sites import unlisted_sites

_STATIC = Path(__file__).parent / "static"

FINGERPRINTS = ".fingerprints.json"
"""Folder of a site to the fingerprint of what it shows."""

LEAST_SITES_OF_A_POOL = 24
"""Changed sites from which other processes help: starting one takes as long as rendering about ten sites."""


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """What a build left: the page to open, files written and unchanged (relative to the report, sorted).

    ``skipped`` are the folders of sites that show what they showed before. ``departed`` are the sites whose pages stay
    although they left the portfolio, as their folders are named. ``unspoken`` are message keys found in the warehouse
    that the catalogue has no sentence for.
    """

    index: Path
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[str, ...]
    held_back: tuple[str, ...]
    departed: tuple[str, ...]
    unspoken: tuple[str, ...]


def _put_assets(shelf: Shelf, as_of: datetime.date, generated_at: datetime.datetime) -> None:
    shelf.put("assets/plotly.min.js", plotly.offline.get_plotlyjs())
    for asset in sorted(_STATIC.iterdir()):
        shelf.put(f"assets/{asset.name}", asset.read_text(encoding="utf-8"))
    shelf.put("assets/run.js", stamp_run(as_of, generated_at, is_internal=True))


def stamp_run(as_of: datetime.date, generated_at: datetime.datetime, *, is_internal: bool) -> str:
    """The script that says when the report was written, and whether internal pages stand beside the sites'."""
    stamp = {
        language: format_datetime(generated_at, "d MMM y HH:mm", locale=language) + " UTC" for language in LANGUAGES
    }
    run = {
        "generated_at": generated_at.isoformat(timespec="seconds"), "as_of": as_of.isoformat(), "text": stamp,
        "internal": is_internal,
    }  # fmt: skip
    return f"window.penaltyRadarRun = {json.dumps(run, sort_keys=True)};\n"


def read_fingerprints(report: Path) -> dict[str, str]:
    """Folder to fingerprint of the last build; empty where there is none or it cannot be read."""
    try:
        read = json.loads((report / FINGERPRINTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return read if isinstance(read, dict) else {}


def _write_folders(report: Path, changed: Iterable[SiteMaterial], count: int, language: str) -> Iterator[FolderOutcome]:
    """Write the folders of changed sites, with other processes when there are many; reading goes on meanwhile."""
    workers = min(os.cpu_count() or 1, 8)
    if count < LEAST_SITES_OF_A_POOL or workers < 2 or multiprocessing.current_process().daemon:
        for material in changed:
            yield write_folder(report, material, language)
        return
    waiting: deque[Future[FolderOutcome]] = deque()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for material in changed:
            waiting.append(pool.submit(write_folder, report, material, language))
            while len(waiting) > 4 * workers:  # what was read waits in memory
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _write_sites(
    report: Path,
    connection: duckdb.DuckDBPyConnection,
    portfolio: PortfolioView,
    language: str,
    known: dict[str, str],
) -> tuple[list[FolderOutcome], tuple[str, ...]]:
    """The outcome of every folder that was looked at, and the folders that could be left as they are."""
    outcomes: list[FolderOutcome] = []
    skipped: list[str] = []

    def read_changed() -> Iterator[SiteMaterial]:
        current = [site for site in portfolio.sites if not site.is_held_back]
        for material in read_materials(connection, current, as_of=portfolio.as_of):
            folder = place_site(material.site_domain).folder
            if stands(report, folder, known.get(folder), fingerprint(material, language)):
                skipped.append(folder)
            else:
                yield material

    for site in portfolio.sites:
        if site.is_held_back:
            broken = read_broken_minima(connection, site.site_domain, as_of=portfolio.as_of)
            outcomes.append(hold_back(report, site.site_domain, broken, as_of=portfolio.as_of, language=language))
    outcomes += _write_folders(report, read_changed(), len(portfolio.sites), language)
    return outcomes, tuple(skipped)


def build_report(
    connection: duckdb.DuckDBPyConnection,
    report: Path,
    *,
    as_of: datetime.date,
    held_back: frozenset[str] = frozenset(),
    missing_feeds: tuple[str, ...] = (),
    language: str = LANGUAGES[0],
    generated_at: datetime.datetime,
) -> ReportOutcome:
    """Writes the report of one night below ``report`` and says what it left.

    A site in ``held_back`` keeps the pages of its last good night with a mark that says so; so does a site that the
    warehouse no longer knows or that sites.toml does not list. ``missing_feeds`` (of
    ``backlinks`` and ``rankings``) had not come when the night was assessed, and are named. The first page forwards to
    ``language``. ``generated_at`` (UTC) stands in ``assets/run.js`` only.
    """
    shelf = Shelf(report)
    speakers = [Speaker(code) for code in LANGUAGES]
    portfolio = read_portfolio(connection, as_of=as_of, held_back=held_back | unlisted_sites(connection))
    internal = read_internal(connection, portfolio)
    _put_assets(shelf, as_of, generated_at)
    known = read_fingerprints(report)
    (report / FINGERPRINTS).unlink(missing_ok=True)  # a run that dies from here on leaves none, and all is made anew
    outcomes, skipped = _write_sites(report, connection, portfolio, language, known)
    departed = list(mark_departed(report, read_known_sites(connection), as_of))
    for speaker in speakers:
        for name, page in render_internal(internal, speaker, missing_feeds):
            shelf.put(place_internal(name).path(speaker.language), page)
    _put_internal_files(shelf, internal)
    shelf.put("index.html", pages.render_forward(language, home="internal/"))
    _keep_fingerprints(report, known, outcomes, skipped)
    outcomes += departed
    return ReportOutcome(
        index=report / "index.html",
        written=_sorted_names(shelf.written, *(outcome.written for outcome in outcomes)),
        unchanged=_sorted_names(shelf.unchanged, *(outcome.unchanged for outcome in outcomes)),
        skipped=skipped,
        held_back=tuple(site.site_domain for site in portfolio.sites if site.is_held_back),
        departed=tuple(outcome.folder.rpartition("/")[2] for outcome in departed),
        unspoken=_sorted_names(*(speaker.unspoken for speaker in speakers), *(one.unspoken for one in outcomes)),
    )


def _put_internal_files(shelf: Shelf, internal: InternalMaterial) -> None:
    """The tables behind the internal pages; one without rows tonight leaves no file of an earlier night."""
    kept = set()
    for name, content in list_internal_files(internal):
        shelf.put(f"{INTERNAL}/data/{name}", content)
        kept.add(name)
    for path in (shelf.report / INTERNAL / "data").glob("*.*"):
        if path.name not in kept:
            path.unlink()


def _keep_fingerprints(
    report: Path, known: dict[str, str], outcomes: Iterable[FolderOutcome], skipped: Iterable[str]
) -> None:
    """A folder that was marked has none: the next good night writes it anew."""
    kept = {folder: known[folder] for folder in skipped}
    kept |= {outcome.folder: outcome.fingerprint for outcome in outcomes if outcome.fingerprint}
    Shelf(report).put(FINGERPRINTS, json.dumps(kept, indent=0, sort_keys=True) + "\n")


def _sorted_names(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for group in groups for name in group}))
