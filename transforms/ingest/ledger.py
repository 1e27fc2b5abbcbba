"""The ledger of file contents: what is known, and one row per content and site."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any, BinaryIO

import duckdb

from transforms.ingest.arrived_file import ArrivedFile, FileOutcome
from transforms.schemas import table
from transforms.schemas.vocabulary import KEPT_PROVIDERS

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


def newest_dated_on(connection: duckdb.DuckDBPyConnection, site_domain: str | None) -> datetime.date | None:
    """Day of the newest loaded export whose day was told, of the site (without a site: of any); None without one."""
    rows = connection.execute(
        "SELECT max(exported_on) FROM ingest.export_files WHERE status = 'loaded' AND site_domain IS NOT NULL "
        "AND exported_on_source <> 'file_modified' AND ($site IS NULL OR site_domain = $site) "
        "AND NOT list_contains($kept, provider)",
        {"site": site_domain, "kept": list(KEPT_PROVIDERS)},
    ).fetchall()
    newest = rows[0][0]
    return newest if isinstance(newest, datetime.date) else None


def known_outcome(entry: Mapping[str, Any], arrived: ArrivedFile) -> FileOutcome:
    """The outcome for a content that the ledger already has; of a superseded one the reason says so."""
    counts = {
        name: entry[name]
        for name in ("row_count", "loaded_count", "merged_count", "rejected_count", "passed_over_count")
    }
    said = [entry["reason"]] if entry["reason"] else []
    if entry["superseded_by"]:
        said.append(f"superseded by file {entry['superseded_by']}, which was read later: its rows are not used")
    return FileOutcome(
        file_id=entry["file_id"],
        path=arrived.path,
        format=entry["format"],
        provider=entry["provider"],
        site_domain=entry["site_domain"],
        feed=entry["feed"],
        status=entry["status"],
        reason="; ".join(said) or None,
        is_truncated=entry["is_truncated"],
        truncated_by=entry["truncated_by"],
        is_complete=entry["is_complete"],
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
    exported_on_source: str,
    site_property: str | None,
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
        "site_property": site_property,
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
