"""A file on its way in, and what became of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from transforms.ingest.formats.format import ExportFormat, Feed

OBSERVATIONS = {
    "links": "link_observations",
    "outlinks": "outlink_observations",
    "referring_domains": "referring_domain_observations",
    "linked_domains": "linked_domain_observations",
    "referring_networks": "referring_network_observations",
    "linking_pages": "linking_page_observations",
    "target_pages": "target_page_observations",
    "anchor_texts": "anchor_text_observations",
    "disavow_entries": "disavow_entry_observations",
    "placements": "placement_observations",
    "labels": "label_observations",
    "decisions": "decision_observations",
    "visibility": "visibility_index_observations",
    "rankings": "ranking_observations",
    "performance": "performance_observations",
    "events": "event_observations",
}
"""Arrived relation to the staging table that keeps it."""


@dataclass(frozen=True, kw_only=True)
class ArrivedFile:
    """One export as :func:`transforms.ingest.inbox.discover` found it; only its head has been read."""

    path: str
    """Display path: relative to the exports folder, with / separators; members of a zip or workbook behind it."""

    address: str
    """What fsspec opens (of the container, for members and sheets)."""

    member: str | None = None
    """Zip member or sheet."""

    byte_count: int = 0
    """Size in bytes."""

    modified_on: datetime.date
    """Day (UTC) of the last modification."""

    declared: ExportFormat | None = None
    """The export format, built in or of a mapping file; None when it is set aside unrecognised."""

    provider: str | None = None
    """Index and report."""

    feed: Feed = "backlinks"
    """Which nightly feed it belongs to."""

    site_domain: str | None = None
    """The site as far as the head tells; the outcome has the final word."""

    site_source: str | None = None
    """``given``, ``folder``, ``content``, ``set`` or ``file_name``."""

    encoding: str = "utf-8-sig"
    """Encoding to read it with."""

    delimiter: str = ","
    """Delimiter to read it with."""

    header_at: int = 0
    """Records before the header."""

    header: tuple[str, ...] = ()
    """Header names."""

    named_days: tuple[datetime.date, ...] = ()
    """Days in the names of file, container and folders, the one that counts first."""

    set_days: tuple[datetime.date, ...] = ()
    """Days that the daily table of its set speaks of, ascending."""

    period: tuple[datetime.date, datetime.date] | None = None
    """First and last day of the set's period, where its settings write them out."""

    site_property: str | None = None
    """Search Console property, as names tell: ``https://www.example.com/``, or ``example.com`` for a whole domain."""

    country: str | None = None
    """ISO 3166-1 alpha-2 market, where the file tells."""

    device: str | None = None
    """``mobile`` or ``desktop``, where the file name tells."""

    version: str = ""
    """Size, time and tag of the file (of the container) when it was listed; nothing where nobody asked."""

    is_complete: bool = False
    """Declared complete, by ``--complete`` or the word in its name: what it lacks is gone."""

    assumptions: tuple[str, ...] = ()
    """What is worth saying about it in the ledger."""

    reason: str | None = None
    """Why it will be set aside; None when it can be read."""

    @property
    def format(self) -> str | None:
        """Name of the export format."""
        return self.declared.name if self.declared else None

    @property
    def is_dated(self) -> bool:
        """Whether its name, its set or a column of days can tell the day of the export.

        False for files whose day can only be taken from elsewhere: read them after the others (see
        :func:`transforms.ingest.export_days.export_day`).
        """
        if self.named_days or self.set_days or self.period:
            return True
        if self.declared is None or self.reason is not None:
            return False
        declared = self.declared
        spellings = {name for column in declared.columns if column.target in declared.days for name in column.headers}
        return (declared.wide is not None and declared.wide.day_target is not None) or not spellings.isdisjoint(
            self.header
        )


@dataclass(frozen=True, kw_only=True)
class FileOutcome:
    """What became of one file; the counts add up: row_count = loaded + merged + rejected + passed over."""

    file_id: str
    """As in ``ingest.export_files``."""

    path: str
    """Display path."""

    format: str | None
    """Name of the format."""

    provider: str | None
    """Index and report."""

    site_domain: str | None
    """The monitored site."""

    feed: Feed | None = None
    """Which nightly feed it belongs to."""

    status: Literal["loaded", "set_aside"]
    """What was done."""

    reason: str | None
    """Why it was set aside, or what was assumed."""

    row_count: int = 0
    """Records in the file."""

    loaded_count: int = 0
    """Rows that became observations."""

    merged_count: int = 0
    """Rows that repeat the key of another row."""

    rejected_count: int = 0
    """Rows that could not be read."""

    passed_over_count: int = 0
    """Rows that are no data of ours (group totals, links inside the site), named in the reason."""

    truncated_by: str | None = None
    """What tells that the provider cut it off."""

    is_complete: bool = False
    """Declared complete, and not cut off."""

    is_truncated: bool = False
    """The provider's row cap was met."""

    first_day_on: datetime.date | None = None
    """First day the rows speak of."""

    last_day_on: datetime.date | None = None
    """Last day the rows speak of."""

    exported_on: datetime.date | None = None
    """Day of the export."""

    is_already_known: bool = False
    """The ledger had this content for this site: nothing was done."""

    kinds: tuple[str, ...] = ()
    """Observation tables to fill from the arrived relations."""

    seconds: float = 0.0
    """How long reading it took."""
