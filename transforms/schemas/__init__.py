"""Every table of the warehouse, declared once; see :mod:`transforms.schemas.table`."""

from __future__ import annotations

from transforms.schemas import (
    arrived,
    correlation,
    drops,
    expectations,
    ingest,
    reports,
    risk,
    signals,
    staging,
    surges,
)
from transforms.schemas.table import Column, Table

__all__ = ["ARRIVED_TABLES", "TABLES", "Column", "Table", "stage_tables", "table"]

TABLES: tuple[Table, ...] = tuple(
    table
    for module in (ingest, staging, signals, surges, drops, correlation, risk, expectations, reports)
    for table in module.TABLES
)
"""Every table that stands in the warehouse, in the order of the walk."""

ARRIVED_TABLES: tuple[Table, ...] = arrived.TABLES
"""Temporary relations of one file's transaction."""

_BY_NAME = {table.name: table for table in (*TABLES, *ARRIVED_TABLES)}


def table(name: str) -> Table:
    """The declaration of ``stage.thing``; KeyError names what exists."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise KeyError(f"no table {name!r} is declared; there are {', '.join(sorted(_BY_NAME))}") from None


def stage_tables(stage: str) -> tuple[Table, ...]:
    """The tables of one stage, in declared order."""
    return tuple(declared for declared in TABLES if declared.stage == stage)
