"""Who links whom across the monitored sites: groups in lockstep, sources of several owners, exchanges, own links."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from reports.data import read_rows


@dataclass(frozen=True, kw_only=True)
class Group:
    """Sources that link several monitored sites in lockstep; ``sources`` are a few of the ``source_count``."""

    group_id: str
    sites: list[str]
    source_count: int
    target_count: int
    starts_on: datetime.date
    ends_on: datetime.date
    chance: float
    sources: list[str]


@dataclass(frozen=True, kw_only=True)
class SharedSource:
    """A domain that links with keywords to monitored sites of several owners."""

    source_domain: str
    site_count: int
    owner_count: int
    sites: list[str]
    origin: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A monitored site and a domain it exchanges links with, at once or in a ring ``through`` others."""

    site_domain: str
    source_domain: str
    form: str
    through: str | None
    partner_site_count: int
    is_monitored: bool
    probability: float | None
    is_synchronous: bool | None
    in_on: datetime.date | None
    out_on: datetime.date | None


@dataclass(frozen=True, kw_only=True)
class OwnLink:
    """One monitored site that links to another."""

    from_domain: str
    to_domain: str
    linked_on: datetime.date | None
    lost_on: datetime.date | None
    is_one_owner: bool


@dataclass(frozen=True, kw_only=True)
class NetworkView:
    """Everything the network page shows."""

    as_of: datetime.date
    site_count: int
    groups: tuple[Group, ...]
    sources: tuple[SharedSource, ...]
    exchanges: tuple[Exchange, ...]
    links: tuple[OwnLink, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing joins the sites."""
        return not (self.groups or self.sources or self.exchanges or self.links)


def read_network(connection: duckdb.DuckDBPyConnection, *, as_of: datetime.date, sites: Collection[str]) -> NetworkView:
    """The network of ``sites``, those of the portfolio, as the tables of the last run have it; others are not named."""
    values = {"as_of": as_of, "sites": ["", *sorted(sites)]}
    return NetworkView(
        as_of=as_of,
        site_count=len(sites),
        groups=read_rows(connection, "network_groups", Group, values),
        sources=read_rows(connection, "network_sources", SharedSource, values),
        exchanges=read_rows(connection, "network_exchanges", Exchange, values),
        links=read_rows(connection, "network_links", OwnLink, values),
    )
