"""Semrush referring domains, with the address each is hosted at: comma-separated UTF-8."""

from __future__ import annotations

from collections.abc import Sequence

from penalty_radar.simulation.formats.written import ExportFile, delimited
from penalty_radar.simulation.hosting import find_address
from penalty_radar.simulation.indexes import ListedLink
from penalty_radar.simulation.parameters import Site, WorldParameters

HEADER = ("Domain ascore", "Domain", "Backlinks", "IP Address", "Country", "First seen", "Last seen")


def write_referring_domains(site: Site, listed: Sequence[ListedLink], parameters: WorldParameters) -> ExportFile:
    """One row per referring domain that the Backlinks report lists, strongest first."""
    domains: dict[str, list[ListedLink]] = {}
    for seen in listed:
        domains.setdefault(seen.placed.source.domain, []).append(seen)
    rows = [
        (
            round(max(seen.authority for seen in members)),
            domain,
            len(members),
            find_address(members[0].placed.source),
            site.language,
            min(seen.first_seen_at for seen in members).date(),
            max(seen.last_seen_at for seen in members).date(),
        )
        for domain, members in domains.items()
    ]
    rows.sort(key=lambda row: (-row[0], row[1]))
    content = delimited([HEADER, *rows]).encode()
    return ExportFile(f"{site.domain}-backlinks_refdomains.csv", content, len(rows), parameters.last_export_on)
