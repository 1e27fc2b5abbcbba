"""The whole report as files: pages per language, shared assets, and the run's own stamp in one place.

Everything but ``assets/run.js`` depends on the data alone, and a file is replaced only when it changed: a second run
over the same data leaves the same bytes.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import plotly.offline
from babel.dates import format_datetime

from reports import pages
from reports.data import read_broken_minima, read_known_sites, read_portfolio, read_quality, read_site
from reports.messages import LANGUAGES
from reports.sentences import Speaker
from reports.views import PortfolioView
from transforms.ingest.listed_sites import unlisted_sites

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, kw_only=True)
class ReportOutcome:
    """What a build left: the page to open, files written and unchanged (relative to the report, sorted).

    ``departed`` are the sites whose page stays although they left the portfolio, as their pages are named.
    ``unspoken`` are message keys found in the warehouse that the catalogue has no sentence for.
    """

    index: Path
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    held_back: tuple[str, ...]
    departed: tuple[str, ...]
    unspoken: tuple[str, ...]


@dataclass
class _Shelf:
    """Writes files below the report's folder, each whole or not at all."""

    report: Path
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def read(self, name: str) -> str | None:
        path = self.report / name
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def put(self, name: str, content: str) -> None:
        path = self.report / name
        data = content.encode("utf-8")
        if path.is_file() and path.read_bytes() == data:
            self.unchanged.append(name)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # A fixed name: what a killed run left behind is written over by the next, not left lying about.
        temporary = path.with_name(f".{path.name}.part")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self.written.append(name)


def _put_assets(shelf: _Shelf, as_of: datetime.date, generated_at: datetime.datetime) -> None:
    shelf.put("assets/plotly.min.js", plotly.offline.get_plotlyjs())
    for asset in sorted(_STATIC.iterdir()):
        shelf.put(f"assets/{asset.name}", asset.read_text(encoding="utf-8"))
    stamp = {
        language: format_datetime(generated_at, "d MMM y HH:mm", locale=language) + " UTC" for language in LANGUAGES
    }
    run = {"generated_at": generated_at.isoformat(timespec="seconds"), "as_of": as_of.isoformat(), "text": stamp}
    shelf.put("assets/run.js", f"window.penaltyRadarRun = {json.dumps(run, sort_keys=True)};\n")


def _put_sites(
    shelf: _Shelf,
    connection: duckdb.DuckDBPyConnection,
    portfolio: PortfolioView,
    speakers: list[Speaker],
) -> None:
    for site in portfolio.sites:
        names = {speaker: f"{speaker.language}/sites/{pages.name_page(site.site_domain)}" for speaker in speakers}
        if site.is_held_back:
            broken = read_broken_minima(connection, site.site_domain, as_of=portfolio.as_of)
            for speaker, name in names.items():
                good = shelf.read(name)
                page = pages.render_held_back(site.site_domain, broken, speaker, as_of=portfolio.as_of, page=good)
                shelf.put(name, page)
            continue
        view = read_site(connection, site, as_of=portfolio.as_of)
        for speaker, name in names.items():
            shelf.put(name, pages.render_site(view, speaker))


def _mark_departed(
    shelf: _Shelf, known_sites: frozenset[str], speakers: list[Speaker], as_of: datetime.date
) -> tuple[str, ...]:
    """Marks pages of sites the warehouse no longer knows; their names. A site of a later day than ``as_of`` stays."""
    known = {pages.name_page(site_domain) for site_domain in known_sites}
    departed = set()
    for speaker in speakers:
        folder = f"{speaker.language}/sites"
        for path in sorted((shelf.report / folder).glob("*.html")):
            if path.name not in known:
                page = path.read_text(encoding="utf-8")
                shelf.put(f"{folder}/{path.name}", pages.render_departed(page, speaker, as_of=as_of))
                departed.add(path.stem)
    return tuple(sorted(departed))


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

    A site in ``held_back`` keeps the page of its last good night with a mark that says so; so does a site that the
    warehouse no longer knows or that sites.toml does not list. ``missing_feeds`` (of
    ``backlinks`` and ``rankings``) had not come when the night was assessed, and are named. The first page forwards to
    ``language``. ``generated_at`` (UTC) stands in ``assets/run.js`` only.
    """
    shelf = _Shelf(report)
    speakers = [Speaker(language) for language in LANGUAGES]
    portfolio = read_portfolio(connection, as_of=as_of, held_back=held_back | unlisted_sites(connection))
    quality = read_quality(connection, as_of=as_of)
    _put_assets(shelf, as_of, generated_at)
    _put_sites(shelf, connection, portfolio, speakers)
    departed = _mark_departed(shelf, read_known_sites(connection), speakers, as_of)
    for speaker in speakers:
        shelf.put(f"{speaker.language}/quality.html", pages.render_quality(quality, speaker, missing_feeds))
        shelf.put(f"{speaker.language}/index.html", pages.render_portfolio(portfolio, speaker, missing_feeds))
    shelf.put("index.html", pages.render_forward(language))
    return ReportOutcome(
        index=report / "index.html",
        written=tuple(sorted(shelf.written)),
        unchanged=tuple(sorted(shelf.unchanged)),
        held_back=tuple(site.site_domain for site in portfolio.sites if site.is_held_back),
        departed=departed,
        unspoken=tuple(sorted(set().union(*(speaker.unspoken for speaker in speakers)))),
    )
