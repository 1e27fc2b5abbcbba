"""What a disavow proposal rests on, read from the warehouse."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from reports.data import select_rows
from reports.disavow_file import DisavowFile, parse_disavow
from reports.views import Evidence
from transforms.schemas.vocabulary import RISKY_ORIGINS

MOST_PAGES = 1_000
"""Addresses of linking pages kept of one referring domain: more than anybody disowns one by one."""


@dataclass(frozen=True, kw_only=True)
class ReferringDomain:
    """A referring domain with a link that resembles arranged links, or that the team allows; a row of the query.

    Counts are of links (page and target). ``arranged_count`` are those that resemble arranged links surely enough and
    are not allowed. Of these ``open_count`` are what a disavowal is about: standing, and not marked nofollow, sponsored
    or ugc; ``open_urls`` are their pages. ``unsure_count`` are standing links that resemble them less surely;
    ``natural_count`` and ``unknown_count`` standing unmarked links that a ``domain:`` line would take along. The rest
    is of the strongest link, and of the team's own list of placements.
    """

    source_domain: str
    source_authority: float | None
    arranged_count: int
    open_count: int
    open_urls: tuple[str, ...]
    placed_count: int
    lost_count: int
    marked_count: int
    unsure_count: int
    allowed_count: int
    natural_count: int
    unknown_count: int
    first_seen_on: datetime.date | None
    lost_on: datetime.date | None
    is_lost: bool
    origin: str
    probability: float
    source_url: str
    target_url: str
    anchor_text: str | None
    told_by: str | None
    told_origin: str | None
    told_subject: str | None
    told_on: datetime.date | None
    label_who: str | None
    evidence: tuple[Evidence, ...]
    placement_count: int
    placed_on: datetime.date | None
    campaign: str | None
    removed_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class ManualAction:
    """A manual action of the site that stands, as the team's calendar has it."""

    name: str
    starts_on: datetime.date
    is_about_links: bool


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What the team allows: a domain, a host or (``allowed_kind`` link) a page without scheme and ``www.``."""

    allowed: str
    allowed_kind: str


@dataclass(frozen=True, kw_only=True)
class DisavowView:
    """All of a site that a proposal looks at, as known on ``as_of``."""

    site_domain: str
    as_of: datetime.date
    domain_count: int
    spam_domain_count: int
    domains: tuple[ReferringDomain, ...]
    actions: tuple[ManualAction, ...]
    allowed: tuple[Allowed, ...]
    loaded: DisavowFile | None
    """The newest disavow file that the team loaded, put together again from its entries; None without any."""
    loaded_on: datetime.date | None

    @property
    def link_actions(self) -> tuple[ManualAction, ...]:
        """Manual actions about links: those a disavowal can have to do with."""
        return tuple(action for action in self.actions if action.is_about_links)


def read_disavows(
    connection: duckdb.DuckDBPyConnection,
    site_domains: Sequence[str],
    *,
    as_of: datetime.date,
    least_probability: float,
) -> dict[str, DisavowView]:
    """What is known of the links, manual actions, allow-list and disavow file of each site on ``as_of``.

    ``least_probability`` is that from which on a link counts as resembling arranged links. One query for many sites:
    planning it costs more than a site.
    """
    values = {
        "sites": list(site_domains),
        "as_of": as_of,
        "origins": list(RISKY_ORIGINS),
        "least_probability": least_probability,
        "most_pages": MOST_PAGES,
    }
    domains = read_by_site(connection, "disavow_domains", values)
    actions = read_by_site(connection, "disavow_actions", values)
    allowed = read_by_site(connection, "disavow_allowed", values)
    entries = read_by_site(connection, "disavow_entries", values)
    counts = read_by_site(connection, "disavow_counts", values)
    return {
        site_domain: DisavowView(
            site_domain=site_domain,
            as_of=as_of,
            domains=tuple(_make_domain(row) for row in domains[site_domain]),
            actions=tuple(ManualAction(**row) for row in actions[site_domain]),
            allowed=tuple(Allowed(**row) for row in allowed[site_domain]),
            loaded=_put_together(entries[site_domain]) if entries[site_domain] else None,
            loaded_on=max((entry["observed_on"] for entry in entries[site_domain]), default=None),
            domain_count=sum(row["domain_count"] for row in counts[site_domain]),
            spam_domain_count=sum(row["spam_domain_count"] for row in counts[site_domain]),
        )
        for site_domain in site_domains
    }


def read_by_site(
    connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object]
) -> defaultdict[str, list[dict[str, Any]]]:
    """The rows of a query over several sites, by site and without its name; a site without rows has an empty list."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in select_rows(connection, name, values):
        rows[row.pop("site_domain")].append(row)
    return rows


def _make_domain(row: dict[str, Any]) -> ReferringDomain:
    evidence = tuple(Evidence(**found) for found in row["evidence"] or ())
    return ReferringDomain(**{**row, "evidence": evidence, "open_urls": tuple(row["open_urls"])})


def _put_together(entries: Sequence[Mapping[str, Any]]) -> DisavowFile:
    """The file that the loaded entries came from: in its order, the comment above an entry once."""
    lines: list[str] = []
    said: str | None = None
    for entry in entries:
        note = entry["note"]
        if note and note != said:
            lines.append(f"# {' '.join(note.split())}")
        said = note
        lines.append(f"domain:{entry['entry']}" if entry["entry_kind"] == "domain" else entry["entry"])
    return parse_disavow("\n".join(lines).encode(), "staging.disavow_entries")
