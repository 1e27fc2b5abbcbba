"""The portfolio page: what changed over all sites, what is open, and every site by risk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reports import figures
from reports.addresses import name_folder, place_internal
from reports.changes import gather_spans
from reports.page_template import figure_json, render_page
from reports.portfolio_data import OpenAlert, PortfolioBoard
from reports.portfolio_rows import STATUSES, block_json, list_statuses, make_block
from reports.sentences import Speaker, open_portfolio, say_hit_rate

MOST_PLAIN_SITES = 100
"""Sites written as plain rows, for a reader without script: the rest travel as data."""

MOST_LISTED = 8
"""Incidents, alerts, findings and late feeds listed under one heading, so that the sites come within two screens; a
link filters the sites by the rest."""


def render_portfolio(board: PortfolioBoard, speaker: Speaker, missing_feeds: Sequence[str] = ()) -> str:
    """The portfolio page of ``board``."""
    view = board.view
    current = [site.site_domain for site in view.sites if not site.is_held_back]
    lanes = figures.draw_lanes(current, view.findings, view.events, view.as_of, speaker.language)
    has_previous = any(site.previous_night for site in view.sites)
    active = [finding for finding in view.findings if finding.is_active]
    shown = [finding for finding in active if finding.is_new or not has_previous]
    block = make_block(board, speaker)
    return render_page(
        "index.html.j2", speaker, place_internal("index.html"), view=view, board=board,
        opening=open_portfolio(view, speaker), spans=gather_spans(board.changes),
        figure=figure_json(lanes), missing_feeds=missing_feeds,
        has_previous=has_previous, shown_findings=shown[:MOST_LISTED], findings_left=len(shown[MOST_LISTED:]),
        ongoing_count=len(active) - len(shown), most_listed=MOST_LISTED,
        plain_sites=view.sites[:MOST_PLAIN_SITES], block=block, block_json=block_json(block),
        statuses=[(name, 1 << STATUSES.index(name), count) for name, count in list_statuses(board).items()],
        groups=sorted(block["groups"], key=str.casefold), owners=sorted(block["owners"], key=str.casefold),
        hit_rate=say_hit_rate(view.hit_rates, "all", speaker),
        describe=lambda finding: figures.describe_finding(finding, speaker.language),
        say_alert=lambda alert: _say_alert(alert, speaker),
        site_address=lambda site_domain, page="index.html": address_of(site_domain, page, speaker.language),
    )  # fmt: skip


def address_of(site_domain: str, page: str, language: str) -> str:
    """The way from an internal page to a page of a site."""
    return f"../../sites/{name_folder(site_domain)}/{language}/{page}"


def _say_alert(alert: OpenAlert, speaker: Speaker) -> str:
    arguments: dict[str, Any] = json.loads(alert.arguments)
    return speaker.repeat(alert.message_key, arguments)
