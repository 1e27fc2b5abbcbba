"""What the terminal shows after a run: a table of files, and what was found, in English or Dutch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from penalty_radar.walk import WalkResult
from reports.messages import say
from transforms.settings import Settings


def print_files(outcomes: Sequence[Any], language: str) -> None:
    """One row per export file: format, site, rows read, rejected, date span, or why it was set aside."""
    console = _console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("file", "format", "site"):
        table.add_column(say(f"command.files.{name}", language), overflow="fold")
    for name in ("rows", "loaded", "rejected"):
        table.add_column(say(f"command.files.{name}", language), justify="right")
    table.add_column(say("command.files.note", language), overflow="fold")
    for outcome in outcomes:
        table.add_row(
            outcome.path,
            outcome.format or "-",
            outcome.site_domain or "-",
            f"{outcome.row_count:,}",
            f"{outcome.loaded_count:,}",
            f"{outcome.rejected_count:,}" if outcome.rejected_count else "",
            _note(outcome, language),
            style="yellow" if outcome.status == "set_aside" else "",
        )
    console.print(table)


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


def _console() -> Console:
    # A file or a log has no width; eighty columns would break every path.
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=200)


def _note(outcome: Any, language: str) -> str:
    if outcome.status == "set_aside":
        return outcome.reason or ""
    if outcome.is_already_known:
        return say("command.files.known", language)
    span = ""
    if outcome.first_day_on and outcome.last_day_on:
        span = say("command.files.span", language, first=outcome.first_day_on, last=outcome.last_day_on)
    if outcome.is_truncated:
        span += " " + say("command.files.truncated", language)
    return span.strip()
