"""What an export format is: data, one module beside this one per provider's export.

"Add an export format" is one module here with ``FORMATS`` (and a fixture in the tests): it is found by its place.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from transforms.ingest.formats.written import Written

Feed = Literal["backlinks", "rankings"]
Thing = Literal[
    "links",
    "outlinks",
    "linked_domains",
    "referring_domains",
    "referring_networks",
    "linking_pages",
    "target_pages",
    "anchor_texts",
    "disavow_entries",
    "placements",
    "labels",
    "decisions",
    "rankings",
    "performance",
    "visibility",
    "events",
]
Words = Mapping[str, str | datetime.date | None]
"""Target columns with the same value in every row, or in every row of one group of wide columns; None is null."""


@dataclass(frozen=True, kw_only=True)
class Reads:
    """One column of an arrived relation and the column of the export that fills it."""

    target: str
    """Column of ``arrived_<thing>``."""

    headers: tuple[str, ...]
    """Spellings of the export's column; exact after stripping spaces around it. Of two in one file the first counts."""

    written: Written
    """How its values are written."""

    header_pattern: re.Pattern[str] | None = None
    """Or: matches the whole name of the export's column (names that hold a host, such as ``BackLinks_<domain>``)."""

    is_required: bool = False
    """The file is set aside when it has no such column."""

    is_filled: bool = False
    """A row with nothing in it is rejected."""


@dataclass(frozen=True, kw_only=True)
class Derived:
    """A target column worked out from the others of its row."""

    target: str
    """Column of ``arrived_<thing>``."""

    sql: str
    """SQL over the typed values of the row, each as ``{target}``; its own is what the file gave, or null."""


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
class Beside:
    """One more column of each group of a wide export: the page that ranked beside the position, and the like."""

    target: str
    """Column of the arrived relation that takes the cell."""

    header: re.Pattern[str]
    """Matches the whole header; its groups say the same as those of the main column of the group."""

    written: Written
    """How cells are written."""

    is_filled: bool = False
    """A group without this column is no group, and a row with nothing in it is rejected."""


def day_in_header(target: str, *spellings: str) -> Callable[[re.Match[str]], Words | None]:
    """A rule that fills ``target`` with the group ``day`` of a header, a day in one of ``spellings`` (strptime)."""

    def say(found: re.Match[str]) -> Words | None:
        for spelling in spellings:
            try:
                day = datetime.datetime.strptime(found.group("day"), spelling).replace(tzinfo=datetime.UTC).date()
            except ValueError:
                continue
            return {target: day}
        return None

    return say


@dataclass(frozen=True, kw_only=True)
class KindBeside:
    """A column of each group that says of what kind the main cell is; only some kinds are observations of ours."""

    header: re.Pattern[str]
    """Matches the whole header; its groups say the same as those of the main column of the group."""

    words: tuple[str, ...]
    """Kinds that are read; a cell of another kind is no observation."""

    because: str
    """What the others are."""


@dataclass(frozen=True, kw_only=True)
class WideColumns:
    """A wide export: the same measure once per day (or period, or search engine), each cell a row of ours."""

    target: str
    """Column of the arrived relation that takes the cell of the main column."""

    written: Written
    """How cells of the main column are written."""

    header: re.Pattern[str]
    """Matches the whole name of a main column, one per group."""

    says: Callable[[re.Match[str]], Words | None]
    """What the name of a main column says: target columns and their values; None when it is no such column."""

    day_target: str | None = None
    """Which of the target columns it says is a day that must not lie in the future."""

    beside: tuple[Beside, ...] = ()
    """Further columns of each group."""

    no_observation: tuple[str, ...] = ("",)
    """Main cells that say nothing was measured: no observation, not a null one."""

    kind: KindBeside | None = None
    """Set where a column of the group says of what kind the main cell is."""

    first_only: bool = False
    """Of groups that say the same (a competitor beside the site, a second town) only the first is read; the others
    count as unknown columns, so that two series are never taken for one."""


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

    ignored_pattern: re.Pattern[str] | None = None
    """Or: matches the whole name of such a column."""

    preamble: re.Pattern[str] | None = None
    """Matches the first cell of each of the lines that may stand before the header."""

    wide: WideColumns | None = None
    """Set for exports with one column (or group of columns) per day, period or search engine."""

    knows_all: bool = False
    """A file with any other column than the known ones is no file of this format: its header is a word or two, or one
    more column may be one more dimension, over which rows would be taken for copies of each other."""

    passes_over: tuple[PassesOver, ...] = ()
    """Rows that are no data of ours."""

    short_rows: bool = False
    """True where the provider leaves out trailing cells; they count as empty."""

    constants: Mapping[str, str] = field(default_factory=dict)
    """Target columns with the same text in every row in which no column of the file fills them."""

    derived: tuple[Derived, ...] = ()
    """Target columns worked out from others, in this order."""

    takes_place: bool = False
    """A list that people keep up: a new content at the same path takes the place of all that lay there before."""

    described: str = ""
    """What the ledger says of a table without rows of its own (``thing`` None)."""

    constants_of: Callable[[tuple[str, ...]], Mapping[str, str]] | None = None
    """Further ones, as the header tells (the dimensions of a search-performance answer)."""

    site_column: str | None = None
    """Target address column whose most common registrable domain is the site."""

    site_headers: tuple[str, ...] = ()
    """Or: columns of the export that name the site in every row and fill nothing."""

    site_in_header: re.Pattern[str] | None = None
    """Or: group 1 in a column's name is the site's host; of several such columns the first."""

    days: tuple[str, ...] = ()
    """Target columns with days the rows speak of; the newest bounds the day of the export."""

    row_caps: tuple[int, ...] = ()
    """Row counts at which the provider cuts the export off; exactly that many rows means truncated."""

    is_round_suspect: bool = True
    """A round number of rows is taken for a cut as well (formats with caps): :mod:`transforms.ingest.truncation`."""

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
        return frozenset(used | looked_at | set(self.ignored) | set(self.site_headers))

    def reads_header(self, column: Reads, name: str) -> bool:
        """Whether the export's column ``name`` is the one that fills ``column``."""
        return name in column.headers or bool(column.header_pattern and column.header_pattern.fullmatch(name))

    def is_ignored(self, name: str) -> bool:
        """Whether the export's column ``name`` is known and not needed."""
        return name in self.known_headers or bool(self.ignored_pattern and self.ignored_pattern.fullmatch(name))
