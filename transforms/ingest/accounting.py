"""What was read of a file, in numbers and days, worked out in the engine over the arrived relation."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import duckdb

from transforms.ingest.formats import ExportFormat
from transforms.ingest.hosts import HOST_COLUMNS, host_sql


@dataclass(frozen=True, kw_only=True)
class RowCounts:
    """Records of a file by what became of them."""

    loaded: int
    """Became observations."""

    merged: int
    """Repeat the key of another."""

    rejected: int
    """Could not be read."""

    passed_over: int
    """No data of ours."""

    @property
    def rows(self) -> int:
        """Records in the file: each is loaded, merged, rejected or passed over."""
        return self.loaded + self.merged + self.rejected + self.passed_over


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def count_rows(connection: duckdb.DuckDBPyConnection, declared: ExportFormat, record_count: int) -> RowCounts:
    """Count the records of the file now in ``arrived_<thing>``; wide exports count records, not days."""
    relation = f"arrived_{declared.thing}"
    rejected = _number(connection, "SELECT count(DISTINCT row_number) FROM arrived_misfits")
    if declared.wide is not None:
        read = _number(connection, f"SELECT count(DISTINCT row_number) FROM {relation}")  # noqa: S608
    else:
        read = _number(connection, f"SELECT count(*) FROM {relation}")  # noqa: S608
    keys = f"SELECT 1 FROM {relation} GROUP BY {', '.join(declared.key)}"  # noqa: S608
    loaded = _number(connection, f"SELECT count(*) FROM ({keys})")  # noqa: S608
    return RowCounts(loaded=loaded, merged=read - loaded, rejected=rejected, passed_over=record_count - read - rejected)


def days_covered(
    connection: duckdb.DuckDBPyConnection, declared: ExportFormat
) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day the rows speak of; None where no column has days."""
    if not declared.days:
        return None, None
    least = ", ".join(f"min({column})" for column in declared.days)
    most = ", ".join(f"max({column})" for column in declared.days)
    rows = connection.execute(f"SELECT {least}, {most} FROM arrived_{declared.thing}").fetchall()  # noqa: S608
    days = [day for day in rows[0] if isinstance(day, datetime.date)]
    return min(days, default=None), max(days, default=None)


def site_in_rows(connection: duckdb.DuckDBPyConnection, declared: ExportFormat) -> str | None:
    """The registrable domain that more than half of the rows are about; None when there is none."""
    if declared.site_column is None or declared.thing is None:
        return None
    host_column = dict(HOST_COLUMNS[declared.thing])[declared.site_column]
    host, known_as = (host_column, "host") if host_column else (host_sql(declared.site_column), "spelling")
    rows = connection.execute(
        f"SELECT known.domain, count(*) FROM (SELECT {host} AS found FROM arrived_{declared.thing} "  # noqa: S608
        f"WHERE {declared.site_column} IS NOT NULL) AS row JOIN (SELECT DISTINCT {known_as} AS found, domain "
        "FROM arrived_host_spellings) AS known USING (found) GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    total = sum(int(count) for _, count in rows)
    return str(rows[0][0]) if rows and 2 * int(rows[0][1]) > total else None


def keep_outgoing(connection: duckdb.DuckDBPyConnection, site_domain: str) -> None:
    """Leave in ``arrived_outlinks`` only links from the site's own pages to another registrable domain."""
    connection.execute(
        "DELETE FROM arrived_outlinks WHERE "  # noqa: S608
        "target_host IN (SELECT host FROM arrived_hosts WHERE domain = $site) OR "
        f"{host_sql('source_url')} NOT IN (SELECT spelling FROM arrived_host_spellings WHERE domain = $site)",
        {"site": site_domain},
    )
