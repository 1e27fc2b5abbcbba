"""Ahrefs Backlinks: UTF-16LE tab-separated and quoted all through, or UTF-8 comma-separated and quoted where needed."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Sequence

from penalty_radar.simulation.formats.written import ExportFile, delimited, spell
from penalty_radar.simulation.indexes import EXPORT_HOUR, ListedLink
from penalty_radar.simulation.pages import PlacedLink
from penalty_radar.simulation.parameters import Site, WorldParameters

HEADER_34 = (
    "Referring page title", "Referring page URL", "Language", "Platform", "Referring page HTTP code", "Domain rating",
    "UR", "Domain traffic", "Referring domains", "Linked domains", "External links", "Page traffic", "Keywords",
    "Target URL", "Left context", "Anchor", "Right context", "Redirect Chain URLs", "Redirect Chain status codes",
    "Type", "Content", "Nofollow", "UGC", "Sponsored", "Rendered", "Raw", "Lost status", "Drop reason",
    "Discovered status", "First seen", "Last seen", "Lost", "Author", "Links in group",
)  # fmt: skip
"""Exports of December 2025 and January 2026."""


def _insert(header: tuple[str, ...], after: str, *names: str) -> tuple[str, ...]:
    at = header.index(after) + 1
    return (*header[:at], *names, *header[at:])


HEADER_37 = _insert(_insert(HEADER_34, "Author", "Page type", "Page category"), "Type", "Is spam")
"""Exports of February 2026."""

HEADER_36 = tuple(name for name in HEADER_37 if name != "Links in group")
"""Exports of one page, January 2026."""

_LOST_STATUS = ("removedfromhtml", "removedfromhtml", "removedfromhtml", "notfound", "pageredirected", "pageerror")
_DISCOVERED = ("pagefound", "pagefound", "linkfound", "linkrestored")
_PAGE_TYPES = {
    "blog_mention": ("Article > Story", "Home > Hobbies"),
    "news": ("Article > News", "News"),
    "forum": ("Discussion > Thread", "Internet > Communities"),
    "directory": ("Listing collection > Business", "Business"),
}


def write_backlinks(
    site: Site, listed: Sequence[ListedLink], header: tuple[str, ...], parameters: WorldParameters
) -> ExportFile:
    """The Backlinks report under one of the three headers, UTF-16LE with its mark, tab-separated, all quoted."""
    rows = _rows(listed, header, parameters)
    text = delimited([header, *rows], delimiter="\t", quote_all=True)
    content = codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return ExportFile(name_file(site, "backlinks", parameters), content, len(rows), parameters.last_export_on)


def write_backlinks_comma(
    site: Site, listed: Sequence[ListedLink], header: tuple[str, ...], parameters: WorldParameters
) -> ExportFile:
    """The same report as UTF-8 without a mark, comma-separated, quoted where needed."""
    rows = _rows(listed, header, parameters)
    content = delimited([header, *rows]).encode()
    return ExportFile(name_file(site, "backlinks", parameters), content, len(rows), parameters.last_export_on)


def name_file(site: Site, report: str, parameters: WorldParameters) -> str:
    """The name that Ahrefs gives a report of a site, with the moment of the export."""
    second = zlib.crc32(site.domain.encode()) % 60
    stamp = f"{parameters.last_export_on}_{EXPORT_HOUR:02d}-12-{second:02d}"
    return f"www.{site.domain}-{report}-subdomains_{stamp}.csv"


def _rows(listed: Sequence[ListedLink], header: tuple[str, ...], parameters: WorldParameters) -> list[list[object]]:
    """One row per link; a site-wide link is one row that counts its pages in the group."""
    sitewide: dict[str, int] = {}
    rows = []
    for seen in listed:
        if seen.placed.is_sitewide:
            sitewide[seen.placed.source_host] = sitewide.get(seen.placed.source_host, 0) + 1
    for seen in listed:
        host = seen.placed.source_host
        group = 1
        if seen.placed.is_sitewide:
            group = sitewide.pop(host, 0)
            if not group:
                continue
        fields = _fields(seen, group, parameters.kinds[seen.placed.source.kind].flagged_share)
        rows.append([fields[name] for name in header])
    return rows


def _is_flagged(link: PlacedLink, flagged_share: float | None, chance: int) -> bool:
    """The provider's own spam flag, one for a domain; kinds that do not say how often: two spam pages in three."""
    if flagged_share is None:
        return link.source.origin == "spam" and chance % 3 != 0
    return zlib.crc32(link.source.domain.encode()) % 1000 < 1000 * flagged_share


def _fields(seen: ListedLink, group: int, flagged_share: float | None) -> dict[str, object]:
    link = seen.placed
    chance = zlib.crc32(link.source_url.encode())  # detail that nothing depends on, fixed per page
    is_lost = seen.lost_at is not None
    page_type, category = _PAGE_TYPES.get(link.source.kind, ("", ""))
    rated = round(seen.authority) if seen.authority >= 10 else round(seen.authority, 1)
    return {
        "Referring page title": link.source_title,
        "Referring page URL": link.source_url,
        "Language": link.source.language,
        "Platform": link.source.platform,
        "Referring page HTTP code": 404 if is_lost and chance % 6 == 3 else 200,
        "Domain rating": f"{rated:g}",
        "UR": ("0", "4.4", "4.5", "5", "4.6")[chance % 5],
        "Domain traffic": link.source.traffic,
        "Referring domains": chance % 7 if chance % 5 == 0 else 0,
        "Linked domains": max(1, link.external_links * 2 // 3),
        "External links": link.external_links,
        "Page traffic": min(link.source.traffic, chance % 40) if chance % 9 == 0 else 0,
        "Keywords": chance % 12 if chance % 8 == 0 else 0,
        "Target URL": link.target_url,
        "Left context": link.left_context,
        "Anchor": link.anchor_text,
        "Right context": link.right_context,
        "Redirect Chain URLs": "",
        "Redirect Chain status codes": "",
        "Type": "image" if link.is_image else "text",
        "Is spam": spell(_is_flagged(link, flagged_share, chance)),
        "Content": spell(link.source.origin != "spam" and not link.is_sitewide),
        "Nofollow": spell(link.is_nofollow),
        "UGC": spell(link.is_ugc),
        "Sponsored": spell(link.is_sponsored),
        "Rendered": spell(chance % 15 == 0),
        "Raw": "true",
        "Lost status": _LOST_STATUS[chance % 6] if is_lost else "",
        "Drop reason": "",
        "Discovered status": _DISCOVERED[chance % 4],
        "First seen": seen.first_seen_at.isoformat(" "),
        "Last seen": seen.last_seen_at.isoformat(" "),
        "Lost": seen.lost_at.isoformat(" ") if seen.lost_at else "",
        "Author": link.author,
        "Page type": page_type,
        "Page category": category,
        "Links in group": group,
    }
