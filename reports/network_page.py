"""The network page: who links whom across the portfolio, dated. Tables first, a small picture after."""

from __future__ import annotations

from collections.abc import Iterable

from reports.addresses import place_internal
from reports.network_data import NetworkView
from reports.network_figure import MOST_JOINTS, SYMBOLS, draw_network, list_joints
from reports.page_template import figure_json, render_page
from reports.portfolio_page import address_of
from reports.sentences import Speaker

MOST_LISTED = 25
"""Rows of a table: what a person reads at a sitting; the tables of the warehouse have the rest."""

MOST_SITES_NAMED = 8
"""Sites named in one cell."""


def render_network(view: NetworkView, speaker: Speaker) -> str:
    """The network page of ``view``."""
    figure = draw_network(view, speaker.language)
    drawn = {joint.kind for joint in list_joints(view, speaker.language)[:MOST_JOINTS]}
    return render_page(
        "network.html.j2", speaker, place_internal("network.html"), view=view, figure=figure_json(figure),
        opening=open_network(view, speaker), most_listed=MOST_LISTED, most_sites=MOST_SITES_NAMED,
        kinds=[kind for kind in SYMBOLS if kind in drawn],
        site_address=lambda site_domain: address_of(site_domain, "index.html", speaker.language),
    )  # fmt: skip


def open_network(view: NetworkView, speaker: Speaker) -> tuple[str, str, str]:
    """What joins the sites, why we think so, what to do next."""
    if view.is_empty:
        return (
            speaker.say("network.changed.none", sites=view.site_count),
            speaker.say("network.why.none"),
            speaker.say("network.next.none"),
        )
    joined = _count(site for group in view.groups for site in group.sites)
    changed = speaker.say(
        "network.changed", groups=len(view.groups), joined=joined, sources=len(view.sources),
        exchanges=_count(exchange.source_domain for exchange in view.exchanges), links=len(view.links),
    )  # fmt: skip
    newest = max((group.ends_on for group in view.groups), default=None)
    why = speaker.say("network.why.groups", ends_on=newest) if newest else speaker.say("network.why")
    if view.groups:
        return changed, why, speaker.say("network.next.groups")
    return changed, why, speaker.say("network.next.sources" if view.sources else "network.next")


def _count(names: Iterable[str]) -> int:
    return len(set(names))
