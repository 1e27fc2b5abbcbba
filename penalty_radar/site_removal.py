"""A client leaves: every trace of a site out of warehouse, report, alerts, feeds and, when asked, the exports folder.

What other sites' exports say of the departed site (that it links to them, for one) are rows of those sites and stay.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from transforms.errors import BadInputError
from transforms.schemas import TABLES, Table
from transforms.settings import Settings

OF_NO_SITE = frozenset(
    {
        "signals.origin_rules",
        "signals.mark_combinations",
        "signals.label_corrections",
        "signals.evidence_combinations",
        "correlation.portfolio_tests",
    }
)
"""Rules, the sets of them that apply together, and tests of all sites at once: no text, name or address of any site."""

TOLD_OTHERWISE = {
    # hosts that link to nobody else
    "staging.hosts": "host_id NOT IN (SELECT source_host_id FROM staging.link_observations WHERE site_domain <> $site)",
    # the next run counts the owners that are left
    "signals.source_customers": (
        "source_domain IN (SELECT source_domain FROM signals.link_marks WHERE site_domain = $site)"
    ),
    # samples of the whole warehouse, as JSON
    "expectations.failing_rows": "(site_domain = '*' AND contains(\"row\", $site))",
    # emptied before the alerts that tell whose they are
    "staging.decision_observations": ("alert_id IN (SELECT alert_id FROM reports.alerts WHERE site_domain = $site)"),
    # of no single site, and naming this one
    "reports.alerts": "(site_domain = '*' AND contains(arguments, $site))",
    # messages about this site alone, or naming it
    "reports.outbox": (
        "message_id IN (SELECT message_id FROM reports.outbox_alerts WHERE site_domain = $site) AND (contains(subject, "
        "$site) OR message_id NOT IN (SELECT message_id FROM reports.outbox_alerts WHERE site_domain <> $site))"
    ),
}
"""Rows that are a site's by more than a column that names it."""


def condition_of(declared: Table) -> str:
    """SQL condition of the rows that are a site's (``$site``), over the temporary ``site_files`` and ``site_links``.

    Raises:
        LookupError: nothing in the table tells whose its rows are; a purge would leave them behind.
    """
    names = declared.column_names
    conditions = []
    if "site_domain" in names:
        conditions.append("site_domain = $site")
    if "file_id" in names:
        conditions.append("file_id IN (SELECT file_id FROM site_files)")
    if not conditions and "link_id" in names:  # a link is one site's own
        conditions.append("CAST(link_id AS VARCHAR) IN (SELECT link_id FROM site_links)")
    if declared.name in TOLD_OTHERWISE:
        conditions.append(TOLD_OTHERWISE[declared.name])
    if declared.name in OF_NO_SITE:
        conditions.append("false")
    if not conditions:
        raise LookupError(f"{declared.name} has no site_domain, file_id or link_id: whose are its rows?")
    return " OR ".join(conditions)


def stored_tables() -> tuple[Table, ...]:
    """The tables that hold rows, those that hosts depend on last."""
    stored = (declared for declared in TABLES if declared.slice != "view")
    return tuple(sorted(stored, key=lambda declared: declared.name == "staging.link_observations"))


def count_rows(settings: Settings, site_domain: str) -> dict[str, int]:
    """Rows of the site by table, of the tables that have any; nothing is written."""
    from transforms.warehouse import open_writer

    with (
        open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection,
        _site_keys(connection, site_domain),
    ):
        return _count(connection, site_domain)


def purge_warehouse(settings: Settings, site_domain: str) -> dict[str, int]:
    """Delete the site's rows, copy what stays into a new file, and publish that; returns rows deleted by table.

    The engine keeps freed blocks in its file, so only the copy is without the deleted bytes.
    """
    from transforms.warehouse import compact_warehouse, open_writer, publish_snapshot, transaction

    timeout = settings.lock_timeout_seconds
    with (
        open_writer(settings.warehouse, timeout_seconds=timeout) as connection,
        _site_keys(connection, site_domain),
    ):
        counts = _count(connection, site_domain)
        with transaction(connection):
            for declared in stored_tables():
                query = f"DELETE FROM {declared.name} WHERE {condition_of(declared)}"  # noqa: S608 - declared names
                connection.execute(query, _values(query, site_domain))
    compact_warehouse(settings.warehouse, timeout_seconds=timeout)
    publish_snapshot(settings.warehouse, timeout_seconds=timeout)
    return counts


def purge_report(settings: Settings, site_domain: str) -> list[str]:
    """Delete the site's folder and write the other pages anew; returns the files deleted, relative to the report.

    Where no site is left, no page is: every page named the site that is gone.
    """
    from penalty_radar.walk import assessed_day, build_report
    from reports.addresses import place_site

    if not settings.report.is_dir():
        return []
    day: str | None = None
    with contextlib.suppress(BadInputError):
        day = assessed_day(settings)
    everything = settings.report.glob("**/*")
    own = (settings.report / place_site(site_domain).folder).glob("**/*")
    gone = sorted(
        path for path in (everything if day is None else own) if path.is_file() and path.parent.name != "assets"
    )
    for page in gone:
        page.unlink()
    if day is not None:
        build_report(settings, as_of=day)
    return [page.relative_to(settings.report).as_posix() for page in gone]


def forget_feeds(settings: Settings, site_domain: str) -> int:
    """Take the site out of what the feeds asked; what was spent still counts. Returns how many entries it had."""
    from penalty_radar.clock import now
    from transforms.ingest.feeds.ledger import LEDGER_NAME, FeedLedger

    return FeedLedger(settings.state / LEDGER_NAME, now()).forget(site_domain)


def purge_exports(exports: str, site_domain: str, mappings: Path | None = None) -> tuple[list[str], list[str]]:
    """Delete the site's files below the local folder ``exports``; returns what was deleted and what has to stay.

    A zip or workbook that also holds files of another site stays. ``mappings`` is the setting: files of a mapping tell
    their site by it.
    """
    from transforms.ingest.inbox import discover

    sites: dict[str, set[str | None]] = {}
    for file in discover(exports, mappings=mappings):
        sites.setdefault(file.address, set()).add(file.site_domain)
    deleted, kept = [], []
    for address, found in sorted(sites.items()):
        if site_domain not in found:
            continue
        if found == {site_domain}:
            Path(address).unlink()
            deleted.append(address)
        else:
            kept.append(address)
    for folder in sorted({Path(address).parent for address in deleted}, reverse=True):
        if folder != Path(exports) and not any(folder.iterdir()):
            folder.rmdir()
    return deleted, kept


@contextlib.contextmanager
def _site_keys(connection: duckdb.DuckDBPyConnection, site_domain: str) -> Iterator[None]:
    """The site's files and links as temporary tables, for the tables that know a site only by them."""
    connection.execute(
        "CREATE TEMP TABLE site_files AS SELECT file_id FROM ingest.export_files WHERE site_domain = $site",
        {"site": site_domain},
    )
    with_links = [
        f"SELECT CAST(link_id AS VARCHAR) AS link_id FROM {declared.name} WHERE {condition_of(declared)}"  # noqa: S608 - declared names
        for declared in stored_tables()
        if "link_id" in declared.column_names and not {"site_domain", "file_id"}.isdisjoint(declared.column_names)
    ]
    query = " UNION ".join(with_links)
    connection.execute(f"CREATE TEMP TABLE site_links AS {query}", _values(query, site_domain))
    yield
    connection.execute("DROP TABLE IF EXISTS site_files; DROP TABLE IF EXISTS site_links")


def _count(connection: duckdb.DuckDBPyConnection, site_domain: str) -> dict[str, int]:
    counts = {}
    for declared in stored_tables():
        query = f"SELECT count(*) FROM {declared.name} WHERE {condition_of(declared)}"  # noqa: S608 - declared names
        counts[declared.name] = connection.execute(query, _values(query, site_domain)).fetchall()[0][0]
    return {name: count for name, count in counts.items() if count}


def _values(query: str, site_domain: str) -> dict[str, str] | None:
    return {"site": site_domain} if "$site" in query else None
