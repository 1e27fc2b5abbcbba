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

    def is_holding_back(self, site_domain: str) -> bool:
        """Whether this is a broken minimum of the site."""
        return self.site_domain == site_domain and self.severity == "minimum" and not self.is_met


@dataclass(frozen=True, kw_only=True)
class FailingRow:
    """A row of expectations.failing_rows."""

    stage: str
    check_name: str
    site_domain: str
    row_number: int
    row: str


@dataclass(frozen=True, kw_only=True)
class QualityView:
    """Everything the data quality page shows."""

    as_of: datetime.date
    outcomes: tuple[Outcome, ...]
    failing_rows: tuple[FailingRow, ...]
    files: tuple[ExportFile, ...]
    rejected_rows: tuple[RejectedRow, ...]
    assessed_counts: tuple[tuple[str, str, int], ...]
