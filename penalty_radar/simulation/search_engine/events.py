"""The team's own calendar of a simulated portfolio, in the format of docs/team-files.md."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from penalty_radar.simulation.formats.written import delimited

HEADER = ("kind", "site", "name", "starts_on", "ends_on", "scope", "source")
SOURCE = "noted by the team"


@dataclass(frozen=True)
class TeamEvent:
    """One row; an empty site means all sites."""

    kind: str
    site_domain: str
    name: str
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    scope: str = ""


def write_events(events: Iterable[TeamEvent]) -> tuple[bytes, int]:
    """The file's bytes and its rows, each event once, in order of days."""
    unique = {(event.kind, event.site_domain, event.name, event.starts_on): event for event in events}
    rows = [
        (event.kind, event.site_domain, event.name, event.starts_on, event.ends_on or "", event.scope, SOURCE)
        for event in sorted(unique.values(), key=lambda event: (event.starts_on, event.site_domain, event.kind))
    ]
    return delimited([HEADER, *rows]).encode(), len(rows)
