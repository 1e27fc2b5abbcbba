"""Runs one file through ingest, or one stage for one ``as_of`` day; each in one transaction.

A table ``stage.thing`` is made by ``transforms/<stage>/<thing>.sql`` (one query) or ``transforms/<stage>/<thing>.py``
(``build``). This module finds them by that address, hands them their inputs, and replaces exactly the slice they own.
"""

from __future__ import annotations

import datetime
import functools
import importlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pandas as pd

from transforms.ingest.inbox import (
    LEAST_BYTES,
    ArrivedFile,
    FileOutcome,
    NotPlainError,
    bundled_calendar,
    open_file,
)
from transforms.schemas import Table, stage_tables, table
from transforms.schemas.table import MARKER
from transforms.schemas.vocabulary import KEPT_PROVIDERS
from transforms.signals.rule_set import RuleSet, bundled_rules
from transforms.warehouse import transaction

FOLDER = Path(__file__).parent
PARAMETER = re.compile(r"\$([a-z_]+)")
ARRIVED_NAME = re.compile(r"\barrived\.(\w+)")
PREVIOUS = "@previous"
VIEW_OVER = re.compile(r"\{(\w+) over (\w+)\}")
"""The query of a view over some of the links: it works nothing out for the others."""
QUOTED = re.compile(r"'(?:[^']|'')*'")
COMMENT = re.compile(r"--[^\n]*")

_SITE_FILTER = "site_domain IS NULL OR NOT list_contains($held_back, site_domain)"


@dataclass(frozen=True)
class TableOutcome:
    """How many rows a stage wrote into one table."""

    table_name: str
    row_count: int


def ingest_file(
    connection: duckdb.DuckDBPyConnection, arrived: ArrivedFile, *, ingested_at: datetime.datetime
) -> FileOutcome:
    """Read one export file into the ledger and the staging observations, all or nothing.

    The engine parses large plain files itself; one that turns out not to be plain is read record by record.
    """
    try:
        return _ingest(connection, arrived, ingested_at, LEAST_BYTES)
    except NotPlainError:
        return _ingest(connection, arrived, ingested_at, None)


def _ingest(
    connection: duckdb.DuckDBPyConnection,
    arrived: ArrivedFile,
    ingested_at: datetime.datetime,
    least_bytes: int | None,
) -> FileOutcome:
    with open_file(connection, arrived, ingested_at=ingested_at, least_bytes=least_bytes) as reader:
        try:
            with transaction(connection):
                outcome = reader.read()
                for kind in outcome.kinds:
                    _insert(connection, table(f"staging.{kind}"), query_of(f"staging.{kind}"), {})
                if not reader.is_streamed:
                    _insert_hosts(connection, outcome)
            if reader.is_streamed:
                # Taking rows out again costs next to nothing once they are committed, and twice the load before. Until
                # this second transaction writes the ledger, nobody knows the file, and no stage counts its rows.
                with transaction(connection):
                    outcome = reader.settle(outcome)
                    _insert_hosts(connection, outcome)
        except BaseException as error:
            if reader.is_streamed:
                with transaction(connection):
                    reader.withdraw()
            if reader.is_plain and isinstance(error, duckdb.Error):
                raise NotPlainError(str(error)) from error
            raise
    return outcome


def _insert_hosts(connection: duckdb.DuckDBPyConnection, outcome: FileOutcome) -> None:
    if "link_observations" in outcome.kinds:
        _insert(connection, table("staging.hosts"), query_of("staging.hosts"), {})


def default_as_of(connection: duckdb.DuckDBPyConnection) -> datetime.date | None:
    """The newest day on which any export of a site was made; None when nothing has been read.

    Lists that the team keeps itself do not count: what they speak of may lie beyond every export.
    The day of a file's last modification (a checkout or a copy changes it) counts only where no export says better.
    """
    rows = connection.execute(
        "SELECT coalesce(max(CASE WHEN exported_on_source <> 'file_modified' THEN exported_on END), max(exported_on)) "
        "FROM ingest.export_files WHERE status = 'loaded' AND site_domain IS NOT NULL "
        "AND NOT list_contains($kept, provider)",
        {"kept": list(KEPT_PROVIDERS)},
    ).fetchall()
    newest = rows[0][0]
    return newest if isinstance(newest, datetime.date) else None


def read_until(connection: duckdb.DuckDBPyConnection, feed: str) -> datetime.datetime | None:
    """When the newest file of the feed was loaded (UTC); the bundled calendar, which every feed brings, apart."""
    rows = connection.execute(
        "SELECT max(ingested_at) FROM ingest.export_files "
        "WHERE status = 'loaded' AND path <> $bundled AND feed = $feed",
        {"bundled": bundled_calendar().path, "feed": feed},
    ).fetchall()
    newest = rows[0][0]
    return newest if isinstance(newest, datetime.datetime) else None


def assessed_days(connection: duckdb.DuckDBPyConnection) -> dict[str, datetime.date]:
    """The day that each site's tables of what is known stand at; empty before the first run."""
    return dict(connection.execute("SELECT site_domain, as_of FROM staging.known_days ORDER BY 1").fetchall())


def known_sites(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every monitored site that any loaded export speaks of, sorted."""
    return [
        site
        for (site,) in connection.execute(
            "SELECT DISTINCT site_domain FROM ingest.export_files "
            "WHERE status = 'loaded' AND site_domain IS NOT NULL ORDER BY 1"
        ).fetchall()
    ]


def run_stage(
    connection: duckdb.DuckDBPyConnection,
    stage: str,
    *,
    as_of: datetime.date,
    sites: Sequence[str] | None = None,
    held_back: Collection[str] = frozenset(),
    rules: RuleSet | None = None,
    only: Collection[str] | None = None,
) -> list[TableOutcome]:
    """Make every table of ``stage`` as known on ``as_of``, in one transaction.

    Inputs are read for all sites that are not held back (false discovery control needs the portfolio); rows are
    replaced only for ``sites`` (default: all of them), never for a held-back site, whose last good rows stay.
    ``rules`` (default: the bundled ones) say where links come from. ``only`` names the tables to make, for measuring
    a part of the stage; default: all of them.
    """
    chosen = rules or bundled_rules()
    outcomes = []
    with transaction(connection):
        for declared in stage_tables(stage):
            if only is not None and declared.name not in only:
                continue
            if declared.slice == "view":
                connection.execute(declared.view_statement(query_of(declared.name, chosen)))
            if declared.slice not in {"site", "night", "memo"} or not is_made(declared):
                continue
            made = _make(connection, declared, as_of=as_of, held_back=held_back, rules=chosen)
            row_count = _replace(
                connection, declared, made, as_of=as_of, sites=sites, held_back=held_back, rules=chosen
            )
            outcomes.append(TableOutcome(declared.name, row_count))
    return outcomes


def is_made(declared: Table) -> bool:
    """Whether code for the table exists; some are declared for formats that are not read yet."""
    stem = FOLDER / declared.stage / declared.thing
    return stem.with_suffix(".sql").is_file() or stem.with_suffix(".py").is_file()


def query_of(name: str, rules: RuleSet | None = None) -> str:
    """The SQL that makes table ``name``: markers as the rules say, ``arrived.x`` as the temporary ``arrived_x``."""
    declared = table(name)
    text = (FOLDER / declared.stage / f"{declared.thing}.sql").read_text(encoding="utf-8")
    text = ARRIVED_NAME.sub(r"arrived_\1", text)  # before rules come in, whose words may look like anything
    if MARKER.search(text):
        fragments = (rules or bundled_rules()).fragments()
        text = VIEW_OVER.sub(
            lambda asked: query_of(f"signals.{asked[1]}").replace("staging.links", asked[2]), COMMENT.sub("", text)
        )
        text = MARKER.sub(lambda marker: fragments[marker[1]], text)
    return text


@functools.cache
def stage_parameters(stage: str) -> Mapping[str, Any]:
    """Values of ``transforms/<stage>/parameters.py``, by name, as the stage's SQL may bind them."""
    if not (FOLDER / stage / "parameters.py").is_file():
        return {}
    module = importlib.import_module(f"transforms.{stage}.parameters")
    return asdict(module.Parameters())


def _make(
    connection: duckdb.DuckDBPyConnection,
    declared: Table,
    *,
    as_of: datetime.date,
    held_back: Collection[str],
    rules: RuleSet,
) -> tuple[str, dict[str, Any]]:
    """A query for the table's rows and its bound values; statistics are computed and registered first."""
    if (FOLDER / declared.stage / f"{declared.thing}.sql").is_file():
        query = query_of(declared.name, rules)
        values = {"as_of": as_of, "rule_set": rules.version, **stage_parameters(declared.stage)}
        used = set(PARAMETER.findall(QUOTED.sub("", COMMENT.sub("", query))))
        if unknown := used - values.keys():
            raise KeyError(f"{declared.name}: {sorted(unknown)} are bound by nobody; there are {sorted(values)}")
        return query, {name: values[name] for name in used}
    module = importlib.import_module(f"transforms.{declared.stage}.{declared.thing}")
    more = {"rules": rules} if getattr(module, "NEEDS_RULES", False) else {}
    frame = module.build(_inputs(connection, module, as_of=as_of, held_back=held_back), as_of=as_of, **more)
    if missing := set(declared.column_names) - set(frame.columns):
        raise KeyError(f"{module.__name__}.build returns no {sorted(missing)}; it returns {sorted(frame.columns)}")
    relation = f"made_{declared.stage}_{declared.thing}"
    connection.register(relation, frame.loc[:, list(declared.column_names)])
    return f"SELECT * FROM {relation}", {}


def _inputs(
    connection: duckdb.DuckDBPyConnection, module: ModuleType, *, as_of: datetime.date, held_back: Collection[str]
) -> dict[str, pd.DataFrame]:
    return {name: _input(connection, name, as_of=as_of, held_back=held_back) for name in module.READS}


def _input(
    connection: duckdb.DuckDBPyConnection, name: str, *, as_of: datetime.date, held_back: Collection[str]
) -> pd.DataFrame:
    declared = table(name.removesuffix(PREVIOUS))
    condition = _SITE_FILTER if "site_domain" in declared.column_names else "true"
    values: dict[str, Any] = {"held_back": list(held_back)} if condition != "true" else {}
    night = declared.night_column
    if declared.slice == "night":
        values["as_of"] = as_of
        if name.endswith(PREVIOUS):
            condition = (
                f"({condition}) AND ({night}, site_domain) IN "
                f"(SELECT max({night}), site_domain FROM {declared.name} WHERE {night} < $as_of GROUP BY site_domain)"
            )
        else:
            condition = f"({condition}) AND {night} = $as_of"
    order = ", ".join(declared.key)
    return connection.execute(
        f"SELECT * FROM {declared.name} WHERE {condition} ORDER BY {order}",
        values or None,
    ).df()


def _replace(
    connection: duckdb.DuckDBPyConnection,
    declared: Table,
    made: tuple[str, dict[str, Any]],
    *,
    as_of: datetime.date,
    sites: Sequence[str] | None,
    held_back: Collection[str],
    rules: RuleSet,
) -> int:
    query, values = made
    conditions, bound = _slice_condition(declared, as_of=as_of, sites=sites, held_back=held_back)
    if declared.slice == "memo":
        gone = {"rule_set": rules.version} if "$rule_set" in declared.stale else {}
        connection.execute(f"DELETE FROM {declared.name} WHERE ({conditions}) AND ({declared.stale})", bound | gone)
    else:
        connection.execute(f"DELETE FROM {declared.name} WHERE {conditions}", bound)
    wanted = {name: value for name, value in bound.items() if name != "night"}
    return _insert(connection, declared, query, values | wanted, _site_condition(declared, sites))


def _slice_condition(
    declared: Table, *, as_of: datetime.date, sites: Sequence[str] | None, held_back: Collection[str]
) -> tuple[str, dict[str, Any]]:
    condition = _site_condition(declared, sites)
    values: dict[str, Any] = {}
    if "$held_back" in condition:
        values["held_back"] = list(held_back)
    if "$sites" in condition:
        values["sites"] = list(sites or ())
    if declared.slice == "night":
        condition += f" AND {declared.night_column} = $night"
        values["night"] = as_of
    return condition, values


def _site_condition(declared: Table, sites: Sequence[str] | None) -> str:
    if "site_domain" not in declared.column_names:
        return "true"
    chosen = "" if sites is None else " AND (site_domain IS NULL OR list_contains($sites, site_domain))"
    return f"({_SITE_FILTER}){chosen}"


def _insert(
    connection: duckdb.DuckDBPyConnection,
    declared: Table,
    query: str,
    values: dict[str, Any],
    condition: str = "true",
) -> int:
    columns = ", ".join(f'CAST("{column.name}" AS {column.ddl_type}) AS "{column.name}"' for column in declared.columns)
    rows = connection.execute(
        f"INSERT INTO {declared.name} BY NAME SELECT {columns} FROM (\n{query}\n) AS made WHERE {condition}",
        values or None,
    ).fetchall()
    return int(rows[0][0])
