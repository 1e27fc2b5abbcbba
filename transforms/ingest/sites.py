"""The site a file speaks of: given, or the folder it lies in, or its content, or its name."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from dataclasses import dataclass

from transforms.ingest.contents import Content
from transforms.ingest.formats import ExportFormat
from transforms.ingest.formats.format import Reads
from transforms.ingest.formats.written_sites import DOMAIN_PROPERTY, SameSite
from transforms.ingest.hosts import host_of, is_domain, normalise_host, registrable_domain
from transforms.ingest.recognition import Recognition

HOW_TO_NAME = (
    "no site: put the file into a folder named as the site's domain (exports/<domain>/...), or give --site, "
    "or keep the provider's file name that begins with the domain"
)

ROWS_ARE = "most rows are"
"""Who tells another site, where only reading the whole file can."""

_SCHEME = re.compile(r"^https?_{3}", re.IGNORECASE)
_UNDERSCORED = re.compile(r"^(.+?)__positions_detailed", re.IGNORECASE)


@dataclass(frozen=True)
class Site:
    """A monitored site and how we know."""

    domain: str
    """Registrable domain."""

    source: str
    """``given``, ``folder``, ``content``, ``file_name`` or ``set``."""


def domain_named(name: str) -> str | None:
    """The registrable domain that a host name stands for; None when it is no domain."""
    return registrable_domain(normalise_host(name)) if is_domain(name) else None


def site_in_folders(content: Content) -> str | None:
    """The domain of the nearest folder that is named like one, up to the exports folder itself."""
    return next((domain for folder in content.folders if (domain := domain_named(folder))), None)


def site_in_name(name: str) -> str | None:
    """The domain a provider's file name begins with, such as ``https___www.example.com_-Performance...``."""
    if underscored := _UNDERSCORED.match(name):
        return domain_named(underscored.group(1).replace("_", "."))
    rest = _SCHEME.sub("", name)
    for end in [match.start() for match in re.finditer(r"[-_ (]", rest)]:
        if domain := domain_named(rest[:end]):
            return domain
    return None


def site_in_head(recognition: Recognition) -> str | None:
    """The registrable domain that the header, or more than half of the head's rows, are about; None when none is."""
    declared = recognition.format
    if declared is None:
        return None
    if declared.site_in_header:
        named = (declared.site_in_header.fullmatch(name) for name in recognition.header)
        return next((domain for found in named if found and (domain := domain_named(found.group(1)))), None)
    if declared.site_headers and (told := sites_told(recognition)):
        return majority(told)
    spellings = {
        name for column in declared.columns if column.target == declared.site_column for name in column.headers
    }
    hosts = (host_of(cell) for cell in _head_cells(recognition, spellings))
    return majority([registrable_domain(host) for host in hosts if host])


def sites_told(recognition: Recognition) -> list[str]:
    """The registrable domain in each of the head's rows, where the format has a column that names the site."""
    spellings = set(recognition.format.site_headers) if recognition.format else set()
    told = (_domain_of(cell.strip().removeprefix(DOMAIN_PROPERTY)) for cell in _head_cells(recognition, spellings))
    return [domain for domain in told if domain]


def several_sites(recognition: Recognition) -> str | None:
    """Why a file is set aside whose rows name several sites, or several Search Console properties; else None.

    Hosts of one site are one site; properties are not, for the larger one has the rows of the smaller one as well.
    """
    spellings = set(recognition.format.site_headers) if recognition.format else set()
    cells = {cell.strip() for cell in _head_cells(recognition, spellings)}
    named = {cell if cell.startswith(DOMAIN_PROPERTY) or "://" in cell else _domain_of(cell) for cell in cells}
    told = sorted(name for name in named if name)
    return f"rows about several sites ({', '.join(told)[:200]}); keep one file per site" if len(told) > 1 else None


def about_one_site(recognition: Recognition) -> ExportFormat | None:
    """The format, so that a row which names another site than the first rows do is rejected; else the format as it is.

    Of a large file :func:`several_sites` sees the first rows only, and the rows of a second site would be added to
    those of the first.
    """
    declared = recognition.format
    if declared is None or not (told := majority(sites_told(recognition))):
        return declared
    spelt = {cell.strip() for cell in _head_cells(recognition, set(declared.site_headers))} - {""}
    column = Reads(target="told_site", headers=declared.site_headers, written=SameSite(told, tuple(sorted(spelt))))
    return dataclasses.replace(declared, columns=(*declared.columns, column))


def _head_cells(recognition: Recognition, spellings: set[str]) -> list[str]:
    """Cells of the first column with one of these names, in the complete rows of the head."""
    position = next((at for at, name in enumerate(recognition.header) if name in spellings), None)
    return [] if position is None else [row[position] for row in recognition.rows if len(row) > position]


def _domain_of(address: str) -> str | None:
    host = host_of(address)
    return registrable_domain(host) if host else None


def majority(domains: list[str]) -> str | None:
    """The domain that more than half of the entries name; None when there is none."""
    if not domains:
        return None
    domain, count = Counter(domains).most_common(1)[0]
    return domain if 2 * count > len(domains) else None


def other_site(arrived_for: Site, told: str, teller: str) -> str | None:
    """Why a file is set aside of which ``teller`` ("most rows", ...) says that it is about ``told``.

    None when they agree, or when the site was given, or comes from the content itself.
    """
    if arrived_for.source not in ("folder", "file_name") or told == arrived_for.domain:
        return None
    return (
        f"{says_otherwise(arrived_for, teller)} {told}; move the file to a folder named {told}, "
        f"or give --site if it belongs to {arrived_for.domain}"
    )


def says_otherwise(arrived_for: Site, teller: str) -> str:
    """How the reason of :func:`other_site` begins, up to the other site."""
    return f"the {arrived_for.source.replace('_', ' ')} says {arrived_for.domain}, {teller} about"


def site_of_notes(content: Content, given: str | None) -> Site | None:
    """The site of the rows of a list of the team that name none: given, or that of the folder; None for all sites."""
    if given:
        return Site(domain_named(given) or given.strip().lower(), "given")
    folder = site_in_folders(content)
    return Site(folder, "folder") if folder else None


def site_of(content: Content, recognition: Recognition, given: str | None, of_set: Site | None) -> Site | None:
    """Given, else folder, else content (its own, then its set's), else the file's or container's name."""
    if given:
        return Site(domain_named(given) or given.strip().lower(), "given")
    if folder := site_in_folders(content):
        return Site(folder, "folder")
    if told := site_in_head(recognition):
        return Site(told, "content")
    if of_set:
        return of_set
    names = content.names[:2] if content.member is not None else content.names[:1]
    return next((Site(domain, "file_name") for name in names if (domain := site_in_name(name))), None)
