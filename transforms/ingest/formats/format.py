"""What an export format is: data, one module beside this one per provider's export.

"Add an export format" is one module here with ``FORMATS`` (and a fixture in the tests): it is found by its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from transforms.ingest.formats.written import Written

Feed = Literal["backlinks", "rankings"]
Thing = Literal["links", "outlinks", "rankings", "performance", "events"]


@dataclass(frozen=True, kw_only=True)
class Reads:
    """One column of an arrived relation and the column of the export that fills it."""

    target: str
    """Column of ``arrived_<thing>``."""

    headers: tuple[str, ...]
    """Spellings of the export's column; exact after stripping spaces around it."""

    written: Written
    """How its values are written."""

    is_required: bool = False
    """The file is set aside when it has no such column."""

    is_filled: bool = False
    """A row with nothing in it is rejected."""


@dataclass(frozen=True, kw_only=True)
class PassesOver:
    """Rows that are no data of ours, told by the words in one column: neither loaded nor rejected, but named."""

    headers: tuple[str, ...]
    """Spellings of the column looked at; without it nothing is passed over."""

    words: tuple[str, ...]
    """The words."""

    keeps: bool
    """True: only rows with one of the words are read. False: rows with one of the words are passed over."""

    because: str
    """What such rows are."""


@dataclass(frozen=True, kw_only=True)
class DayColumns:
    """A wide export: one column per day, each cell a value of ``target``."""

    target: str
    """Column of the arrived relation that takes the cell."""

    day_target: str
    """Column that takes the day of the header."""

    written: Written
    """How cells are written."""

    header_spellings: tuple[str, ...] = ("%Y-%m-%d", "%d/%m/%Y")
    """How the day is written in the header (strptime)."""

    no_observation: tuple[str, ...] = ("",)
    """Cells that say nothing was measured that day: no observation, not a null one."""


@dataclass(frozen=True, kw_only=True)
class ExportFormat:
    """One kind of export file; see the fields."""

    name: str
    """Stable name, as in ``ingest.export_files.format``."""

    family: str
    """Name shared by the tables of one export (or the same as ``name``); ``--format`` takes either."""

    title: str
    """What people call it."""

    provider: str
    """Index and report, as in every staging table."""

    feed: Feed
    """Which nightly DAG reads it."""

    thing: Thing | None
    """Arrived relation its rows fill; None for a table that only describes the other tables of its set."""

    recognised_by: tuple[tuple[str, ...], ...]
    """The file has, for each entry, a column with one of these spellings."""

    columns: tuple[Reads, ...]
    """Columns used."""

    key: tuple[str, ...] = ()
    """Target columns that make two rows of one file the same observation (merged)."""

    ignored: tuple[str, ...] = ()
    """Columns known and not needed."""

    preamble: re.Pattern[str] | None = None
    """Matches the first cell of a line that may stand before the header."""

    day_columns: DayColumns | None = None
    """Set for exports with one column per day."""

    passes_over: tuple[PassesOver, ...] = ()
    """Rows that are no data of ours."""

    short_rows: bool = False
    """True where the provider leaves out trailing cells; they count as empty."""

    constants: Mapping[str, str] = field(default_factory=dict)
    """Target columns with the same text in every row."""

    site_column: str | None = None
    """Target address column whose most common registrable domain is the site."""

    days: tuple[str, ...] = ()
    """Target columns with days the rows speak of; the newest bounds the day of the export."""

    row_caps: tuple[int, ...] = ()
    """Row counts at which the provider cuts the export off; exactly that many rows means truncated."""

    tracked_depth: int | None = None
    """Deepest position looked at, for rank trackers."""

    needs_site: bool = True
    """False for files about all sites."""

    country_in_name: re.Pattern[str] | None = None
    """Group 1 in the file name is the country's code."""

    device_in_name: re.Pattern[str] | None = None
    """Group 1 in the file name is the device, ``mobile`` or ``desktop``; a name without it says nothing."""

    table_words: tuple[str, ...] = ()
    """What the provider calls this table in file names of a set, lower case, longest first in matching."""

    notes: str = ""
    """What a reader of docs/sources.md should know."""

    @property
    def known_headers(self) -> frozenset[str]:
        """Every spelling the format knows, used or ignored."""
        used = {header for column in self.columns for header in column.headers}
        looked_at = {header for rule in self.passes_over for header in rule.headers}
        return frozenset(used | looked_at | set(self.ignored))
