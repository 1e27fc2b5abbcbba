"""Ahrefs lists beside the links: linked domains (with days) and referring IPs, UTF-16LE with tabs, all quoted."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Sequence

from penalty_radar.simulation.arrangements import ReverseLink
from penalty_radar.simulation.formats.ahrefs import name_file
from penalty_radar.simulation.formats.written import ExportFile, delimited, spell
from penalty_radar.simulation.hosting import find_subnet
from penalty_radar.simulation.indexes import ListedLink
from penalty_radar.simulation.parameters import Site, WorldParameters

LINKED_DOMAINS_HEADER = (
    "Domain", "DR", "Is spam", "Dofollow ref. domains", "Dofollow linked domains", "Traffic", "Keywords",
    "Links from target", "New links", "Lost links", "Dofollow links", "First seen", "Lost",
)  # fmt: skip
REFERRING_IPS_HEADER = (
    "Subnet", "IPs in subnet", "Ref. domains", "Links to target", "New links", "Lost links", "Dofollow links", "Top DR",
    "Country", "ISP", "First seen", "Lost",
)  # fmt: skip


def write_linked_domains(site: Site, reverse_links: Sequence[ReverseLink], parameters: WorldParameters) -> ExportFile:
    """The domains that the site links to, each with the day on which that was first seen."""
    first: dict[str, ReverseLink] = {}
    counts: dict[str, int] = {}
    for link in sorted(reverse_links, key=lambda link: (link.placed_on, link.partner.domain)):
        if link.placed_on <= parameters.last_export_on:
            first.setdefault(link.partner.domain, link)
            counts[link.partner.domain] = counts.get(link.partner.domain, 0) + 1
    rows = [
        (
            domain, f"{link.partner.authority:.1f}", spell(False), 0, 0, link.partner.traffic, 0, counts[domain], 0, 0,
            counts[domain], _moment(link.placed_on), "",
        )
        for domain, link in first.items()
    ]  # fmt: skip
    return _write(site, "linkeddomains", (LINKED_DOMAINS_HEADER, *rows), parameters)


def write_referring_ips(site: Site, listed: Sequence[ListedLink], parameters: WorldParameters) -> ExportFile:
    """The subnets from which domains link, most domains first."""
    subnets: dict[str, list[ListedLink]] = {}
    for seen in listed:
        subnets.setdefault(find_subnet(seen.placed.source), []).append(seen)
    rows = []
    for subnet, members in subnets.items():
        domains = {seen.placed.source.domain for seen in members}
        top, first = max(seen.authority for seen in members), min(seen.first_seen_at for seen in members)
        counts = (len(domains), len(domains), len(members), 0, 0, len(members))
        rows.append((subnet, *counts, f"{top:.1f}", "", "", first, ""))
    rows.sort(key=lambda row: (-row[2], row[0]))
    return _write(site, "refips", (REFERRING_IPS_HEADER, *rows), parameters)


def _moment(day: datetime.date) -> str:
    return f"{day} 06:00:00"


def _write(site: Site, report: str, rows: Sequence[Sequence[object]], parameters: WorldParameters) -> ExportFile:
    content = codecs.BOM_UTF16_LE + delimited(rows, delimiter="\t", quote_all=True).encode("utf-16-le")
    return ExportFile(name_file(site, report, parameters), content, len(rows) - 1, parameters.last_export_on)
