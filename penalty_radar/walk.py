"""The walk for one day: ingest, then stage and check in turn, then report, alerts and the published snapshot.

Every function here is one Airflow task and one step of ``penalty-radar run``; both call the same code, one to one.
Arguments and results are plain and JSON-able, so that a task can hand them on.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from penalty_radar.steps import Steps
from transforms.errors import BadInputError, GateBrokenError, UsageError
from transforms.settings import Settings, load_settings
from transforms.stages import ASSESSED_STAGES, INGEST

CHECKOUT = Path(__file__).parent.parent
FEEDS = ("backlinks", "rankings")


@dataclass(frozen=True)
class WalkResult:
    """What a whole walk gave."""

    as_of: datetime.date
    files: list[Any]
    held_back: list[str]
    alerts: list[Any]
    index: Path
    counts: Mapping[str, int] = field(default_factory=dict)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings for this checkout, from the environment and ``penalty_radar.toml``."""
    return load_settings(os.environ if environ is None else environ, CHECKOUT)


def list_batches(settings: Settings, feed: str, *, site: str | None = None) -> list[list[str]]:
    """Paths of the feed's files that the ledger does not know, in batches of ``settings.batch_size``."""
    from transforms.ingest.inbox import discover, is_known
    from transforms.warehouse import open_writer

    arrived = [file for file in discover(settings.exports, site=site) if file.feed == feed]
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        new = [file.path for file in arrived if not is_known(connection, file)]
    size = settings.batch_size
    return [new[start : start + size] for start in range(0, len(new), size)]


def ingest_paths(
    settings: Settings,
    paths: Collection[str] | None = None,
    *,
    feed: str | None = None,
    site: str | None = None,
    format_name: str | None = None,
) -> list[Any]:
    """Read the files at ``paths`` (default: every file below ``settings.exports``), each in its own transaction.

    The bundled calendar of search updates is read first, and is not among the outcomes.
    """
    from transforms.ingest.inbox import bundled_calendar, discover
    from transforms.pipeline import ingest_file
    from transforms.warehouse import open_writer

    arrived = [
        file
        for file in discover(settings.exports, site=site, format_name=format_name)
        if (feed is None or file.feed == feed) and (paths is None or file.path in paths)
    ]
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        ingest_file(connection, bundled_calendar(), ingested_at=_now())
        return [ingest_file(connection, file, ingested_at=_now()) for file in arrived]


def ingest_batch(settings: Settings, feed: str, paths: Sequence[str], *, site: str | None = None) -> dict[str, Any]:
    """Read one batch; returns counts and the newest day the files speak of."""
    outcomes = ingest_paths(settings, frozenset(paths), feed=feed, site=site)
    return {
        "files": len(outcomes),
        "loaded": sum(outcome.status == "loaded" for outcome in outcomes),
        "set_aside": sum(outcome.status == "set_aside" for outcome in outcomes),
        "rows": sum(outcome.loaded_count for outcome in outcomes),
        "rejected": sum(outcome.rejected_count for outcome in outcomes),
        "day": _newest(outcome.exported_on for outcome in outcomes if outcome.status == "loaded"),
    }


def summarise_feed(settings: Settings, feed: str, summaries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One summary of a feed's night, for the asset event; its day is the newest of the whole warehouse."""
    from transforms.pipeline import default_as_of
    from transforms.warehouse import open_writer

    given = list(summaries)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        day = default_as_of(connection)
    totals = {
        name: sum(summary[name] for summary in given) for name in ("files", "loaded", "set_aside", "rows", "rejected")
    }
    return {"feed": feed, "day": day.isoformat() if day else None, **totals}


def choose_as_of(settings: Settings, *, as_of: str | None = None) -> str:
    """``as_of`` itself when it is a date, else the newest day of any export, as ISO text.

    Raises:
        UsageError: not a date. BadInputError: nothing has been read, so there is no day.
    """
    from transforms.pipeline import default_as_of
    from transforms.warehouse import open_writer

    if as_of:
        try:
            return datetime.date.fromisoformat(as_of).isoformat()
        except ValueError as error:
            raise UsageError(
                "as_of", repr(as_of), "a date such as 2026-11-15", "Give a day or leave it out."
            ) from error
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        newest = default_as_of(connection)
    if newest is None:
        raise BadInputError(
            settings.exports,
            "no export that could be read",
            "at least one backlink or ranking export",
            "See docs/sources.md for what is read, and `penalty-radar ingest` for what was set aside and why.",
        )
    return newest.isoformat()


def run_stage(
    settings: Settings, stage: str, *, as_of: str, site: str | None = None, held_back: Collection[str] = ()
) -> dict[str, int]:
    """Make the tables of one stage for one day; returns rows written by table."""
    from transforms import pipeline
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        outcomes = pipeline.run_stage(
            connection,
            stage,
            as_of=datetime.date.fromisoformat(as_of),
            sites=[site] if site else None,
            held_back=frozenset(held_back),
        )
    return {outcome.table_name: outcome.row_count for outcome in outcomes}


def check_stage(settings: Settings, stage: str, *, as_of: str, held_back: Collection[str] = ()) -> list[str]:
    """Check the tables of one stage; returns the sites held back so far, sorted.

    Raises:
        GateBrokenError: a minimum of the warehouse itself is broken; the walk must stop.
    """
    from expectations import runner
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        result = runner.check_stage(connection, stage, as_of=datetime.date.fromisoformat(as_of))
    if result.is_warehouse_broken:
        raise GateBrokenError(
            f"stage {stage}",
            f"broken: {', '.join(result.broken)}",
            "every minimum of the warehouse to hold",
            "Look at expectations.outcomes and expectations.failing_rows, mend the input and run again.",
        )
    return sorted(set(held_back) | result.held_back)


def build_report(
    settings: Settings, *, as_of: str, held_back: Collection[str] = (), missing_feeds: Sequence[str] = ()
) -> str:
    """Write the pages that changed; returns the path of the index."""
    from reports.build import build_report as build
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        outcome = build(
            connection,
            settings.report,
            as_of=datetime.date.fromisoformat(as_of),
            held_back=frozenset(held_back),
            missing_feeds=tuple(missing_feeds),
            language=settings.language,
            generated_at=_now(),
        )
    return str(outcome.index)


def raise_alerts(settings: Settings, *, as_of: str, held_back: Collection[str] = ()) -> list[Any]:
    """Raise what is new and tell people; returns what was told."""
    from reports.alerts import tell_people
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        return tell_people(
            connection,
            as_of=datetime.date.fromisoformat(as_of),
            held_back=frozenset(held_back),
            raised_at=_now(),
            file=settings.alerts_file,
            language=settings.language,
            echo=print,
        )


def preview_alerts(settings: Settings, *, as_of: str) -> list[str]:
    """The sentences of the alerts that would be raised; nothing is written or sent."""
    from reports.alerts import find_new_alerts, say_alert
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        found = find_new_alerts(
            connection, as_of=datetime.date.fromisoformat(as_of), held_back=frozenset(), raised_at=_now()
        )
    return ["\n".join(say_alert(alert, settings.language)) for alert in found]


def publish(settings: Settings) -> str:
    """Swap in the snapshot that readers use; returns its path."""
    from transforms.warehouse import publish_snapshot

    return str(publish_snapshot(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds))


def run_walk(settings: Settings, *, as_of: str | None = None, site: str | None = None) -> WalkResult:
    """The whole walk without Airflow, a line per step."""
    steps = Steps(2 + 2 * len(ASSESSED_STAGES) + 3)
    with steps.step("ingest") as note:
        files = ingest_paths(settings)
        loaded = [file for file in files if file.status == "loaded" and not file.is_already_known]
        note(f"{len(files)} files, {len(loaded)} new, {sum(file.loaded_count for file in loaded):,} rows")
    day = choose_as_of(settings, as_of=as_of)
    try:
        held_back, counts = _walk_stages(settings, steps, as_of=day, site=site)
    except GateBrokenError:
        raise_alerts(settings, as_of=day)  # people are told that the warehouse itself is broken
        raise
    with steps.step("report"):
        index = build_report(settings, as_of=day, held_back=held_back)
    with steps.step("alert") as note:
        alerts = raise_alerts(settings, as_of=day, held_back=held_back)
        note(f"{len(alerts)} new")
    with steps.step("publish"):
        publish(settings)
    return WalkResult(
        as_of=datetime.date.fromisoformat(day),
        files=files,
        held_back=held_back,
        alerts=alerts,
        index=Path(index),
        counts=counts,
    )


def _walk_stages(settings: Settings, steps: Steps, *, as_of: str, site: str | None) -> tuple[list[str], dict[str, int]]:
    """Every stage and its check; returns the sites held back and the rows written by table."""
    held_back: list[str] = []
    counts: dict[str, int] = {}
    for stage in (INGEST, *ASSESSED_STAGES):
        if stage != INGEST:
            with steps.step(stage) as note:
                rows = run_stage(settings, stage, as_of=as_of, site=site, held_back=held_back)
                counts |= rows
                note(", ".join(f"{name.split('.')[1]} {count:,}" for name, count in rows.items()))
        with steps.step(f"check {stage}") as note:
            held_back = check_stage(settings, stage, as_of=as_of, held_back=held_back)
            note(f"held back: {', '.join(held_back)}" if held_back else "")
    return held_back, counts


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def _newest(days: Iterable[datetime.date | None]) -> str | None:
    known = [day for day in days if day is not None]
    return max(known).isoformat() if known else None
