"""What the fuzzer asks of the readers, one function per target; the replay of its findings asks the same.

An input is one byte that chooses a file name, then the content of that file. A target raises nothing for any input;
what a reader may say about a broken file is an outcome with a reason.
"""

from __future__ import annotations

import csv
import datetime
import itertools
from collections.abc import Callable
from functools import lru_cache

import duckdb
import fsspec

from tests.transforms.ingest.made_exports import SAMPLES, SITE
from tests.transforms.text_tables import open_memory, query_of
from transforms.ingest.contents import UNREADABLE, Content, list_contents, open_content
from transforms.ingest.days import days_in, period_in
from transforms.ingest.decoding import decode_head, encoding_of, head_records, records_of
from transforms.ingest.hosts import host_of, is_domain, registrable_domain
from transforms.ingest.inbox import discover, read_arrived
from transforms.ingest.recognition import Recognition, recognise
from transforms.schemas import table

STAMP = datetime.datetime(2026, 11, 1, 5, 0, tzinfo=datetime.UTC)

NAMES = (
    "bestand.dat",
    "links.csv",
    "export.zip",
    "export.xlsx",
    "export.csv.gz",
    "export.xls",
    "antwoord.json",
    "antwoord.xml",
    "deel.parquet",
    "disavow.txt",
    "https___voorbeeldwinkel.nl_-Performance-on-Search-2026-01-05.zip",
    "Zoekopdrachten.csv",
    "voorbeeldwinkel_nl__positions_detailed_2026-02-04.csv",
)
"""File names to choose from; what a file is does not hang on its name, how it is opened may."""

MOST_RECORDS = 2_000
"""Looked at per content; an input is never longer."""


def named(data: bytes) -> tuple[str, bytes]:
    """The file name that an input chooses, and the content."""
    return NAMES[data[0] % len(NAMES)] if data else NAMES[0], data[1:]


def input_of(name: str, content: bytes) -> bytes:
    """The input that puts ``content`` into a file of that name (the first name when it is not one of ``NAMES``)."""
    return bytes([NAMES.index(name) if name in NAMES else 0]) + content


def _put(data: bytes) -> str:
    """Write the input into an exports folder in memory; its address."""
    name, content = named(data)
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    memory.pipe(f"/fuzz/{SITE}/{name}", content)
    return "memory://fuzz"


def read_contents(data: bytes) -> None:
    """List, open and take apart: only what is declared comes out of it."""
    for content in list_contents(_put(data)):
        assert content.path
        assert content.problem is None or content.problem.strip()
        if content.problem is not None:
            continue
        encoding = encoding_of(content.head)
        for delimiter in (",", "\t", ";"):
            head_records(decode_head(content.head, encoding), delimiter, is_whole=content.is_whole)
        try:
            with open_content(content.address, content.member) as stream:
                for record in itertools.islice(records_of(stream, encoding, ","), MOST_RECORDS):
                    assert all(isinstance(cell, str) for cell in record)
        except (csv.Error, *UNREADABLE):
            continue


def recognise_head(data: bytes) -> None:
    """Recognise a head, and read days, periods, hosts and domains out of its cells."""
    name, content = named(data)
    found: Recognition = recognise(
        Content(
            path=f"{SITE}/{name}",
            address=name,
            member=None,
            byte_count=len(content),
            modified_on=STAMP.date(),
            names=(name, SITE, "exports"),
            head=content[:65_536],
        )
    )
    assert found.format is not None or found.reason
    text = decode_head(content[:2000], encoding_of(content[:2000]))
    for cell in itertools.islice(itertools.chain(text.splitlines(), *found.rows), 200):
        days_in(cell)
        period_in(cell)
        is_domain(cell)
        if host := host_of(cell):
            registrable_domain(host)


@lru_cache(maxsize=1)
def _warehouse() -> duckdb.DuckDBPyConnection:
    return open_memory()


def read_whole(data: bytes) -> None:
    """Read a folder with the file into a warehouse: every record is accounted for, whatever the file holds."""
    connection = _warehouse()
    connection.execute("BEGIN")
    try:
        for arrived in discover(_put(data)):
            outcome = read_arrived(connection, arrived, ingested_at=STAMP)
            assert outcome.status == "loaded" or outcome.reason, outcome
            parts = outcome.loaded_count, outcome.merged_count, outcome.rejected_count, outcome.passed_over_count
            assert min(parts) >= 0, outcome
            assert outcome.row_count == sum(parts), outcome
            for kind in outcome.kinds:
                declared = table(f"staging.{kind}")
                columns = ", ".join(declared.column_names)
                connection.execute(
                    f"INSERT INTO {declared.name} ({columns}) SELECT {columns} FROM ({query_of(declared.name)})"
                )
    finally:
        connection.execute("ROLLBACK")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "contents": read_contents,
    "recognise": recognise_head,
    "whole": read_whole,
}
"""Targets by the name they are chosen with."""


def seeds() -> dict[str, bytes]:
    """Inputs to begin with: every made-up export, and small containers of some of them."""
    from tests.fuzz.seed_files import containers

    found = {name: input_of("links.csv", content) for name, (_, content) in SAMPLES.items()}
    return found | {f"container_{name}": input_of(name, content) for name, content in containers().items()}
