"""The way in: what lies in the exports folder (:func:`discover`), and one file read for good (:func:`read_arrived`)."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from transforms.ingest.arrived_file import ArrivedFile, FileOutcome
from transforms.ingest.completeness import declared_complete
from transforms.ingest.contents import Content, list_contents
from transforms.ingest.countries import country_of, device_of
from transforms.ingest.days import days_in_names
from transforms.ingest.decoding import LEGACY
from transforms.ingest.file_reader import FileReader
from transforms.ingest.formats import ExportFormat, formats_named
from transforms.ingest.formats.search_console import FAMILY, FILTERED_PROVIDER, PROVIDER
from transforms.ingest.mapped_formats import find_mapped_formats, is_mapping
from transforms.ingest.plain_files import LEAST_BYTES, NotPlainError
from transforms.ingest.properties import PROPERTY, domain_of_property, property_named
from transforms.ingest.recognition import Recognition, recognise
from transforms.ingest.series import FILTERED
from transforms.ingest.sets import SetFacts, describe_sets
from transforms.ingest.sites import (
    HOW_TO_NAME,
    Site,
    about_one_site,
    other_site,
    several_sites,
    site_in_head,
    site_of,
    site_of_notes,
)

__all__ = [
    "LEAST_BYTES",
    "ArrivedFile",
    "FileOutcome",
    "NotPlainError",
    "bundled_calendar",
    "discover",
    "is_known",
    "open_file",
    "read_arrived",
    "read_calendar",
]

CALENDAR_NAME = "calendar/search_updates.csv"


def discover(
    exports: str | Sequence[str],
    *,
    site: str | None = None,
    format_name: str | None = None,
    mappings: Path | None = None,
    complete: bool = False,
) -> list[ArrivedFile]:
    """Everything in the exports folder (or folders, or files, or fsspec URLs), sorted by display path.

    Only the head of each file is read. Files that nobody can read are there too, with their reason.

    Args:
        exports: where the exports lie.
        site: the site all of them speak of, whatever folders and content say.
        format_name: the only format (or family) to read them as.
        mappings: a folder of mapping files that apply to all of them, beside those in and above the exports folder.
        complete: all of them are declared complete (see :mod:`transforms.ingest.completeness`).

    Raises:
        BadInputError: there is nothing at one of the addresses.
        UsageError: no format has that name.
    """
    found = look_into(exports, site=site, format_name=format_name, mappings=mappings, complete=complete)
    return sorted((each.arrived for each in found), key=lambda file: (file.path, file.address))


@dataclass(frozen=True)
class Found:
    """One content with all that its head told."""

    content: Content
    """The content."""

    recognition: Recognition
    """What it is."""

    mapped: tuple[ExportFormat, ...]
    """Formats of mapping files that were looked at beside the built-in ones."""

    arrived: ArrivedFile
    """What is handed on."""


def look_into(
    exports: str | Sequence[str],
    *,
    site: str | None = None,
    format_name: str | None = None,
    mappings: Path | None = None,
    formats: tuple[ExportFormat, ...] | None = None,
    complete: bool = False,
) -> list[Found]:
    """What :func:`discover` found, with the heads it looked at; arguments and errors as there.

    ``formats`` are the only ones to read them as, as ``format_name`` is by name.
    """
    found: list[Found] = []
    for address in [exports] if isinstance(exports, str) else list(exports):
        contents = list_contents(str(address))
        mapped, candidates = find_mapped_formats(str(address), contents, mappings)
        named = formats_named(format_name, mapped.every) if format_name else formats
        candidates += [
            (content, recognise(content, named, mapped.of(content))) for content in contents if not is_mapping(content)
        ]
        facts = describe_sets(candidates)
        for content, recognition in candidates:
            arrived = _arrive(content, recognition, facts.get(content.path, SetFacts()), site, complete=complete)
            found.append(Found(content, recognition, mapped.of(content), arrived))
    return found


def _arrive(
    content: Content, recognition: Recognition, facts: SetFacts, given: str | None, *, complete: bool = False
) -> ArrivedFile:
    declared = recognition.format
    is_performance = declared is not None and declared.family == FAMILY
    needs_site = declared is None or declared.needs_site
    site = site_of(content, recognition, given, facts.site) if needs_site else None
    if declared is not None and (declared.takes_place or declared.thing == "labels") and not needs_site:
        site = site_of_notes(content, given)
    has_property = declared is not None and declared.provider == PROVIDER
    site_property = property_named(content.names) if has_property else None
    reason = recognition.reason or several_sites(recognition) or (HOW_TO_NAME if site is None and needs_site else None)
    if (
        reason is None
        and site is not None
        and declared is not None
        and (declared.site_headers or declared.site_in_header)
    ):
        told = site_in_head(recognition)
        reason = other_site(site, told, "the file is") if told else None
    if reason is None and site is not None and has_property:
        reason = _set_of_other_site(site, facts, site_property)
    provider = declared.provider if declared else None
    country = country_of(declared, recognition.preamble, content.names) if declared else None
    device = device_of(declared, content.names) if declared else None
    assumptions = [f"country {country}, as the file tells"] if country else []
    assumptions += [f"device {device}, as the file name tells"] if device else []
    assumptions += [f"{PROPERTY} {site_property}, as the name tells"] if site_property else []
    if recognition.encoding == LEGACY:
        assumptions.append("not UTF-8: read as Windows-1252")
    is_member = content.member is not None
    is_complete, said = declared_complete(declared, content.names, is_member=is_member, given=complete)
    assumptions += [said] if said else []
    if is_performance and facts.filters:
        provider = FILTERED_PROVIDER
        assumptions.append(f"{FILTERED} ({', '.join(facts.filters)}): it speaks of that part of the site only")
    return ArrivedFile(
        path=content.path,
        address=content.address,
        member=content.member,
        byte_count=content.byte_count,
        modified_on=content.modified_on,
        version=content.version,
        declared=about_one_site(recognition),
        provider=provider,
        feed=recognition.feed,
        site_domain=site.domain if site else None,
        site_source=site.source if site else None,
        encoding=recognition.encoding,
        delimiter=recognition.delimiter,
        header_at=recognition.header_at,
        header=recognition.header,
        named_days=days_in_names(content.names),
        set_days=facts.days if is_performance else (),
        period=facts.period if is_performance else None,
        site_property=site_property,
        country=country,
        device=device,
        is_complete=is_complete,
        assumptions=tuple(assumptions),
        reason=reason,
    )


def _set_of_other_site(site: Site, facts: SetFacts, site_property: str | None) -> str | None:
    """Why every member of a Search Console set is set aside: its pages, or else its name, tell another site."""
    if facts.site:
        return other_site(site, facts.site.domain, "the pages of this export are")
    told = domain_of_property(site_property) if site_property else None
    return other_site(site, told, f"the Search Console property {site_property} is") if told else None


def bundled_calendar() -> ArrivedFile:
    """The project's own calendar of updates and data breaks, as one more arrived file."""
    address = str(files("transforms.ingest").joinpath(CALENDAR_NAME))
    found = list_contents(address)[0]
    arrived = _arrive(found, recognise(found), SetFacts(), None)
    return dataclasses.replace(arrived, path=f"bundled {CALENDAR_NAME}")


def is_known(connection: duckdb.DuckDBPyConnection, arrived: ArrivedFile) -> bool:
    """Whether the ledger has this content for its site: loaded, or set aside for the same reason. Writes nothing."""
    return FileReader(connection, arrived, ingested_at=None).is_known()


def read_calendar(connection: duckdb.DuckDBPyConnection, *, ingested_at: datetime.datetime) -> FileOutcome:
    """Read the bundled calendar like any other file; to be read before the others."""
    return read_arrived(connection, bundled_calendar(), ingested_at=ingested_at)


def open_file(
    connection: duckdb.DuckDBPyConnection,
    arrived: ArrivedFile,
    *,
    ingested_at: datetime.datetime,
    least_bytes: int | None = LEAST_BYTES,
) -> FileReader:
    """The reader of one file, to be used inside an open transaction; see :class:`FileReader`.

    A file that cannot be read is an outcome, never an error. ``least_bytes`` is the size from which the engine parses
    plain files itself; None for never.
    """
    return FileReader(connection, arrived, ingested_at, least_bytes=least_bytes)


def read_arrived(
    connection: duckdb.DuckDBPyConnection, arrived: ArrivedFile, *, ingested_at: datetime.datetime
) -> FileOutcome:
    """Read one file record by record: ledger, rejected rows, and the temporary ``arrived_*`` relations.

    ``outcome.kinds`` names the observation tables to fill from the relations; it is empty when there is nothing to
    fill (set aside, already known, or a table without rows of its own).
    """
    with open_file(connection, arrived, ingested_at=ingested_at, least_bytes=None) as reader:
        return reader.read()
