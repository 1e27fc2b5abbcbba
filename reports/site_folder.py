"""The folder of a site on disk: written when what it shows changed, marked when it is held back or has left.

A fingerprint of what was read and of the report's own code says whether anything could have changed; a site whose
fingerprint stands is not rendered again.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reports import pages
from reports.addresses import SITES, Place, name_folder, place_site
from reports.messages import LANGUAGES
from reports.quality_views import Outcome
from reports.sentences import Speaker
from reports.shelf import Shelf
from reports.site_pages import SiteMaterial, list_files, render_pages


@dataclass(frozen=True, kw_only=True)
class FolderOutcome:
    """What became of a site's folder: names relative to the report, and sentences the catalogue lacks.

    ``fingerprint`` is what :func:`stands` compares with; empty for a folder that was only marked.
    """

    folder: str
    fingerprint: str = ""
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    unspoken: frozenset[str] = field(default_factory=frozenset)


@functools.cache
def code_version() -> str:
    """A hash of the code, templates, sentences and fitted models: with any of them changed, every page is made anew.

    Pages state thresholds and calibration that stand in ``transforms``, so its files count as well.
    """
    digest = hashlib.sha256()
    house = Path(__file__).parent.parent
    for package in ("reports", "transforms"):
        for path in sorted((house / package).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".j2", ".toml", ".sql"}:
                digest.update(path.relative_to(house).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def fingerprint(material: SiteMaterial, language: str) -> str:
    """What the folder of a site depends on, as a hash."""
    return hashlib.sha256(f"{code_version()}|{language}|{material!r}".encode()).hexdigest()


def stands(report: Path, folder: str, known: str | None, wanted: str) -> bool:
    """Whether the folder was written with the ``wanted`` fingerprint and still has as many files as then."""
    return known == f"{wanted}:{_count_files(report / folder)}"


def _count_files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def write_folder(report: Path, material: SiteMaterial, language: str) -> FolderOutcome:
    """Write the pages and files of a site; what is no longer made is marked (pages) or removed (data)."""
    shelf = Shelf(report)
    folder = place_site(material.site_domain).folder
    speakers = [Speaker(code) for code in LANGUAGES]
    for speaker in speakers:
        made = dict(render_pages(material, speaker))
        for name, page in made.items():
            shelf.put(Place(folder, name).path(speaker.language), page)
        for name in sorted(set(_pages_in(report / folder / speaker.language)) - set(made)):
            place = Place(folder, name)
            page = (report / place.path(speaker.language)).read_text(encoding="utf-8")
            ended = pages.render_ended(page, speaker, place, as_of=material.view.as_of)
            shelf.put(place.path(speaker.language), ended)
    files = dict(list_files(material))
    for name, content in files.items():
        shelf.put(f"{folder}/data/{name}", content)
    for path in sorted((report / folder / "data").glob("*")):
        if path.name not in files:
            path.unlink()
    shelf.put(f"{folder}/index.html", pages.render_forward(language, root="../.."))
    return FolderOutcome(
        folder=folder,
        fingerprint=f"{fingerprint(material, language)}:{_count_files(report / folder)}",
        written=tuple(shelf.written),
        unchanged=tuple(shelf.unchanged),
        unspoken=frozenset().union(*(speaker.unspoken for speaker in speakers)),
    )


def hold_back(
    report: Path, site_domain: str, broken: Sequence[Outcome], *, as_of: datetime.date, language: str
) -> FolderOutcome:
    """Mark every page of a held-back site; a site without a good night gets a page that says so."""
    shelf = Shelf(report)
    folder = place_site(site_domain).folder
    for speaker in (Speaker(code) for code in LANGUAGES):
        for name in {"index.html", *_pages_in(report / folder / speaker.language)}:
            place = Place(folder, name)
            good = shelf.read(place.path(speaker.language))
            if good is not None and pages.has_ended(good):
                continue  # what it says of an earlier night stays true
            page = pages.render_held_back(site_domain, broken, speaker, as_of=as_of, page=good, place=place)
            if page is not None:
                shelf.put(place.path(speaker.language), page)
    shelf.put(f"{folder}/index.html", pages.render_forward(language, root="../.."))
    return FolderOutcome(folder=folder, written=tuple(shelf.written), unchanged=tuple(shelf.unchanged))


def mark_departed(report: Path, known_sites: frozenset[str], as_of: datetime.date) -> Iterator[FolderOutcome]:
    """Mark the pages of sites the warehouse no longer knows. A site of a later day than ``as_of`` stays as it is."""
    known = {name_folder(site_domain) for site_domain in known_sites}
    for path in sorted((report / SITES).glob("*")):
        if path.name in known or not path.is_dir():
            continue
        shelf = Shelf(report)
        for speaker in (Speaker(code) for code in LANGUAGES):
            for name in _pages_in(path / speaker.language):
                place = Place(f"{SITES}/{path.name}", name)
                page = (path / speaker.language / name).read_text(encoding="utf-8")
                shelf.put(place.path(speaker.language), pages.render_departed(page, speaker, place, as_of=as_of))
        yield FolderOutcome(
            folder=f"{SITES}/{path.name}", written=tuple(shelf.written), unchanged=tuple(shelf.unchanged)
        )


def _pages_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.html"))
