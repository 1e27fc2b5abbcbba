"""Which tables a finding needs: found by the address rule, from what each table's query or function reads."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable

from transforms import pipeline
from transforms.schemas import TABLES, table
from transforms.stages import ASSESSED_STAGES

_NAME = re.compile(rf"\b(?:{'|'.join(ASSESSED_STAGES)})\.[a-z_]+\b")
_MADE = ("site", "night", "memo", "view")


def needed_tables(wanted: Iterable[str]) -> dict[str, list[str]]:
    """By stage, in the order of the walk, every table that must be made for the ``wanted`` ones, these included."""
    needed: set[str] = set()
    open_names = list(wanted)
    while open_names:
        name = open_names.pop()
        if name not in needed:
            needed.add(name)
            open_names += [read for read in _reads(name) if read != name]
    return {
        stage: [declared.name for declared in TABLES if declared.stage == stage and declared.name in needed]
        for stage in ASSESSED_STAGES
        if any(name.startswith(f"{stage}.") for name in needed)
    }


def _reads(name: str) -> set[str]:
    """The tables of assessed stages that ``name`` is made from; none for what no stage makes."""
    declared = table(name)
    if declared.slice not in _MADE or not pipeline.is_made(declared):
        return set()
    if (pipeline.FOLDER / declared.stage / f"{declared.thing}.sql").is_file():
        text = pipeline.COMMENT.sub("", pipeline.query_of(name))
        found = set(_NAME.findall(text))
    else:
        module = importlib.import_module(f"transforms.{declared.stage}.{declared.thing}")
        found = {read.removesuffix(pipeline.PREVIOUS) for read in module.READS}
    known = {other.name for other in TABLES}
    return {read for read in found if read in known and table(read).stage in ASSESSED_STAGES}
