"""What the explanations of links, domains and sites share: rows, tables on a terminal, and the team's own word."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import duckdb
from babel.numbers import format_decimal
from rich.console import Console
from rich.table import Table

from reports.messages import say
from reports.told_words import say_told

Row = dict[str, Any]


def select(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[Row]:
    """Rows by column name."""
    found = connection.execute(sql, list(values))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def make_table(language: str, *columns: str, right: Sequence[str] = (), wide: Sequence[str] = ()) -> Table:
    """A table with headings ``origins.column.<name>``; columns in ``wide`` share what is left of the line."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(
            say(f"origins.column.{name}", language),
            justify="right" if name in right else "left",
            overflow="fold",
            no_wrap=name in right,
            ratio=2 if name in wide else None,
        )
    return table


def say_day(day: datetime.date | None, language: str) -> str:
    """A day as people write it, or a dash."""
    return say("origins.day", language, day=day)


def say_signed(value: float, language: str) -> str:
    """Log-odds or a difference, with its sign and two decimals."""
    return str(format_decimal(value, format="+0.00;-0.00", locale=language))


def print_told(connection: duckdb.DuckDBPyConnection, console: Console, link_ids: Sequence[str], language: str) -> None:
    """What the team says of these links, each sentence once."""
    rows = select(
        connection,
        "SELECT DISTINCT told_by, told_origin, told_subject, label_who, told_on FROM signals.told_links "
        "WHERE list_contains(?, link_id) ORDER BY ALL",
        list(link_ids),
    )
    for row in rows:
        sentence = say_told(
            row["told_by"],
            language,
            origin=row["told_origin"],
            subject=row["told_subject"],
            who=row["label_who"],
            day=row["told_on"],
        )
        console.print(sentence, style="bold")
