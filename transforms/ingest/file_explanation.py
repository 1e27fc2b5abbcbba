"""Why a file is read as it is: what was considered, what was told by what, and what each column became. Writes nothing.

Only the head of the file is looked at. The rows of the head are typed by the very statement that types them when the
file is read, so that what is shown as rejected is what would be.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import duckdb

from transforms.errors import BadInputError
from transforms.ingest.arrived_file import ArrivedFile
from transforms.ingest.arrived_rows import CellStream, cell_batches, type_rows
from transforms.ingest.contents import Content, list_contents
from transforms.ingest.export_days import believable, export_day, latest_day
from transforms.ingest.formats import ExportFormat, all_formats
from transforms.ingest.formats.written import Written
from transforms.ingest.inbox import arrive_contents
from transforms.ingest.recognition import Recognition, missing_columns
from transforms.ingest.typed_rows import ReadPlan, plan_reading

MOST_CONSIDERED = 6
"""Formats shown beside the chosen one: those that share most columns with the file."""

MOST_REJECTED = 20
"""Rejected values of the head that are shown."""

EXAMPLES = 2
"""Values of each column that are shown."""

LONGEST_EXAMPLE = 60
"""Characters of a value that are shown."""

Fate = Literal["used", "ignored", "unknown", "future"]


@dataclass(frozen=True, kw_only=True)
class Considered:
    """A format that was looked at."""

    name: str
    """Its name."""

    shared_count: int
    """Columns of the file that it knows."""

    lacks: tuple[str, ...]
    """What the file lacks to be one of its kind; empty for a format that fits as well and knows fewer columns."""


@dataclass(frozen=True, kw_only=True)
class ColumnFate:
    """What one column of the file becomes."""

    header: str
    """Its name."""

    fate: Fate
    """Used, known and not needed, not known, or of a day to come."""

    targets: tuple[str, ...] = ()
    """Target columns it fills."""

    written: tuple[str, ...] = ()
    """How its values are expected to be written, per target."""

    examples: tuple[tuple[str, str | None], ...] = ()
    """Values as they stand, and what the first target makes of each (None: not read, or nothing)."""


@dataclass(frozen=True, kw_only=True)
class RejectedValue:
    """A value of the head that rejects its row."""

    row_number: int
    column_name: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FileExplanation:
    """Everything that can be said of a file by its head."""

    content: Content
    recognition: Recognition
    arrived: ArrivedFile
    considered: tuple[Considered, ...]
    is_mapped: bool
    exported_on: datetime.date | None
    exported_on_source: str | None
    columns: tuple[ColumnFate, ...]
    row_count: int
    rejected_count: int
    rejected: tuple[RejectedValue, ...]


def explain_files(
    address: str,
    *,
    read_at: datetime.datetime,
    site: str | None = None,
    format_name: str | None = None,
    mappings: tuple[ExportFormat, ...] | None = None,
    mappings_folder: object = None,
) -> list[FileExplanation]:
    """One explanation per content at the address (members of a zip and sheets of a workbook are contents of their own).

    Raises:
        BadInputError: there is nothing.
        UsageError: no format has that name.
    """
    raise NotImplementedError
