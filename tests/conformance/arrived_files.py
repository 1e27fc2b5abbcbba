"""Export files as conformance inputs: what the readers hand to the staging SQL."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import duckdb

from tests.conformance.two_engines import Case, capture_arrived, capture_tables, cases_over
from tests.transforms.ingest.made_exports import SAMPLES, SITE
from tests.transforms.text_tables import open_memory
from transforms import pipeline
from transforms.ingest.inbox import ArrivedFile, FileOutcome, discover

READ_AT = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC).replace(tzinfo=None)
BEFORE = ("staging.hosts",)
"""Tables that the staging SQL of a file reads beside the file: as they stood before it."""


def arrived_cases(
    connection: duckdb.DuckDBPyConnection, arrived: Iterable[ArrivedFile], label: str, folder: Path, *, once_per: str
) -> list[Case]:
    """Read the files for good; cases for the first file of each ``format`` or ``kinds``, by ``once_per``."""
    cases: list[Case] = []
    seen: set[object] = set()
    for number, file in enumerate(arrived):
        known = capture_tables(connection, BEFORE, folder / "before")
        outcome = pipeline.ingest_file(connection, file, ingested_at=READ_AT)
        told = getattr(outcome, once_per)
        if told in seen:
            continue
        seen.add(told)
        here = folder / str(number)
        captured = capture_arrived(connection, here)
        captured |= {name: path.rename(here / path.name) for name, path in known.items()}
        cases += cases_over(captured, f"{label} {outcome.format}", READ_AT.date(), only=_made_of(outcome))
    return cases


def sample_cases(folder: Path) -> list[Case]:
    """The sample of every format that is read; a case for each kind of observation."""
    exports = folder / "exports" / SITE
    exports.mkdir(parents=True)
    for name, (file_name, content) in SAMPLES.items():
        (exports / name).mkdir()
        (exports / name / file_name).write_bytes(content)
    with open_memory() as connection:
        return arrived_cases(connection, discover(str(folder / "exports")), "sample", folder, once_per="kinds")


def _made_of(outcome: FileOutcome) -> set[str]:
    made = {f"staging.{kind}" for kind in outcome.kinds}
    return made | {"staging.hosts"} if "staging.link_observations" in made else made
