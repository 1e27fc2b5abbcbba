"""One file read for good: hash, ledger, rows, site and day, and what became of it."""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from transforms.ingest.accounting import RowCounts, count_rows, days_covered, keep_outgoing, site_in_rows
from transforms.ingest.arrived_file import OBSERVATIONS, ArrivedFile, FileOutcome
from transforms.ingest.arrived_rows import STREAM_ERRORS, CellStream
from transforms.ingest.bulk_links import BulkLinks, is_bulk
from transforms.ingest.completeness import doubt_complete
from transforms.ingest.contents import has_changed, open_raw
from transforms.ingest.export_days import believable, export_day, latest_day, said_of_undated, set_period
from transforms.ingest.formats import ExportFormat
from transforms.ingest.formats.search_console import FAMILY
from transforms.ingest.hosts import fill_hosts
from transforms.ingest.ledger import (
    file_id_of,
    find_entry,
    known_outcome,
    newest_dated_on,
    sha256_of,
    site_loaded_for,
    write_entry,
    write_rejected,
)
from transforms.ingest.links import forget_unsettled, identify_links
from transforms.ingest.plain_files import LEAST_BYTES, NotPlainError, PlainFile, find_plain
from transforms.ingest.records import exact_batches, read_cells
from transforms.ingest.series import second_series, supersede
from transforms.ingest.sites import ROWS_ARE, Site, other_site, says_otherwise
from transforms.ingest.truncation import truncation_of
from transforms.ingest.typed_rows import ReadPlan, plan_reading

BEING_WRITTEN = "it was still being written while it was read: it will be read again the next time"
NO_COLUMNS: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())


class FileReader:
    """Reads one file for good; the steps share connection, file and hash.

    ``read`` comes first. Where it names observations to fill (``outcome.kinds``), they are written from the
    ``arrived_*`` relations, and for a streamed file ``settle`` has the last word. As a context manager it owns the
    temporary copy of a large file.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        arrived: ArrivedFile,
        ingested_at: datetime.datetime | None,
        *,
        least_bytes: int | None = LEAST_BYTES,
    ) -> None:
        self._connection = connection
        self._ingested_at = ingested_at
        self._latest_on = latest_day(ingested_at) if ingested_at else datetime.date.max
        self._arrived = believable(arrived, self._latest_on)
        self._sha256 = ""
        self._columns = NO_COLUMNS
        self._least_bytes = least_bytes
        self._started = time.monotonic()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._plain: PlainFile | None = None
        self._bulk: BulkLinks | None = None

    def __enter__(self) -> FileReader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def is_plain(self) -> bool:
        """Whether the engine parses the file itself, so that an error of the engine calls for the careful way."""
        return self._plain is not None

    @property
    def is_streamed(self) -> bool:
        """Whether its rows go straight from the file into the observations, and :meth:`settle` has the last word."""
        return self._bulk is not None

    def withdraw(self) -> None:
        """Take the rows of a streamed file out again."""
        if self._bulk is not None:
            self._bulk.withdraw()

    def read(self) -> FileOutcome:
        """The outcome, with ledger and rejected rows written and the ``arrived_*`` relations filled."""
        arrived = self._arrived
        if unreadable := self._hash():
            return self._set_aside(unreadable, arrived.site_domain)
        if known := self._already_known(arrived.site_domain):
            return known
        declared = arrived.declared
        if (reason := arrived.reason or second_series(self._connection, arrived)) or declared is None:
            return self._set_aside(reason or "no format known", arrived.site_domain)
        return self._read_settings(declared) if declared.thing is None else self._read_rows(declared)

    def is_known(self) -> bool:
        """Whether reading the file would change nothing."""
        arrived = self._arrived
        reason = self._hash() or arrived.reason or second_series(self._connection, arrived)
        if self._already_known(arrived.site_domain):
            return True
        entry = find_entry(self._connection, file_id_of(arrived.site_domain, self._sha256))
        if entry is None or not entry["reason"]:
            return False
        if reason is not None:
            return bool(entry["reason"] == reason)
        # Rows that told another site than the folder tell it again: the content is the same.
        return str(entry["reason"]).startswith(says_otherwise(self._site(), ROWS_ARE))

    def _hash(self) -> str | None:
        """Hash the content; what hinders it, when it cannot be opened."""
        arrived = self._arrived
        try:
            with open_raw(arrived.address, arrived.member) as stream:
                self._sha256 = sha256_of(stream)
        except STREAM_ERRORS as error:
            self._sha256 = file_id_of(arrived.path, "unreadable")
            return arrived.reason or f"cannot be opened: {error}"[:300]
        return None

    def _already_known(self, site_domain: str | None) -> FileOutcome | None:
        site, declared = site_domain, self._arrived.declared
        if site is None and (declared is None or declared.needs_site):
            site = site_loaded_for(self._connection, self._sha256)
        entry = find_entry(self._connection, file_id_of(site, self._sha256))
        return known_outcome(entry, self._arrived) if entry and entry["status"] == "loaded" else None

    def _read_settings(self, declared: ExportFormat) -> FileOutcome:
        plan = plan_reading(declared, self._arrived.header, self._latest_on)
        stream = CellStream()
        for _ in exact_batches(self._arrived, plan, stream) if declared.columns else ():
            pass
        if stream.trouble:
            return self._set_aside(stream.trouble, self._arrived.site_domain)
        self._columns = (plan.used, plan.ignored, plan.unknown)
        counts = RowCounts(loaded=0, merged=stream.record_count, rejected=0, passed_over=0)
        return self._load(declared, counts, self._arrived.site_domain, (None, None), (declared.described,), kinds=())

    def _read_rows(self, declared: ExportFormat) -> FileOutcome:
        arrived, connection = self._arrived, self._connection
        plan = plan_reading(declared, arrived.header, self._latest_on)
        self._columns = (plan.used, plan.ignored, plan.unknown)
        if declared.wide is not None and not plan.groups:
            return self._set_aside(f"every column is of a day later than {self._latest_on}", arrived.site_domain)
        constants = self._constants(declared)
        self._plain = self._find_plain(plan)
        if self._plain is not None and is_bulk(plan) and arrived.site_domain:
            return self._stream(BulkLinks(connection, self._plain, plan, constants, self._file_id(arrived.site_domain)))
        stream = read_cells(connection, arrived, plan, constants, self._plain)
        if stream.trouble or self._is_being_written():
            return self._set_aside(stream.trouble or BEING_WRITTEN, arrived.site_domain)
        thing = declared.thing or ""
        fill_hosts(connection, thing)
        site, problem = self._settle_site(declared)
        if problem:
            return self._set_aside(problem, site)
        if site != arrived.site_domain and (known := self._already_known(site)):
            return known
        if thing == "outlinks":
            keep_outgoing(connection, site or "")
        counts = count_rows(connection, declared, stream.record_count)
        said = (_passed_over(declared, plan, counts.passed_over),) if counts.passed_over else ()
        if plan.future_days:
            said = (*said, f"columns of days later than {self._latest_on} not read: {_listed(plan.future_days)}")
        if thing == "links":
            forget_unsettled(connection, self._file_id(site))
            identify_links(connection, site or "", arrived.provider or "")
        covered = days_covered(connection, declared)
        return self._load(
            declared, counts, site, covered, said, kinds=(OBSERVATIONS[thing],), records=stream.record_count
        )

    def _is_being_written(self) -> bool:
        """Whether somebody wrote to the file since it was listed: what was read may be half of it."""
        return bool(self._arrived.version) and has_changed(self._arrived.address, self._arrived.version)

    def _find_plain(self, plan: ReadPlan) -> PlainFile | None:
        if self._least_bytes is None or self._arrived.byte_count < self._least_bytes:
            return None
        self._folder = tempfile.TemporaryDirectory(prefix="penalty-radar-")
        return find_plain(self._arrived, plan, Path(self._folder.name), least_bytes=self._least_bytes)

    def _file_id(self, site_domain: str | None) -> str:
        return file_id_of(site_domain, self._sha256)

    def _stream(self, bulk: BulkLinks) -> FileOutcome:
        """Links of a large plain file: a view to write from, and an outcome that :meth:`settle` makes final."""
        arrived, declared = self._arrived, bulk.plan.declared
        self._bulk = bulk
        bulk.stream(arrived.site_domain or "", arrived.provider or "")
        exported_on, _ = self._export_day(arrived.site_domain, bulk.newest_in_head())
        outcome = self._outcome(arrived.site_domain, exported_on=exported_on, kinds=(OBSERVATIONS["links"],))
        self._fill_file(outcome, declared)
        return outcome

    def settle(self, outcome: FileOutcome) -> FileOutcome:
        """The final outcome of a streamed file, once its observations are written.

        Raises:
            NotPlainError: the file must be read again record by record.
        """
        if self._bulk is None:
            raise ValueError("only a streamed file is settled")
        counts, covered = self._bulk.settle_rows()
        if self._is_being_written():
            raise NotPlainError(BEING_WRITTEN)
        told = self._bulk.site()
        if told and told != outcome.site_domain:
            raise NotPlainError(f"most rows are about {told}")
        declared = self._bulk.plan.declared
        final = self._load(declared, counts, outcome.site_domain, covered, (), kinds=outcome.kinds, records=counts.rows)
        if final.exported_on and final.exported_on != outcome.exported_on:
            self._bulk.set_day(final.exported_on)
        return final

    def _constants(self, declared: ExportFormat) -> dict[str, str | datetime.date]:
        arrived = self._arrived
        told = {"country": arrived.country, "device": arrived.device}
        told |= {"site_domain": arrived.site_domain} if declared.thing in ("events", "labels") else {}
        constants: dict[str, str | datetime.date] = {name: word for name, word in told.items() if word}
        if declared.family == FAMILY and "performed_on" not in declared.days:
            constants |= dict(zip(("starts_on", "ends_on"), set_period(arrived) or (), strict=False))
        return constants

    def _settle_site(self, declared: ExportFormat) -> tuple[str | None, str | None]:
        """The site, and why the file is set aside when its rows are clearly about another one."""
        arrived = self._arrived
        if not declared.needs_site:
            return self._arrived.site_domain, None
        told = site_in_rows(self._connection, declared)
        if arrived.site_source == "content":
            return told or arrived.site_domain, None
        return arrived.site_domain, other_site(self._site(), told, ROWS_ARE) if told else None

    def _site(self) -> Site:
        return Site(self._arrived.site_domain or "", self._arrived.site_source or "")

    def _load(
        self,
        declared: ExportFormat,
        counts: RowCounts,
        site: str | None,
        covered: tuple[datetime.date | None, datetime.date | None],
        said: tuple[str, ...],
        *,
        kinds: tuple[str, ...],
        records: int = 0,
    ) -> FileOutcome:
        arrived = self._arrived
        exported_on, source = self._export_day(site, covered[1])
        if source == "file_modified":
            said = (*said, said_of_undated(arrived, exported_on))
        period = set_period(arrived) or (None, None)
        truncated_by = truncation_of(declared, records)
        doubt = doubt_complete(truncated_by, counts.rejected) if arrived.is_complete else None
        said = (*said, doubt) if doubt else said
        outcome = self._outcome(
            site,
            reason="; ".join((*arrived.assumptions, *said)) or None,
            row_count=counts.rows,
            loaded_count=counts.loaded,
            merged_count=counts.merged,
            rejected_count=counts.rejected,
            passed_over_count=counts.passed_over,
            is_truncated=truncated_by is not None,
            truncated_by=truncated_by,
            is_complete=arrived.is_complete and doubt is None,
            first_day_on=covered[0] or period[0],
            last_day_on=covered[1] or period[1],
            exported_on=exported_on,
            kinds=kinds,
        )
        self._write(outcome, source)
        supersede(self._connection, outcome, arrived)
        if kinds:
            write_rejected(self._connection, outcome.file_id)
            self._fill_file(outcome, declared)
        return outcome

    def _outcome(self, site: str | None, **told: Any) -> FileOutcome:
        """An outcome of this file; loaded unless ``told`` says otherwise."""
        arrived = self._arrived
        facts: dict[str, Any] = {
            "file_id": self._file_id(site),
            "path": arrived.path,
            "format": arrived.format,
            "provider": arrived.provider,
            "site_domain": site,
            "feed": arrived.feed,
            "status": "loaded",
            "reason": None,
            "seconds": time.monotonic() - self._started,
        }
        return FileOutcome(**facts | told)

    def _export_day(self, site: str | None, last_day_on: datetime.date | None) -> tuple[datetime.date, str]:
        # Events may be planned for a day to come; the file that says so was made before it.
        bounded = min(last_day_on, self._latest_on) if last_day_on else None
        return export_day(self._arrived, bounded, newest_dated_on(self._connection, site))

    def _fill_file(self, outcome: FileOutcome, declared: ExportFormat) -> None:
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE arrived_file AS SELECT CAST($file_id AS VARCHAR) AS file_id, "
            "CAST($site AS VARCHAR) AS site_domain, CAST($provider AS VARCHAR) AS provider, "
            "CAST($observed_on AS DATE) AS observed_on, CAST($is_truncated AS BOOLEAN) AS is_truncated, "
            "CAST($depth AS BIGINT) AS tracked_depth",
            {
                "file_id": outcome.file_id,
                "site": outcome.site_domain,
                "provider": outcome.provider,
                "observed_on": outcome.exported_on,
                "is_truncated": outcome.is_truncated,
                "depth": declared.tracked_depth,
            },
        )

    def _set_aside(self, reason: str, site: str | None) -> FileOutcome:
        arrived = self._arrived
        file_id = file_id_of(site, self._sha256)
        entry = find_entry(self._connection, file_id)
        if entry and (entry["status"] == "loaded" or entry["reason"] == reason):
            return known_outcome(entry, arrived)
        exported_on, source = self._export_day(site, None)
        outcome = self._outcome(site, status="set_aside", reason=reason, exported_on=exported_on)
        self._write(outcome, source)
        return outcome

    def _write(self, outcome: FileOutcome, exported_on_source: str) -> None:
        if self._ingested_at is None:
            raise ValueError("a reader without ingested_at may only be asked is_known()")
        write_entry(
            self._connection,
            outcome,
            sha256=self._sha256,
            byte_count=self._arrived.byte_count,
            exported_on_source=exported_on_source,
            site_property=self._arrived.site_property,
            columns=self._columns,
            ingested_at=self._ingested_at,
        )


def _listed(days: Iterable[datetime.date]) -> str:
    return ", ".join(str(day) for day in days)


def _passed_over(declared: ExportFormat, plan: ReadPlan, count: int) -> str:
    because = [rule.because for rule in declared.passes_over if set(rule.headers) & set(plan.header)]
    if declared.wide is not None:
        because.append("rows in which nothing was measured")
    if declared.thing == "outlinks":
        because.append("links inside the site")
    return f"{count} rows passed over: {', '.join(because)}"
