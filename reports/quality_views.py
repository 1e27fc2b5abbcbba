"""What was read and what the checks found, as frozen dataclasses: one field per column of ``queries/*.sql``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ExportFile:
    """A row of ingest.export_files."""

    file_id: str
    path: str
    format: str | None
    provider: str | None
    site_domain: str | None
    row_count: int
    loaded_count: int
    merged_count: int
    rejected_count: int
    is_truncated: bool | None
    exported_on: datetime.date | None
    exported_on_source: str | None
    unknown_columns: str | None
    status: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class FileList:
    """The files a page lists of the ``file_count`` there are: a page must not grow with every night."""

    listed: tuple[ExportFile, ...]
    file_count: int

    @property
    def older_count(self) -> int:
        """Files that are not listed."""
        return self.file_count - len(self.listed)


@dataclass(frozen=True, kw_only=True)
class ReadSite:
    """What was read of a site, or with ``site_domain`` None of what is about all sites; one of ``site_count`` rows."""

    site_domain: str | None
    file_count: int
    row_count: int
    rejected_count: int
    newest_on: datetime.date | None
    site_count: int


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A row of ingest.feeds, and the day after which it is late; ``feed_count`` is how many there are in all."""

    site_domain: str
    provider: str
    cadence: str
    cadence_source: str
    newest_on: datetime.date | None
    late_after_on: datetime.date | None
    is_stale: bool
    feed_count: int


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row of ingest.rejected_rows."""

    file_id: str
    row_number: int
    column_name: str
    value: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A row of expectations.outcomes."""

    stage: str
    table_name: str
    check_name: str
    site_domain: str
    severity: str
    is_met: bool
    observed_value: float | None
    least_value: float | None
    most_value: float | None
    failing_count: int

    @property
    def is_holding_back(self) -> bool:
        """Whether this is a broken minimum."""
        return self.severity == "minimum" and not self.is_met


@dataclass(frozen=True, kw_only=True)
class MetCheck:
    """A check that held, with its ``outcome_count`` outcomes: for ``site_count`` sites, or for all data (0)."""

    stage: str
    table_name: str
    check_name: str
    least_value: float | None
    most_value: float | None
    outcome_count: int
    site_count: int


@dataclass(frozen=True, kw_only=True)
class FailingRow:
    """A row of expectations.failing_rows, without the stamps of the run and cut where it is very long."""

    stage: str
    check_name: str
    site_domain: str
    row_number: int
    row: str


@dataclass(frozen=True, kw_only=True)
class LabelCorrection:
    """A row of signals.label_corrections: what labels say of one origin; all but the first columns of all six."""

    rule_set: str
    origin: str
    domain_count: int
    bias: float
    mean_before: float | None
    mean_after: float | None
    largest_move: float | None
    strength: float
    is_applied: bool
    reason: str
    split: str
    cutoff_on: datetime.date | None
    label_count: int
    train_domain_count: int
    test_domain_count: int
    log_loss_before: float | None
    log_loss_after: float | None
    brier_before: float | None
    brier_after: float | None
    calibration_error_before: float | None
    calibration_error_after: float | None


@dataclass(frozen=True, kw_only=True)
class MethodCounts:
    """What the page opens with: outcomes of the night's checks, sites they hold back, feeds that are late."""

    met_count: int
    broken_count: int
    held_back_count: int
    late_count: int


@dataclass(frozen=True, kw_only=True)
class QualityView:
    """Everything the data quality page shows; ``unmet`` are the worst of the ``unmet_count`` there are.

    ``inferred_count`` sites are known from their exports alone, because there is no sites.toml. ``feeds``: late first.
    """

    as_of: datetime.date
    counts: MethodCounts
    unmet: tuple[Outcome, ...]
    unmet_count: int
    met: tuple[MetCheck, ...]
    failing_rows: tuple[FailingRow, ...]
    set_aside: FileList
    with_rejected_rows: FileList
    of_no_site: FileList
    read_sites: tuple[ReadSite, ...]
    inferred_count: int
    feeds: tuple[Feed, ...]
    rejected_rows: tuple[RejectedRow, ...]
    assessed_counts: tuple[tuple[str, str, int], ...]
    label_corrections: tuple[LabelCorrection, ...]

    @property
    def met_count(self) -> int:
        """Outcomes that held: one per check and site."""
        return sum(check.outcome_count for check in self.met)
