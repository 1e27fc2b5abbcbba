"""The ledger of file contents: what is known, and one row per content and site."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO

import duckdb

from transforms.ingest.arrived_file import ArrivedFile, FileOutcome
from transforms.ingest.formats.search_console import FILTERED_PROVIDER
from transforms.schemas import table

BLOCK = 1 << 20
SEPARATOR = " | "


def sha256_of(stream: BinaryIO) -> str:
    """Hash of the content, hexadecimal."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def file_id_of(site_domain: str | None, sha256: str) -> str:
    """The ledger's key: the same content for another site is another file."""
    return hashlib.sha256(f"{site_domain or ''}:{sha256}".encode()).hexdigest()[:16]


def find_entry(connection: duckdb.DuckDBPyConnection, file_id: str) -> dict[str, Any] | None:
    """The ledger's row of that file; None when it has never been seen."""
    names = table("ingest.export_files").column_names
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM ingest.export_files WHERE file_id = $file_id",  # noqa: S608
        {"file_id": file_id},
    ).fetchall()
    return dict(zip(names, rows[0], strict=True)) if rows else None


def site_loaded_for(connection: duckdb.DuckDBPyConnection, sha256: str) -> str | None:
    """The one site this content has been loaded for; None when there is none, or more than one."""
    rows = connection.execute(
        "SELECT DISTINCT site_domain FROM ingest.export_files WHERE sha256 = $sha256 AND status = 'loaded'",
        {"sha256": sha256},
    ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 and rows[0][0] else None


def other_filter(connection: duckdb.DuckDBPyConnection, site_domain: str, filter_text: str) -> str | None:
    """Another filter under which search performance of the site has been loaded; two would make one series of two."""
    rows = connection.execute(
        "SELECT DISTINCT reason FROM ingest.export_files WHERE site_domain = $site AND provider = $provider "
        "AND status = 'loaded' AND NOT contains(reason, $filter_text) ORDER BY 1",
        {"site": site_domain, "provider": FILTERED_PROVIDER, "filter_text": filter_text},
    ).fetchall()
    return str(rows[0][0]) if rows else None


def known_outcome(entry: Mapping[str, Any], arrived: ArrivedFile) -> FileOutcome:
    """The outcome for a content that the ledger already has."""
    counts = {
        name: entry[name]
        for name in ("row_count", "loaded_count", "merged_count", "rejected_count", "passed_over_count")
    }
    return FileOutcome(
        file_id=entry["file_id"],
        path=arrived.path,
        format=entry["format"],
        provider=entry["provider"],
        site_domain=entry["site_domain"],
        status=entry["status"],
        reason=entry["reason"],
        is_truncated=entry["is_truncated"],
        first_day_on=entry["first_day_on"],
        last_day_on=entry["last_day_on"],
        exported_on=entry["exported_on"],
        is_already_known=True,
        **counts,
    )


def write_entry(
    connection: duckdb.DuckDBPyConnection,
    outcome: FileOutcome,
    *,
    sha256: str,
    byte_count: int,
    exported_on_source: str | None,
    columns: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    ingested_at: datetime.datetime,
) -> None:
    """Write the file's row, replacing one that was set aside. ``columns``: used, ignored and unknown names."""
    used, ignored, unknown = (SEPARATOR.join(names) or None for names in columns)
    stamp = ingested_at.astimezone(datetime.UTC).replace(tzinfo=None) if ingested_at.tzinfo else ingested_at
    values = {
        **{name: getattr(outcome, name, None) for name in table("ingest.export_files").column_names},
        "sha256": sha256,
        "byte_count": byte_count,
        "exported_on_source": exported_on_source,
        "used_columns": used,
        "ignored_columns": ignored,
        "unknown_columns": unknown,
        "ingested_at": stamp,
    }
    connection.execute("DELETE FROM ingest.export_files WHERE file_id = $file_id", {"file_id": outcome.file_id})
    if outcome.status == "loaded":
        # The same content lay there without a site before: it is no longer set aside.
        connection.execute(
            "DELETE FROM ingest.export_files WHERE sha256 = $sha256 AND status = 'set_aside' AND site_domain IS NULL",
            {"sha256": sha256},
        )
    names = ", ".join(values)
    slots = ", ".join(f"${name}" for name in values)
    connection.execute(f"INSERT INTO ingest.export_files ({names}) VALUES ({slots})", values)  # noqa: S608


def write_rejected(connection: duckdb.DuckDBPyConnection, file_id: str) -> None:
    """Write the rows of ``arrived_misfits``."""
    connection.execute("DELETE FROM ingest.rejected_rows WHERE file_id = $file_id", {"file_id": file_id})
    connection.execute(
        "INSERT INTO ingest.rejected_rows (file_id, row_number, column_name, value, reason) "
        "SELECT $file_id, row_number, column_name, value, reason FROM arrived_misfits ORDER BY row_number, column_name",
        {"file_id": file_id},
    )
