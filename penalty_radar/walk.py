"""The walk for one day: ingest, then stage and check in turn, then alerts, report and the published snapshot.

Every function here is one Airflow task and one step of ``penalty-radar run``; both call the same code, one to one.
Arguments and results are plain and JSON-able, so that a task can hand them on.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from penalty_radar.as_of import assessed_day, choose_as_of
from penalty_radar.clock import now
from penalty_radar.delivery import preview_messages, send_messages, tell_failure
from penalty_radar.intake import ingest_batch, ingest_paths, list_batches, summarise_feed
from penalty_radar.steps import Steps
from transforms.errors import GateBrokenError, UsageError
from transforms.settings import Settings, load_settings
from transforms.stages import ASSESSED_STAGES, INGEST, SIGNALS

__all__ = [
    "CHECKOUT",
    "WalkResult",
    "assessed_day",
    "build_report",
    "check_stage",
    "choose_as_of",
    "decide_alert",
    "ingest_batch",
    "ingest_paths",
    "list_batches",
    "list_open_alerts",
    "list_sites",
    "load",
    "preview_alerts",
    "preview_messages",
    "publish",
    "raise_alerts",
    "run_stage",
    "run_walk",
    "send_messages",
    "silence_alerts",
    "summarise_feed",
    "tell_failure",
]

CHECKOUT = Path(__file__).parent.parent


@dataclass(frozen=True)
class WalkResult:
    """What a whole walk gave."""

    as_of: datetime.date
    files: list[Any]
    held_back: list[str]
    alerts: list[Any]
    index: Path
    sites: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings for this checkout, from the environment and ``penalty_radar.toml``.

    A public suffix list that they name is in use from here on.
    """
    settings = load_settings(os.environ if environ is None else environ, CHECKOUT)
    if settings.public_suffix_list is not None:
        from transforms.ingest.hosts import use_suffix_list

        use_suffix_list(settings.public_suffix_list)
    return settings


def list_sites(settings: Settings, *, as_of: str) -> dict[str, Any]:
    """Take over what sites.toml says, and work out which feeds are late on that day.

    Returns ``standings`` (see :func:`transforms.ingest.listed_sites.write_listed_sites`), ``problems`` (a sentence
    each) and ``stale_count``, the feeds that are late.

    Raises:
        UsageError: sites.toml cannot be read at all, or rules.toml has a fault: no stage has run yet.
    """
    from penalty_radar.rules_in_force import read_rules
    from transforms import pipeline
    from transforms.ingest.listed_sites import write_listed_sites
    from transforms.site_list import load_site_list
    from transforms.warehouse import open_writer, transaction

    read_rules(settings)
    site_list = load_site_list(settings.sites)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        with transaction(connection):
            standings = write_listed_sites(connection, site_list)
        pipeline.run_stage(connection, INGEST, as_of=datetime.date.fromisoformat(as_of))
        stale = connection.execute("SELECT count(*) FROM ingest.feeds WHERE is_stale").fetchall()[0][0]
    problems = [str(problem) for problem in site_list.problems]
    return {"standings": dict(standings), "problems": problems, "stale_count": stale}


def run_stage(
    settings: Settings, stage: str, *, as_of: str, site: str | None = None, held_back: Collection[str] = ()
) -> dict[str, int]:
    """Make the tables of one stage for one day; returns rows written by table. Unlisted sites stay as they are.

    Raises:
        UsageError: the stage is ``signals`` and rules.toml has a fault. Nothing is written.
    """
    from penalty_radar.rules_in_force import read_rules
    from transforms import pipeline
    from transforms.ingest.listed_sites import unlisted_sites
    from transforms.warehouse import open_writer

    rules = read_rules(settings) if stage == SIGNALS else None
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        outcomes = pipeline.run_stage(
            connection,
            stage,
            as_of=datetime.date.fromisoformat(as_of),
            sites=[site] if site else None,
            held_back=unlisted_sites(connection) | frozenset(held_back),
            rules=rules,
        )
    return {outcome.table_name: outcome.row_count for outcome in outcomes}


def check_stage(
    settings: Settings, stage: str, *, as_of: str, site: str | None = None, held_back: Collection[str] = ()
) -> list[str]:
    """Check the tables of one stage, of all sites or of ``site``; returns the sites held back so far, sorted.

    Raises:
        GateBrokenError: a minimum of the warehouse itself is broken; the walk must stop.
    """
    from expectations import runner
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        result = runner.check_stage(
            connection, stage, as_of=datetime.date.fromisoformat(as_of), sites=[site] if site else None
        )
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
    """Write the pages that changed; returns the path of the index.

    Sites that the night's checks hold back are held back here as well, whether or not they are given.
    """
    from reports.alerts import held_back_on
    from reports.build import build_report as build
    from reports.changes import record_night
    from transforms.warehouse import open_writer

    day = datetime.date.fromisoformat(as_of)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        record_night(connection, day)
        outcome = build(
            connection,
            settings.report,
            as_of=day,
            held_back=held_back_on(connection, day) | frozenset(held_back),
            missing_feeds=tuple(missing_feeds),
            language=settings.language,
            generated_at=now(),
        )
    return str(outcome.index)


def raise_alerts(settings: Settings, *, as_of: str, held_back: Collection[str] = ()) -> list[Any]:
    """Raise what is new and tell people; returns what was told. Sites held back as for :func:`build_report`."""
    from reports.alerts import held_back_on, tell_people
    from transforms.warehouse import open_writer

    day = datetime.date.fromisoformat(as_of)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        return tell_people(
            connection,
            as_of=day,
            held_back=held_back_on(connection, day) | frozenset(held_back),
            raised_at=now(),
            file=settings.alerts_file,
            language=settings.language,
            echo=print,
        )


def decide_alert(
    settings: Settings, alert_id: str, word: str, *, name: str, note: str | None = None, told_through: str = "command"
) -> str:
    """Note what a person says of an alert: acknowledged, handled (or right), false_alarm, or new.

    Returns which alert that was: its id, site and kind, and the word.

    Raises:
        UsageError: no such alert or word, or no name.
    """
    from reports.decisions import decide
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        alert = decide(connection, alert_id, word, name=name, note=note, decided_at=now(), told_through=told_through)
    return f"{alert.alert_id} {alert.site_domain} {alert.kind}: {word}"


def list_open_alerts(settings: Settings, *, site: str | None = None) -> list[dict[str, Any]]:
    """What waits for a decision, of all sites or of ``site``, most urgent first.

    Each with ``alert_id``, ``as_of``, ``site_domain``, ``kind``, ``owner`` and ``text``, the lines people were told.
    """
    from reports.alerts import say_alert
    from reports.decisions import read_open_alerts
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        found = read_open_alerts(connection)
    return [
        {
            "alert_id": alert.alert_id,
            "as_of": alert.as_of.isoformat(),
            "site_domain": alert.site_domain,
            "kind": alert.kind,
            "owner": alert.owner,
            "text": say_alert(alert, settings.language),
        }
        for alert in found
        if site is None or alert.site_domain == site
    ]


def silence_alerts(settings: Settings, subject: str, *, until: str, reason: str, name: str) -> str:
    """Silence a site, or the finding an alert is about, until the end of a day; returns what is silenced.

    Raises:
        UsageError: no such site or alert, no reason or name, or a day that is past or too far.
    """
    from reports.silences import silence
    from transforms.warehouse import open_writer

    try:
        day = datetime.date.fromisoformat(until)
    except ValueError as error:
        raise UsageError("--until", repr(until), "a date such as 2026-11-30", "Name the last day.") from error
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        made = silence(connection, subject, until_on=day, reason=reason, name=name, silenced_at=now())
    return f"{made.site_domain}{f', {made.kind} {made.finding_id}' if made.kind else ''}: until {made.until_on}"


def preview_alerts(settings: Settings, *, as_of: str) -> list[str]:
    """The sentences of the alerts that would be raised; nothing is written or sent."""
    from reports.alerts import find_new_alerts, say_alert
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        found = find_new_alerts(connection, as_of=datetime.date.fromisoformat(as_of), raised_at=now())
    return ["\n".join(say_alert(alert, settings.language)) for alert in found]


def publish(settings: Settings) -> str:
    """Swap in the snapshot that readers use; returns its path."""
    from transforms.warehouse import publish_snapshot

    return str(publish_snapshot(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds))


def run_walk(settings: Settings, *, as_of: str | None = None, site: str | None = None) -> WalkResult:
    """The whole walk without Airflow, a line per step.

    Raises:
        UsageError: sites.toml or rules.toml cannot be used; said before anything is read or written.
        GateBrokenError: a minimum of the warehouse itself is broken.
    """
    from penalty_radar.rules_in_force import read_rules
    from transforms.site_list import load_site_list

    load_site_list(settings.sites)
    read_rules(settings)
    steps = Steps(3 + 2 * len(ASSESSED_STAGES) + 4)
    with steps.step("ingest") as note:
        files = ingest_paths(settings)
        loaded = [file for file in files if file.status == "loaded" and not file.is_already_known]
        note(f"{len(files)} files, {len(loaded)} new, {sum(file.loaded_count for file in loaded):,} rows")
    day = choose_as_of(settings, as_of=as_of, site=site)
    with steps.step("sites") as note:
        sites = list_sites(settings, as_of=day)
        counted = Counter(sites["standings"].values())
        note(
            ", ".join([*(f"{count} {word}" for word, count in sorted(counted.items())), f"{sites['stale_count']} late"])
        )
    try:
        held_back, counts = _walk_stages(settings, steps, as_of=day, site=site)
    except GateBrokenError:
        _tell_broken(settings, steps, as_of=day)
        raise
    with steps.step("alert") as note:
        alerts = raise_alerts(settings, as_of=day, held_back=held_back)
        note(f"{len(alerts)} new")
    with steps.step("report"):
        index = build_report(settings, as_of=day, held_back=held_back)
    with steps.step("publish"):  # before the messages: one that fails leaves readers the new night all the same
        publish(settings)
    with steps.step("messages") as note:
        note("; ".join(send_messages(settings)))
    return WalkResult(
        as_of=datetime.date.fromisoformat(day),
        files=files,
        held_back=held_back,
        alerts=alerts,
        index=Path(index),
        sites=sites,
        counts=counts,
    )


def _tell_broken(settings: Settings, steps: Steps, *, as_of: str) -> None:
    """Tell people that the warehouse itself is broken; where that fails too, the step says so and the check is told."""
    with contextlib.suppress(Exception), steps.step("messages") as note:
        try:
            raise_alerts(settings, as_of=as_of)
            note("; ".join(send_messages(settings)))
        except Exception as problem:
            note(str(problem))
            raise


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
            held_back = check_stage(settings, stage, as_of=as_of, site=site, held_back=held_back)
            note(f"held back: {', '.join(held_back)}" if held_back else "")
    return held_back, counts
