"""Which exports are new, and reading them: in batches under Airflow, all at once from the command line."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from penalty_radar.clock import now
from transforms.settings import Settings


def list_batches(settings: Settings, feed: str, *, site: str | None = None) -> list[list[str]]:
    """Paths of the feed's files that the ledger does not know, in batches of ``settings.batch_size``.

    With ``site``, only files that speak of that site.
    """
    from transforms.ingest.inbox import discover, is_known
    from transforms.warehouse import open_writer

    found = discover(settings.exports, mappings=settings.mappings)
    arrived = [file for file in found if file.feed == feed and site in (None, file.site_domain)]
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        new = [file.path for file in arrived if not is_known(connection, file)]
    size = settings.batch_size
    return [new[start : start + size] for start in range(0, len(new), size)]


def ingest_paths(
    settings: Settings,
    paths: Collection[str] | None = None,
    *,
    given_site: str | None = None,
    format_name: str | None = None,
    complete: bool = False,
    watch: Callable[[Sequence[Any]], Iterable[Any]] = iter,
) -> list[Any]:
    """Read the files at ``paths`` (default: every file below ``settings.exports``), each in its own transaction.

    ``given_site`` is the site all of them speak of, whatever folders and content say; ``complete`` declares all of
    them complete. ``watch`` gives the files on one by one, so that it can show how far they are. The bundled calendar
    of search updates is read first, and is not among the outcomes.
    """
    from transforms.ingest.inbox import bundled_calendar, discover
    from transforms.pipeline import ingest_file
    from transforms.warehouse import open_writer

    found = discover(
        settings.exports, site=given_site, format_name=format_name, mappings=settings.mappings, complete=complete
    )
    arrived = [file for file in found if paths is None or file.path in paths]
    # An export without a day of its own is dated by what the ledger knows of its site by then.
    arrived.sort(key=lambda file: (not file.is_dated, file.path))
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        ingest_file(connection, bundled_calendar(), ingested_at=now())
        return [ingest_file(connection, file, ingested_at=now()) for file in watch(arrived)]


def ingest_batch(settings: Settings, paths: Collection[str]) -> dict[str, Any]:
    """Read one batch as :func:`list_batches` gave it; returns counts and the newest day of its files."""
    outcomes = ingest_paths(settings, frozenset(paths))
    return {
        "files": len(outcomes),
        "loaded": sum(outcome.status == "loaded" for outcome in outcomes),
        "set_aside": sum(outcome.status == "set_aside" for outcome in outcomes),
        "rows": sum(outcome.loaded_count for outcome in outcomes),
        "rejected": sum(outcome.rejected_count for outcome in outcomes),
        "day": _newest(outcome.exported_on for outcome in outcomes if outcome.status == "loaded"),
    }


def summarise_feed(settings: Settings, feed: str, summaries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One summary of a feed's night, for the asset event; its day is the newest of the whole warehouse.

    ``read_until`` (UTC, ISO text) is when the newest file of the feed was loaded, by this run or before; None when none
    was. It tells data that were read and never announced from those that were.
    """
    from transforms.pipeline import default_as_of, read_until
    from transforms.warehouse import open_writer

    given = list(summaries)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        day, newest = default_as_of(connection), read_until(connection, feed)
    totals = {
        name: sum(summary[name] for summary in given) for name in ("files", "loaded", "set_aside", "rows", "rejected")
    }
    return {
        "feed": feed,
        "day": day.isoformat() if day else None,
        "read_until": newest.isoformat() if newest else None,
        **totals,
    }


def _newest(days: Iterable[datetime.date | None]) -> str | None:
    known = [day for day in days if day is not None]
    return max(known).isoformat() if known else None
