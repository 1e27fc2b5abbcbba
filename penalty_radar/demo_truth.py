"""Compares what the walk found with what a simulated portfolio had planted, and says so in tables for the terminal."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from rich.table import Table

from penalty_radar.simulation.comparison import (
    UNPLANTED_ALLOWED,
    Comparison,
    FoundFinding,
    Match,
    StrayFinding,
    compare_with_truth,
)
from penalty_radar.simulation.truth import PlantedFinding, Truth
from reports.messages import say
from transforms.warehouse import open_reader

__all__ = [
    "Comparison",
    "FoundFinding",
    "Match",
    "StrayFinding",
    "compare_warehouse",
    "compare_with_truth",
    "render_comparison",
]

WIDTH = 100
"""Columns of the terminal tables."""


def compare_warehouse(warehouse: Path, truth: Truth) -> Comparison:
    """Compare the newest night of a warehouse's published snapshot with the truth."""
    with open_reader(warehouse) as connection:
        surges, drops, pairs, causes = (
            connection.execute(f"SELECT * FROM {table}").df()  # noqa: S608 - names of ours
            for table in (
                "surges.link_surges",
                "drops.ranking_drops",
                "correlation.surge_drop_pairs",
                "correlation.drop_causes",
            )
        )
    alone = drops[drops["part_of_drop_id"].isna()]  # what is part of a drop is told with it
    return compare_with_truth(truth, surges, alone, pairs, causes)


def render_comparison(comparison: Comparison, language: str) -> str:
    """The comparison as aligned tables of at most 100 columns, in plain text, closing with one line of judgement."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, highlight=False)
    planted = _start_table("planted", language)
    rows = [(match.planted, _tell_match(match, language)) for match in comparison.found]
    rows += [(finding, say("demo.missed", language)) for finding in comparison.missed]
    for finding, told in sorted(rows, key=lambda row: (row[0].kind != "surge", row[0].site_domain)):
        planted.add_row(_name(finding, language), finding.site_domain, _tell_planted(finding, language), told)
    traps = _start_table("traps", language)
    for trap in comparison.traps:
        told = _tell_trap(trap, comparison, language)
        traps.add_row(_name(trap, language), trap.site_domain, _tell_planted(trap, language), told)
    for table in (planted, traps):
        console.print(table)
        console.print()
    for stray in comparison.unplanted:
        console.print(_tell_stray("demo.unplanted", stray, language))
    for stray in comparison.tolerated:
        console.print(_tell_stray("demo.tolerated", stray, language))
    console.print(_tell_sum(comparison, language))
    file = console.file
    lines = file.getvalue().splitlines() if isinstance(file, io.StringIO) else []
    return "\n".join(line.rstrip() for line in lines)


def _start_table(name: str, language: str) -> Table:
    """An empty table with the four columns; the first is wide enough in both languages for the two to line up."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), title=say(f"demo.title.{name}", language))
    table.title_justify = "left"
    for column, width in (("what", 18), ("site", 25), ("planted", 26), ("found", 28)):
        table.add_column(say(f"demo.column.{column}", language), min_width=width, overflow="fold")
    return table


def _name(planted: PlantedFinding, language: str) -> str:
    if planted.trap is not None:
        return say(f"demo.what.{planted.trap}", language)
    word = planted.origin if planted.kind == "surge" else planted.cause
    return say(f"demo.what.{planted.kind}", language, word=word)


def _tell_planted(planted: PlantedFinding, language: str) -> str:
    key = "demo.planted.drop" if planted.kind == "drop" or planted.trap == "season" else "demo.planted.days"
    if planted.views:
        key = "demo.planted.surge"
    return say(
        key,
        language,
        start=planted.starts_on,
        count=max((view.domain_count for view in planted.views), default=0),
        share=planted.size,
    )


def _tell_match(match: Match, language: str) -> str:
    strongest = max(match.found, key=lambda found: found.size)
    told = [
        say(
            f"demo.found.{strongest.kind}", language, start=strongest.starts_on, share=strongest.size,
            count=int(strongest.size) if strongest.kind == "surge" else 0,
        )
    ]  # fmt: skip
    indexes = len({found.provider for found in match.found})
    if strongest.kind == "surge" and indexes > 1:
        told.append(say("demo.found.indexes", language, indexes=indexes))
    if match.cause is not None:
        key = "demo.cause.right" if match.is_cause_right else "demo.cause.wrong"
        told.append(say(key, language, cause=match.cause, p=match.cause_probability))
    return "\n".join(told)


def _tell_trap(trap: PlantedFinding, comparison: Comparison, language: str) -> str:
    is_mistaken = any(stray.near == trap for stray in comparison.unplanted)
    return say("demo.trap.mistaken" if is_mistaken else "demo.trap.avoided", language)


def _tell_stray(key: str, stray: StrayFinding, language: str) -> str:
    found = stray.found
    return say(
        f"{key}.{found.kind}", language, site=found.site_domain, provider=found.provider, origin=found.origin or "",
        start=found.starts_on, count=int(found.size) if found.kind == "surge" else 0, share=found.size,
    )  # fmt: skip


def _tell_sum(comparison: Comparison, language: str) -> str:
    drops = [match for match in comparison.found if match.planted.kind == "drop"]
    return say(
        "demo.sum.right" if comparison.is_right else "demo.sum.wrong",
        language,
        found=len(comparison.found),
        planted=len(comparison.found) + len(comparison.missed),
        causes=sum(match.is_cause_right is True for match in drops),
        drops=len(drops),
        unplanted=len(comparison.unplanted),
        allowed=UNPLANTED_ALLOWED,
    )
