"""One definition for two engines: what compiles a relational stage for Spark, and what it may not use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

import transforms
from transforms import pipeline
from transforms.schemas import ARRIVED_TABLES, TABLES
from transforms.schemas.table import MARKER

FOLDER = Path(transforms.__file__).parent

DECLARED = {declared.name for declared in (*TABLES, *ARRIVED_TABLES)}

FORBIDDEN = {
    exp.Pivot: "PIVOT or UNPIVOT: the compiler passes it through silently",
    exp.Qualify: "QUALIFY: rank in a subquery and filter outside it",
    exp.Slice: "a list slice: it passes through silently",
    exp.Filter: "FILTER: write CASE inside the aggregate",
    exp.WithinGroup: "WITHIN GROUP: use median or approx_quantile",
    exp.Lateral: "LATERAL: join instead",
    exp.Unnest: "UNNEST: one row per element has no common spelling",
    exp.TableSample: "a sample: not repeatable",
    exp.Rand: "a random number: not repeatable",
    exp.CurrentDate: "the clock: a stage gets its day as $as_of",
    exp.CurrentTimestamp: "the clock: a stage gets its day as $as_of",
}
"""Constructs that compile to something else, or not at all, or are not pure; each with what to do instead."""

# Every function a stage uses. A new one is added here after the two engines have shown equal rows for it.
FUNCTIONS = {
    "ABS", "AND", "ARRAY", "ARRAY_AGG", "ARRAY_FILTER", "ARRAY_LENGTH", "ARRAY_SORT", "ARRAY_TO_STRING", "BOOL_OR",
    "CASE", "CAST", "COALESCE", "CONCAT", "CONCAT_WS", "CONTAINS", "COUNT", "DATE_DIFF", "DENSE_RANK", "EXP", "FLOOR",
    "GREATEST", "IF", "LEAST", "LENGTH", "LOWER", "MAX", "MAX_BY", "MD5", "MEDIAN", "MIN", "NULLIF", "OR",
    "REGEXP_EXTRACT", "REGEXP_LIKE", "REPLACE", "ROUND", "ROW_NUMBER", "SPLIT", "SPLIT_PART", "STRUCT", "SUBSTRING",
    "SUM", "TRANSFORM", "TRANSLATE", "TRIM",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """A relational stage: table ``name``, made by the query in ``path``."""

    name: str
    path: Path

    @property
    def text(self) -> str:
        """The query as it stands in the file, with what the bundled rules are compiled to."""
        text = self.path.read_text(encoding="utf-8")
        return pipeline.query_of(self.name) if MARKER.search(text) else text


def find_stages() -> list[Stage]:
    """Every ``transforms/<stage>/<thing>.sql``, sorted by the table it makes."""
    paths = sorted(FOLDER.glob("*/*.sql"))
    return [Stage(f"{path.parent.name}.{path.stem}", path) for path in paths]


def view_name(table_name: str) -> str:
    """How table ``stage.thing`` is called on the cluster engine: a temporary view has no schema."""
    return table_name.replace(".", "__")


def parse(stage: Stage) -> exp.Expression:
    """The query's syntax tree; sqlglot raises ParseError where it cannot read it."""
    statements = [tree for tree in sqlglot.parse(stage.text, read="duckdb") if tree is not None]
    assert len(statements) == 1, f"{stage.path}: {len(statements)} statements, expected one query"
    tree: exp.Expression = statements[0]
    return tree


def tables_read(stage: Stage) -> list[str]:
    """Declared tables the query reads, sorted."""
    found = {f"{node.db}.{node.name}" for node in parse(stage).find_all(exp.Table) if node.db}
    return sorted(found)


def compile_for_spark(stage: Stage) -> str:
    """The same query for Spark: temporary views for tables, named markers for parameters."""
    tree = parse(stage)
    for node in list(tree.find_all(exp.Table)):
        if node.db:
            view = exp.to_table(view_name(f"{node.db}.{node.name}"))
            node.replace(exp.alias_(view, node.alias or node.name, table=True))
    text: str = tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False, pretty=True)
    return text


def problems_of(stage: Stage) -> list[str]:
    """What in the query would not mean the same on another engine, one sentence each."""
    tree = parse(stage)
    found = [reason for kind, reason in FORBIDDEN.items() if tree.find(kind)]
    found += [f"reads {name}, which is not declared" for name in tables_read(stage) if name not in DECLARED]
    for join in tree.find_all(exp.Join):
        if (join.method or "").upper() in {"ASOF", "POSITIONAL", "NATURAL"}:
            found.append(f"{join.method} JOIN: use max_by or an explicit condition")
    for window in tree.find_all(exp.Window):
        if window.alias or isinstance(window.this, exp.Identifier):
            found.append("a named window: write OVER (...) inline")
    for listed in tree.find_all(exp.ArrayAgg):
        if listed.find(exp.Order):
            found.append("an ordered list(...): the order is lost; sort the list afterwards")
    if isinstance(tree, exp.Select) and any(isinstance(column, exp.Star) for column in tree.selects):
        found.append("SELECT *: name the columns, their order differs between engines")
    return found + [f"function {name}: not known to be equal on both engines" for name in _unknown_functions(tree)]


def _unknown_functions(tree: exp.Expression) -> list[str]:
    used: set[str] = set()
    for node in tree.find_all(exp.Func):
        names = {node.name.upper()} if isinstance(node, exp.Anonymous) else set(type(node).sql_names())
        if not names & FUNCTIONS:
            used.add(min(names))
    return sorted(used)
