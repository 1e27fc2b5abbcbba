"""Which files make up a series: two filters or properties are not one; a corrected export replaces the first."""

from __future__ import annotations

import duckdb

from transforms.ingest.arrived_file import ArrivedFile, FileOutcome
from transforms.ingest.formats.search_console import DAILY_NAME, FILTERED_PROVIDER
from transforms.ingest.formats.search_console_rows import ROWS_NAME, dimension_set_of
from transforms.ingest.properties import property_rank

FILTERED = "filtered export"
"""Begins the assumption that says which part of the site an export speaks of."""

_PROPERTIES = (
    "SELECT DISTINCT site_property FROM ingest.export_files WHERE site_domain = $site AND provider = $provider "
    "AND status = 'loaded' AND superseded_by IS NULL AND site_property <> $property ORDER BY 1"
)


def second_series(connection: duckdb.DuckDBPyConnection, arrived: ArrivedFile) -> str | None:
    """Why the file would make one series of two; None when it fits what has been loaded for its site.

    A set with another filter never fits. Of two Search Console properties the one that covers more of the site is its
    series (:func:`transforms.ingest.properties.property_rank`), of two alike the one loaded first.
    """
    filter_text = next((said for said in arrived.assumptions if said.startswith(FILTERED)), None)
    if filter_text and (other := _other_filter(connection, arrived.site_domain or "", filter_text)):
        return f"{filter_text}; already loaded with another filter: {other}"
    if arrived.site_property is None:
        return None
    rank = property_rank(arrived.site_property)
    held = [name for name in _other_properties(connection, arrived) if property_rank(name) <= rank]
    if not held:
        return None
    return (
        f"Search Console property {arrived.site_property}: the site's series is that of {held[0]}, already loaded, "
        "and two properties make no single series; the domain property would cover both"
    )


def supersede(connection: duckdb.DuckDBPyConnection, outcome: FileOutcome, arrived: ArrivedFile) -> None:
    """Mark what the file just loaded takes the place of; rows of a superseded file are kept and no longer counted.

    That is: another content of the same site, provider, format and day that lay at the same path (a corrected export;
    of a list that people keep up, whatever the day); what was set aside at that path; and the same table of Search
    Console properties that cover less of the site. A superseded file stays so when its content comes again, for the
    ledger knows it.
    """
    connection.execute(
        "UPDATE ingest.export_files SET superseded_by = $file_id WHERE file_id <> $file_id AND superseded_by IS NULL "
        "AND path = $path AND site_domain IS NOT DISTINCT FROM $site AND (status = 'set_aside' OR "
        "(format = $format AND provider = $provider AND (exported_on = $exported_on OR $takes_place)))",
        {
            "file_id": outcome.file_id,
            "path": outcome.path,
            "site": outcome.site_domain,
            "format": outcome.format,
            "provider": outcome.provider,
            "exported_on": outcome.exported_on,
            "takes_place": arrived.declared is not None and arrived.declared.takes_place,
        },
    )
    if arrived.site_property is None:
        return
    rank = property_rank(arrived.site_property)
    connection.execute(
        "UPDATE ingest.export_files SET superseded_by = $file_id WHERE superseded_by IS NULL AND status = 'loaded' "
        "AND site_domain = $site AND list_contains($formats, format) AND provider = $provider "
        "AND list_contains($lesser, site_property)",
        {
            "file_id": outcome.file_id,
            "site": outcome.site_domain,
            "formats": _formats_of_table(arrived),
            "provider": outcome.provider,
            "lesser": [name for name in _other_properties(connection, arrived) if property_rank(name) > rank],
        },
    )


def _formats_of_table(arrived: ArrivedFile) -> list[str | None]:
    """The formats in which the file's table comes: days of the whole site from the API are those of the interface."""
    is_days = arrived.format == ROWS_NAME and dimension_set_of(arrived.header) == {"dimension_set": "day"}
    return [arrived.format, DAILY_NAME] if is_days else [arrived.format]


def _other_filter(connection: duckdb.DuckDBPyConnection, site_domain: str, filter_text: str) -> str | None:
    rows = connection.execute(
        "SELECT DISTINCT reason FROM ingest.export_files WHERE site_domain = $site AND provider = $provider "
        "AND status = 'loaded' AND superseded_by IS NULL AND NOT contains(reason, $filter_text) ORDER BY 1",
        {"site": site_domain, "provider": FILTERED_PROVIDER, "filter_text": filter_text},
    ).fetchall()
    return str(rows[0][0]) if rows else None


def _other_properties(connection: duckdb.DuckDBPyConnection, arrived: ArrivedFile) -> list[str]:
    named = {"site": arrived.site_domain, "provider": arrived.provider, "property": arrived.site_property}
    return [str(row[0]) for row in connection.execute(_PROPERTIES, named).fetchall()]
