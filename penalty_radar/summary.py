"""What the terminal shows after a run: what was found, in English or Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from penalty_radar.walk import WalkResult
from reports.messages import say
from transforms.settings import Settings


def print_findings(settings: Settings, result: WalkResult) -> None:
    """One line per count that matters, and where the report is."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(
        say(
            "command.found",
            settings.language,
            day=result.as_of,
            surges=result.counts.get("surges.link_surges", 0),
            drops=result.counts.get("drops.ranking_drops", 0),
            pairs=result.counts.get("correlation.surge_drop_pairs", 0),
            alerts=len(result.alerts),
        )
    )
    for line in _site_lines(result.sites, settings.language):
        console.print(line, style="yellow")
    if result.held_back:
        console.print(say("command.held_back", settings.language, sites=", ".join(result.held_back)), style="yellow")
    console.print(say("command.report", settings.language, path=str(result.index)))


def _site_lines(sites: Mapping[str, Any], language: str) -> list[str]:
    """What there is to say of sites.toml: entries that cannot be used, sites it does not list, or that it is absent."""
    standings = sites["standings"]
    lines = [say("command.sites.problem", language, problem=problem) for problem in sites["problems"]]
    if unlisted := sorted(site for site, standing in standings.items() if standing == "unlisted"):
        lines.append(say("command.sites.unlisted", language, sites=", ".join(unlisted)))
    if inferred := sum(standing == "inferred" for standing in standings.values()):
        lines.append(say("command.sites.inferred", language, count=inferred))
    return lines
