"""The pages over all sites: what is read for them, the pages themselves, and their data as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from reports.addresses import place_internal
from reports.data import read_quality
from reports.network_data import NetworkView, read_network
from reports.network_page import render_network
from reports.page_template import render_page
from reports.portfolio_data import PortfolioBoard, read_board
from reports.portfolio_page import render_portfolio
from reports.quality_page import render_quality
from reports.quality_views import QualityView
from reports.sentences import Speaker
from reports.traces import list_data_files, trace
from reports.views import PortfolioView


@dataclass(frozen=True, kw_only=True)
class InternalMaterial:
    """What is read of the warehouse for the pages over all sites."""

    board: PortfolioBoard
    network: NetworkView
    quality: QualityView


def read_internal(connection: duckdb.DuckDBPyConnection, portfolio: PortfolioView) -> InternalMaterial:
    """Everything the pages over all sites show, as known on the day of ``portfolio``."""
    sites = [site.site_domain for site in portfolio.sites]
    return InternalMaterial(
        board=read_board(connection, portfolio),
        network=read_network(connection, as_of=portfolio.as_of, sites=sites),
        quality=read_quality(connection, as_of=portfolio.as_of),
    )


def list_internal_tables(material: InternalMaterial) -> dict[str, Sequence[object]]:
    """Query name to the rows it gave, for every query behind these pages, in the order of the pages."""
    board, network, quality = material.board, material.network, material.quality
    return {
        "portfolio_sites": board.view.sites,
        "changes_comparisons": board.changes,
        "portfolio_incidents": board.incidents,
        "portfolio_alerts": board.alerts,
        "portfolio_listed": tuple(board.listed.values()),
        "portfolio_risk_days": tuple(board.risk_days.values()),
        "portfolio_visibility_days": tuple(board.visibility_days.values()),
        "findings": board.view.findings,
        "portfolio_association": board.view.associations,
        "portfolio_late_feeds": board.late_feeds,
        "network_groups": network.groups,
        "network_sources": network.sources,
        "network_exchanges": network.exchanges,
        "network_links": network.links,
        "unmet_checks": quality.unmet,
        "met_checks": quality.met,
        "read_sites": quality.read_sites,
        "feeds": quality.feeds,
    }


def render_internal(
    material: InternalMaterial, speaker: Speaker, missing_feeds: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """(file name, page) of every page over all sites in one language."""
    yield "index.html", render_portfolio(material.board, speaker, missing_feeds)
    yield "network.html", render_network(material.network, speaker)
    yield "quality.html", render_quality(material.quality, speaker, missing_feeds)
    as_of = material.board.view.as_of
    yield "data.html", render_page(
        "data.html.j2", speaker, place_internal("data.html"), site_domain=speaker.say("page.portfolio"), as_of=as_of,
        traces=[trace(query, rows) for query, rows in list_internal_tables(material).items()],
        parameters={"as_of": as_of.isoformat()},
    )  # fmt: skip


def list_internal_files(material: InternalMaterial) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of each table that has rows, as CSV and as Parquet."""
    return list_data_files(list_internal_tables(material))
