"""Small text tables in, rows out: how the relational stages are tested.

A text table is a header and rows of cells parted by ``|``; an empty cell is null, ``''`` is the empty string. Columns
that a table declares and the text leaves out are null.
"""

from __future__ import annotations

import re
import weakref
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

import transforms
from transforms import pipeline
from transforms.schemas import ARRIVED_TABLES, TABLES, Table, signals_groups, signals_rules, table
from transforms.schemas.staging import LINK_TEXTS
from transforms.signals.rule_set import RuleSet, bundled_rules
from transforms.stages import SCHEMAS

FOLDER = Path(transforms.__file__).parent
PARAMETER = re.compile(r"\$([a-z_]+)")
COMMENT = re.compile(r"--[^\n]*")

KNOWN_LINKS = ("staging.known_exports", "staging.link_states", "staging.links")
"""What is made, in this order, for ``staging.links`` to hold what is known of each link."""

JUDGED = tuple(
    declared.name for declared in (*signals_rules.TEXT_TABLES, *signals_groups.TABLES, *signals_rules.VERDICT_TABLES)
)
"""What is made, in this order, between links and their origins."""

_TEXTS = ", ".join(f"words.{name}" for name in LINK_TEXTS)
_OBSERVED_LINKS = f"""
CREATE TEMP VIEW observed_links AS
SELECT said.* EXCLUDE ({", ".join(LINK_TEXTS)}), {_TEXTS}, host.host AS source_host, host.domain AS source_domain
FROM staging.link_observations AS said
LEFT JOIN staging.link_observations AS words ON said.link_id = words.link_id AND said.described_in = words.file_id
LEFT JOIN staging.hosts AS host ON said.source_host_id = host.host_id
"""
"""Every observation of a link with its host and its texts, wherever they are written."""

Row = tuple[str | None, ...]

_DECLARED = {(declared.name, len(declared.columns)) for declared in TABLES}
_MADE: list[tuple[duckdb.DuckDBPyConnection, weakref.ref[duckdb.DuckDBPyConnection]]] = []
"""Warehouses in memory, each with the connection that a test has or had to it."""


def open_memory() -> duckdb.DuckDBPyConnection:
    """An empty warehouse in memory with every declared table, and the relations in which a file arrives.

    Views of a real warehouse are tables here, for a test to fill or to :func:`make`. ``observed_links`` is a view.
    A warehouse that an earlier test has let go of is emptied and used again; making one takes ten times as long.
    """
    place = next((place for place, (_, used) in enumerate(_MADE) if _is_free(used) and _empty(_MADE[place][0])), None)
    database = _make_database() if place is None else _MADE.pop(place)[0]
    connection = database.cursor()  # temporary relations are its own and go with it
    _MADE.append((database, weakref.ref(connection)))
    for declared in ARRIVED_TABLES:
        columns = ", ".join(f'"{column.name}" {column.ddl_type}' for column in declared.columns)
        connection.execute(f"CREATE TEMP TABLE arrived_{declared.thing} ({columns})")
    connection.execute(_OBSERVED_LINKS)
    return connection


def _make_database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:", config={"threads": "1"})
    for schema in SCHEMAS:
        database.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for declared in TABLES:
        database.execute(declared.create_statement())
    return database


def _is_free(used: weakref.ref[duckdb.DuckDBPyConnection]) -> bool:
    """Whether the connection that a test had is closed or forgotten."""
    connection = used()
    try:
        return connection is None or not connection.execute("SELECT 1")
    except duckdb.ConnectionException:
        return True


def _empty(database: duckdb.DuckDBPyConnection) -> bool:
    """Make every table anew that has held rows; False where a test has left anything else behind."""
    tables = database.execute(
        "SELECT schema_name || '.' || table_name, estimated_size, column_count FROM duckdb_tables() WHERE NOT temporary"
    ).fetchall()
    others = database.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal AND NOT temporary").fetchall()
    if others != [(0,)] or {(name, count) for name, _, count in tables} != _DECLARED:
        return False
    for name, size, _ in tables:
        if size:
            database.execute(f"DROP TABLE {name}")
            database.execute(table(name).create_statement())
    return True


def parse(text: str) -> tuple[tuple[str, ...], list[Row]]:
    """Header and rows of a text table."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    header, *rows = [tuple(cell.strip() for cell in line.split("|")) for line in lines]
    for row in rows:
        assert len(row) == len(header), f"{row} does not fit {header}"
    return header, [tuple("" if cell == "''" else cell or None for cell in row) for row in rows]


def fill(connection: duckdb.DuckDBPyConnection, name: str, text: str, **same: object) -> None:
    """Add the rows of ``text`` to table ``name``; ``same`` gives columns that are alike in every row."""
    header, rows = parse(text)
    declared = table(name)
    unknown = {*header, *same} - set(declared.column_names)
    assert not unknown, f"{name} declares no {sorted(unknown)}"
    relation = f"arrived_{declared.thing}" if declared.stage == "arrived" else name
    columns = ", ".join(f'"{column}"' for column in (*header, *same))
    marks = ", ".join("?" for _ in (*header, *same))
    for row in rows:
        connection.execute(f"INSERT INTO {relation} ({columns}) VALUES ({marks})", [*row, *same.values()])


def observe_links(connection: duckdb.DuckDBPyConnection, text: str, **same: object) -> None:
    """:func:`observe_rows` for a text table."""
    header, rows = parse(text)
    observe_rows(connection, [dict(zip(header, row, strict=True)) | same for row in rows])


def observe_rows(connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Add observations of links, with the hosts they stand on and the files that say so.

    ``source_domain`` and ``source_host`` (default: the domain) go into ``staging.hosts``, a host of its own for each
    pair. Texts are told by the file itself unless ``described_in`` says otherwise. Files that stand in the ledger
    already are left as they are.
    """
    for told in rows:
        row = dict(told)
        domain = str(row.pop("source_domain", None) or "blog.example")
        host = str(row.pop("source_host", None) or domain)
        host_id = zlib.crc32(f"{host} {domain}".encode())
        connection.execute(
            "INSERT INTO staging.hosts SELECT $host_id, $host, $domain "
            "WHERE $host_id NOT IN (SELECT host_id FROM staging.hosts)",
            {"host_id": host_id, "host": host, "domain": domain},
        )
        texts = "|".join(str(row.get(name)) for name in LINK_TEXTS)
        row = {"described_in": row["file_id"], "source_host_id": host_id, "text_hash": zlib.crc32(texts.encode())} | row
        marks = ", ".join("?" for _ in row)
        connection.execute(
            f"INSERT INTO staging.link_observations ({', '.join(row)}) VALUES ({marks})", list(row.values())
        )
    connection.execute(
        "INSERT INTO ingest.export_files BY NAME SELECT DISTINCT file_id, file_id || '.csv' AS path, site_domain, "
        "provider, 'loaded' AS status, observed_on AS exported_on FROM staging.link_observations "
        "WHERE file_id NOT IN (SELECT file_id FROM ingest.export_files)"
    )


def query_of(name: str, rules: RuleSet | None = None) -> str:
    """The SQL text that makes table ``name``, comments removed, arriving relations by their temporary names.

    Markers stand for what ``rules`` (default: the bundled ones) are compiled to.
    """
    return COMMENT.sub("", pipeline.query_of(name, rules))


def parameters_of(name: str, as_of: date, rules: RuleSet | None = None, **changed: object) -> dict[str, Any]:
    """The values bound into the SQL of table ``name``."""
    known: dict[str, Any] = {"as_of": as_of, "rule_set": (rules or bundled_rules()).version}
    known |= pipeline.stage_parameters(table(name).stage)
    known |= changed
    return {used: known[used] for used in set(PARAMETER.findall(query_of(name, rules)))}


def make(
    connection: duckdb.DuckDBPyConnection,
    *names: str,
    as_of: str = "2026-06-30",
    rules: RuleSet | None = None,
    **changed: object,
) -> None:
    """Make the tables ``names`` one after the other, as the pipeline does, replacing what they held.

    Tables that Python makes are made too; ``changed`` are parameters of the stage, for the SQL.
    """
    for name in names:
        declared = table(name)
        if (FOLDER / declared.stage / f"{declared.thing}.sql").is_file():
            if declared.slice == "memo":
                connection.execute(f"DELETE FROM {name}")
            _replace(connection, declared, date.fromisoformat(as_of), rules, changed)
        else:
            _build(connection, declared, date.fromisoformat(as_of), rules or bundled_rules())


def add(connection: duckdb.DuckDBPyConnection, *names: str, as_of: str = "2026-06-30", **changed: object) -> None:
    """The same beside what the tables hold, as ingest does with each file."""
    for name in names:
        values = parameters_of(name, date.fromisoformat(as_of), None, **changed)
        columns = ", ".join(f'CAST("{c.name}" AS {c.ddl_type}) AS "{c.name}"' for c in table(name).columns)
        connection.execute(f"INSERT INTO {name} BY NAME SELECT {columns} FROM (\n{query_of(name)}\n)", values or None)


def judge_links(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: str = "2026-06-30",
    rules: RuleSet | None = None,
    **changed: object,
) -> None:
    """Make every table from ``staging.links``, which the test has filled, up to the origin of each link.

    Links without ``link_number`` and ``text_hash`` get some that stay the same, their sites are known, and
    ``signals.link_origins`` calls links as the test does. Tables after the origins are left to :func:`make`.
    """
    connection.execute(
        "UPDATE staging.links SET link_number = CAST(hash(link_id) % 1000000000000 AS BIGINT) WHERE link_number IS NULL"
    )
    connection.execute(
        "UPDATE staging.links SET text_hash = CAST(hash(concat_ws('|', source_url, target_url, source_title, "
        "anchor_text, left_context, right_context)) % 1000000000000 AS BIGINT) WHERE text_hash IS NULL"
    )
    connection.execute(
        "INSERT INTO staging.known_exports (site_domain) SELECT DISTINCT site_domain FROM staging.links "
        "WHERE site_domain NOT IN (SELECT site_domain FROM staging.known_exports WHERE site_domain IS NOT NULL)"
    )
    make(connection, *JUDGED, as_of=as_of, rules=rules, **changed)
    connection.execute(
        "UPDATE signals.link_origins AS origins SET link_id = links.link_id FROM staging.links AS links "
        "WHERE origins.link_number = links.link_number"
    )


def _replace(
    connection: duckdb.DuckDBPyConnection,
    declared: Table,
    as_of: date,
    rules: RuleSet | None,
    changed: Mapping[str, object],
) -> None:
    """Rows are worked out before the old ones go: a query may read its own table."""
    query, values = query_of(declared.name, rules), parameters_of(declared.name, as_of, rules, **changed)
    columns = ", ".join(f'CAST("{c.name}" AS {c.ddl_type}) AS "{c.name}"' for c in declared.columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS SELECT {columns} FROM (\n{query}\n)", values or None)
    _take_over(connection, declared.name)


def _build(connection: duckdb.DuckDBPyConnection, declared: Table, as_of: date, rules: RuleSet) -> None:
    module: ModuleType = import_module(f"transforms.{declared.stage}.{declared.thing}")
    frames = {
        name: connection.execute(f"SELECT * FROM {name} ORDER BY {', '.join(table(name).key)}").df()
        for name in module.READS
    }
    more = {"rules": rules} if getattr(module, "NEEDS_RULES", False) else {}
    frame = module.build(frames, as_of=as_of, **more)
    columns = ", ".join(f'CAST("{c.name}" AS {c.ddl_type}) AS "{c.name}"' for c in declared.columns)
    connection.register("built", frame)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS SELECT {columns} FROM built")
    connection.unregister("built")
    _take_over(connection, declared.name)


def _take_over(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f"DELETE FROM {name}")
    connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM made")


def rows_of(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str] = ()) -> list[Row]:
    """Rows of a table as text, sorted; numbers lose trailing zeros."""
    declared: Table = table(name)
    chosen = tuple(columns) or declared.column_names
    quoted = ", ".join(f'"{column}"' for column in chosen)
    found = connection.execute(f"SELECT {quoted} FROM {name}").fetchall()
    return sorted((tuple(_text(cell) for cell in row) for row in found), key=lambda row: tuple(str(c) for c in row))


def check(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    """Assert that table ``name`` has exactly the rows of ``text``, in its columns and in any order."""
    header, rows = parse(text)
    expected = sorted(rows, key=lambda row: tuple(str(c) for c in row))
    found = rows_of(connection, name, header)
    assert found == expected, f"{name} {header}:\nfound    {found}\nexpected {expected}"


def evidence_of(connection: duckdb.DuckDBPyConnection, link_id: str) -> Mapping[str, str | None]:
    """Rules that apply to a link, with what they saw."""
    rows = connection.execute(
        "SELECT rule, seen FROM signals.link_evidence WHERE link_id = ? ORDER BY rule", [link_id]
    ).fetchall()
    return dict(rows)


def apply_rules(
    connection: duckdb.DuckDBPyConnection, facts: Mapping[str, object], rules: RuleSet | None = None
) -> dict[str, str | None]:
    """Rules that apply to one row of ``signals.link_facts`` with these ``facts``, the rest null, with what they saw."""
    known = facts if "text_bits" in facts else {"text_bits": 0, **facts}
    columns = ", ".join(f"CAST(${c.name} AS {c.ddl_type}) AS {c.name}" for c in table("signals.link_facts").columns)
    chosen = (rules or bundled_rules()).rules
    answers = ", ".join(f"{rule.condition}, {rule.seen_expression}" for rule in chosen)
    values = {column.name: known.get(column.name) for column in table("signals.link_facts").columns}
    (row,) = connection.execute(f"SELECT {answers} FROM (SELECT {columns})", values).fetchall()
    return {rule.name: seen for rule, applies, seen in zip(chosen, row[::2], row[1::2], strict=True) if applies}


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return str(cell)
