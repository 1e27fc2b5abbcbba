"""What the SQL of a rule may say: one expression over the columns of ``signals.link_facts``.

Its functions mean the same on every engine the stages run on. It is checked before the engine sees it, so that a rule
reads nothing else.
"""

from __future__ import annotations

import functools

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from transforms.schemas.signals_rules import FACT_COLUMNS, TEXT_COLUMNS

TEXTS = ("page_text", "all_text", "path_and_title", "anchor_and_title", "context", "anchor", "title", "path", "url")
"""Texts in which words may be looked for; each is part of ``all_text``, or nearly."""

_ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ,
    exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg,
    exp.Case, exp.If, exp.Coalesce, exp.Concat, exp.ConcatWs, exp.Contains, exp.Cast, exp.DataType, exp.Floor, exp.Abs,
    exp.Greatest, exp.Least, exp.Length, exp.Lower, exp.Nullif, exp.RegexpLike, exp.RegexpExtract, exp.Replace,
    exp.Round, exp.SplitPart, exp.Substring, exp.Trim, exp.DateDiff, exp.Var,
)  # fmt: skip


@functools.cache
def columns_of(expression: str) -> frozenset[str]:
    """Columns an expression reads.

    Raises:
        ValueError: it is no single expression, reads something else, or uses a function that is not known to be
            equal on every engine.
    """
    try:
        statements = sqlglot.parse(f"SELECT {expression}", read="duckdb")
    except SqlglotError as error:
        raise ValueError(f"an SQL expression; this cannot be read: {expression!r}") from error
    tree = statements[0]
    if len(statements) != 1 or not isinstance(tree, exp.Select) or len(tree.selects) != 1 or len(_parts(tree)) > 1:
        raise ValueError(f"one SQL expression and nothing beside it, not {expression!r}")
    value = tree.selects[0]
    for node in value.walk():
        if not isinstance(node, _ALLOWED):
            raise ValueError(f"no {type(node).__name__.lower()} in a rule: {node.sql(dialect='duckdb')!r}")
    names = {column.name.lower() for column in value.find_all(exp.Column)}
    if unknown := names - TEXT_COLUMNS - FACT_COLUMNS:
        raise ValueError(
            f"columns of signals.link_facts; there is no {', '.join(sorted(unknown))}. "
            f"There are {', '.join(sorted(TEXT_COLUMNS | FACT_COLUMNS))}"
        )
    return frozenset(names)


def is_text_only(expression: str) -> bool:
    """Whether the expression reads texts of the link and nothing else."""
    return columns_of(expression) <= TEXT_COLUMNS


def _parts(tree: exp.Select) -> list[str]:
    return [name for name, value in tree.args.items() if value]
