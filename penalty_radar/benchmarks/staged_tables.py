"""Tables of a stage made from simulated ones, in an engine of its own in memory: no file, no ingest."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Iterable, Mapping

import duckdb
import pandas as pd

from transforms import pipeline
from transforms.schemas import TABLES, table
from transforms.stages import SCHEMAS


def make_tables(
    given: Mapping[str, pd.DataFrame], names: Iterable[str], *, as_of: datetime.date
) -> dict[str, pd.DataFrame]:
    """The tables ``names``, made one after the other, each as the pipeline makes it.

    Args:
        given: rows of declared tables, by name; columns left out are null, tables left out are empty.
        names: what to make, in the order in which it is made.
        as_of: the day of the run.
    """
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for declared in TABLES:  # views too: what they would show is given
            connection.execute(declared.create_statement())
        for name, rows in given.items():
            _add(connection, name, rows)
        return {name: _make(connection, name, as_of) for name in names}


def _make(connection: duckdb.DuckDBPyConnection, name: str, as_of: datetime.date) -> pd.DataFrame:
    declared = table(name)
    if (pipeline.FOLDER / declared.stage / f"{declared.thing}.sql").is_file():
        query = pipeline.query_of(name)
        values = {"as_of": as_of, **pipeline.stage_parameters(declared.stage)}
        used = set(pipeline.PARAMETER.findall(pipeline.COMMENT.sub("", query)))
        made = connection.execute(query, {key: values[key] for key in used}).df()
    else:
        module = importlib.import_module(f"transforms.{declared.stage}.{declared.thing}")
        reads = {read: connection.execute(f"SELECT * FROM {read}").df() for read in module.READS}  # noqa: S608 - declared
        made = module.build(reads, as_of=as_of)
    _add(connection, name, made)
    return connection.execute(f"SELECT * FROM {name}").df()  # noqa: S608 - declared


def _add(connection: duckdb.DuckDBPyConnection, name: str, rows: pd.DataFrame) -> None:
    types = {column.name: column.ddl_type for column in table(name).columns}
    columns = ", ".join(f'CAST("{column}" AS {types[column]}) AS "{column}"' for column in rows.columns)
    connection.register("added_rows", rows)
    connection.execute(f"INSERT INTO {name} BY NAME SELECT {columns} FROM added_rows")  # noqa: S608 - declared
    connection.unregister("added_rows")
