"""How a table is declared: once. DDL, the data dictionary and the structural checks are generated from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Slice = Literal["file", "site", "night", "log", "list", "memo", "view", "arrived"]
"""Which rows a writer owns, so that writing again changes nothing.

``file``     rows of one export file, kept for ever (observations);
``site``     rows of one site as known on the day of the last run, replaced by every run for its sites;
``night``    rows of one site and one ``as_of`` day; earlier days stay;
``list``     rows of a list that the team keeps (sites.toml), replaced whole by every run;
``log``      rows added or updated by key, never replaced as a whole;
``memo``     answers that never change, kept by their key: a run adds what is missing and drops what is ``stale``;
``view``     no rows of its own: worked out from other tables whenever it is read;
``arrived``  a temporary relation that lives inside the transaction of one file.
"""

Type = Literal["VARCHAR", "DATE", "TIMESTAMP", "BIGINT", "DOUBLE", "BOOLEAN", "EVIDENCE"]

MARKER = re.compile(r"\{([a-z_]+)\}")
"""What stands in a stage's SQL for expressions that the rules in force are compiled to."""

EVIDENCE_DDL = "STRUCT(rule VARCHAR, weight DOUBLE, seen VARCHAR, policy_clause VARCHAR)[]"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its type, what it means (with unit), whether it may be null, and its allowed values."""

    name: str
    type: Type
    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def ddl_type(self) -> str:
        """The type as the warehouse spells it."""
        return EVIDENCE_DDL if self.type == "EVIDENCE" else self.type


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the warehouse: ``stage.thing``, one row per what, and which slice a run replaces."""

    name: str
    one_row_per: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    slice: Slice
    night_column: str = "as_of"
    is_checked: bool = True
    """False for a view that is costly to work out and made of checked tables alone."""
    stale: str = "false"
    """Of a memo: the condition of rows that no run will ask for again."""

    @property
    def stage(self) -> str:
        """The stage (warehouse schema) the table belongs to."""
        return self.name.split(".")[0]

    @property
    def thing(self) -> str:
        """The table's name inside its stage; also the file name of the code that makes it."""
        return self.name.split(".")[1]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in declared order."""
        return tuple(column.name for column in self.columns)

    def create_statement(self) -> str:
        """``CREATE TABLE IF NOT EXISTS`` in the warehouse's dialect, without constraints.

        Keys and required columns are checked by the expectations between stages, not by the engine:
        an engine constraint would stop a whole portfolio where a check holds back one site.
        """
        lines = ",\n  ".join(f'"{column.name}" {column.ddl_type}' for column in self.columns)
        return f"CREATE TABLE IF NOT EXISTS {self.name} (\n  {lines}\n)"

    def view_statement(self, query: str) -> str:
        """``CREATE OR REPLACE VIEW`` over the query that makes the table's rows."""
        columns = ", ".join(f'CAST("{column.name}" AS {column.ddl_type}) AS "{column.name}"' for column in self.columns)
        return f"CREATE OR REPLACE VIEW {self.name} AS SELECT {columns} FROM (\n{query}\n) AS made"  # noqa: S608 - declared

    def empty_view_statement(self) -> str:
        """A view without rows, where there is none, for one that the pipeline makes when its stage runs."""
        columns = ", ".join(f'CAST(NULL AS {column.ddl_type}) AS "{column.name}"' for column in self.columns)
        return f"CREATE VIEW IF NOT EXISTS {self.name} AS SELECT {columns} WHERE FALSE"


def text(name: str, description: str, *, required: bool = False, allowed: tuple[str, ...] = ()) -> Column:
    """A VARCHAR column."""
    return Column(name=name, type="VARCHAR", description=description, required=required, allowed=allowed)


def date(name: str, description: str, *, required: bool = False) -> Column:
    """A DATE column (UTC day)."""
    return Column(name=name, type="DATE", description=description, required=required)


def count(name: str, description: str, *, required: bool = False) -> Column:
    """A BIGINT column."""
    return Column(name=name, type="BIGINT", description=description, required=required)


def number(name: str, description: str, *, required: bool = False) -> Column:
    """A DOUBLE column."""
    return Column(name=name, type="DOUBLE", description=description, required=required)


def flag(name: str, description: str, *, required: bool = False) -> Column:
    """A BOOLEAN column."""
    return Column(name=name, type="BOOLEAN", description=description, required=required)


def timestamp(name: str, description: str, *, required: bool = False) -> Column:
    """A TIMESTAMP column (UTC)."""
    return Column(name=name, type="TIMESTAMP", description=description, required=required)
