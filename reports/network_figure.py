"""The network as a small picture: monitored sites on the left, what joins them on the right, a line for each link.

The tables of the page have everything; the picture has the joints that join most sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from reports.messages import say
from reports.network_data import NetworkView
from reports.sheet import cut, plain

MOST_JOINTS = 12
"""Joints drawn, those of most sites first: as many as a person follows with the eye."""

MOST_SITES = 16
"""Sites drawn, those with most lines first, so that each has its own line of text."""

MOST_LETTERS = 22
"""Letters of a name in the picture."""

ROLES = {"group": "origin-link_programme", "source": "origin-bought", "exchange": "origin-exchanged", "link": "accent"}
"""Kind of joint to the role of its lines."""

SYMBOLS = {"group": "diamond", "source": "square", "exchange": "cross", "link": "circle"}
"""Kind of joint to its mark, so that no reader depends on colour alone."""

ROW_HEIGHT = 30
"""Pixels between two names."""


@dataclass(frozen=True)
class Joint:
    """What joins sites: a group, a source, a partner of exchanges, or a site that links to others."""

    kind: str
    name: str
    joint_id: str
    sites: tuple[str, ...]


def list_joints(view: NetworkView, language: str) -> list[Joint]:
    """Everything that joins monitored sites, what joins most of them first."""
    joints = [
        Joint("group", say("network.figure.group", language, count=group.source_count, starts_on=group.starts_on),
              group.group_id, tuple(group.sites))
        for group in view.groups
    ]  # fmt: skip
    joints += [
        Joint("source", source.source_domain, source.source_domain, tuple(source.sites)) for source in view.sources
    ]
    partners: dict[str, list[str]] = {}
    for exchange in view.exchanges:
        partners.setdefault(exchange.source_domain, []).append(exchange.site_domain)
    joints += [Joint("exchange", partner, partner, tuple(dict.fromkeys(sites))) for partner, sites in partners.items()]
    givers: dict[str, list[str]] = {}
    for link in view.links:
        givers.setdefault(link.from_domain, []).append(link.to_domain)
    joints += [Joint("link", giver, giver, tuple(sites)) for giver, sites in givers.items()]
    order = list(ROLES)
    return sorted(joints, key=lambda joint: (-len(joint.sites), order.index(joint.kind), joint.name, joint.joint_id))


def draw_network(view: NetworkView, language: str) -> go.Figure | None:
    """The picture; None where nothing joins any sites."""
    joints = list_joints(view, language)[:MOST_JOINTS]
    if not joints:
        return None
    sites = _choose_sites(joints)
    joints = [joint for joint in joints if any(site in sites for site in joint.sites)]
    rows = max(len(sites), len(joints))
    site_places = _places(sites, rows)
    joint_places = _places([f"{joint.kind} {joint.joint_id}" for joint in joints], rows)
    traces = [trace for kind in ROLES for trace in _draw_kind(kind, joints, site_places, joint_places, language)]
    traces.append({
        "type": "scatter", "mode": "markers+text", "meta": "ink", "name": say("network.figure.site", language),
        "x": [0] * len(sites), "y": [site_places[site] for site in sites],
        "text": [plain(cut(site, MOST_LETTERS)) for site in sites], "textposition": "middle left",
        "hovertext": [plain(site) for site in sites], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": 9, "symbol": "circle"},
    })  # fmt: skip
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False}
    return go.Figure({"data": traces, "layout": {
        "height": rows * ROW_HEIGHT + 30, "margin": {"l": 8, "r": 8, "t": 10, "b": 10}, "showlegend": False,
        "hovermode": "closest", "dragmode": False, "template": {}, "meta": {"kind": "plain"},
        "xaxis": {**hidden, "range": [-1.5, 2.4]}, "yaxis": {**hidden, "range": [-0.6, rows - 0.4]},
    }})  # fmt: skip


def _choose_sites(joints: Sequence[Joint]) -> list[str]:
    """The sites with most lines, each as high as the middle of what joins it, so that few lines cross."""
    heights: dict[str, list[int]] = {}
    for height, joint in enumerate(joints):
        for site in joint.sites:
            heights.setdefault(site, []).append(height)
    chosen = sorted(heights, key=lambda site: (-len(heights[site]), site))[:MOST_SITES]
    return sorted(chosen, key=lambda site: (sum(heights[site]) / len(heights[site]), site))


def _places(names: Sequence[str], rows: int) -> dict[str, float]:
    """Names spread evenly over the rows, the first at the top."""
    step = (rows - 1) / max(len(names) - 1, 1)
    return {name: rows - 1 - number * step if len(names) > 1 else (rows - 1) / 2 for number, name in enumerate(names)}


def _draw_kind(
    kind: str, joints: Sequence[Joint], site_places: dict[str, float], joint_places: dict[str, float], language: str
) -> Iterator[dict[str, Any]]:
    of_kind = [joint for joint in joints if joint.kind == kind]
    if not of_kind:
        return
    x: list[float | None] = []
    y: list[float | None] = []
    for joint in of_kind:
        for site in joint.sites:
            if site in site_places:
                x += [0, 1, None]
                y += [site_places[site], joint_places[f"{kind} {joint.joint_id}"], None]
    name = say(f"network.figure.{kind}.key", language)
    yield {
        "type": "scatter", "mode": "lines", "meta": ROLES[kind], "name": name, "x": x, "y": y, "hoverinfo": "skip",
        "line": {"width": 1.2}, "connectgaps": False,
    }  # fmt: skip
    yield {
        "type": "scatter", "mode": "markers+text", "meta": ROLES[kind], "name": name, "x": [1] * len(of_kind),
        "y": [joint_places[f"{kind} {joint.joint_id}"] for joint in of_kind],
        "text": [plain(cut(joint.name, MOST_LETTERS)) for joint in of_kind], "textposition": "middle right",
        "hovertext": [plain(joint.name) for joint in of_kind], "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"size": 9, "symbol": SYMBOLS[kind]},
    }  # fmt: skip
