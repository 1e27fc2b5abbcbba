"""Messages to people: what is in the outbox goes out through channels, while nobody waits for the warehouse.

The warehouse is open to read who is told, closed while channels are looked up, open for planning and writing, closed
while browsers draw and servers answer, and open again for a moment to note each outcome. Where another process writes
just then, what became of a message is noted with a later one.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from penalty_radar.clock import now
from penalty_radar.connections import Connections, environment_connection
from transforms.errors import WarehouseError
from transforms.settings import PREFIX, Settings

if TYPE_CHECKING:
    import duckdb

    from reports.alert_rows import Alert
    from reports.audiences import Audience
    from reports.channels import Credentials, Letter
    from reports.digest import Draft
    from reports.message_plan import Message, OutboxParameters

FAILURE_HOURS = 6
"""Hours in which a task that goes on failing is told once: messages go out every quarter of an hour."""

CONNECTION_PREFIX = "penalty_radar_"
"""An Airflow connection of this and the channel's name holds its URL as password."""


def read_channel(connections: Connections, environ: Mapping[str, str] | None = None) -> Credentials:
    """Where a channel's URL comes from: ``PENALTY_RADAR_CHANNEL_<NAME>``, else an Airflow connection's password."""
    environ = os.environ if environ is None else environ

    def read(name: str) -> str | None:
        if url := environ.get(f"{PREFIX}CHANNEL_{name.upper()}"):
            return url
        return connections(f"{CONNECTION_PREFIX}{name}").get("password") or None

    return read


def send_messages(
    settings: Settings, *, connections: Connections = environment_connection, at: datetime.datetime | None = None
) -> list[str]:
    """Plan what people are to be told, send what is due, and note what became of it; returns a line for each.

    A message that is not taken is tried again by a later call. ``at`` is now (UTC).
    """
    from reports.letters import draw_figures, make_letter
    from reports.outbox import plan_messages, take_due
    from reports.pictures import draw_pictures
    from transforms.warehouse import open_writer

    at = at or now()
    credentials = functools.cache(read_channel(connections))
    audiences, unreachable, lines = _find_reachable(settings, credentials)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        parameters = _parameters(settings)
        lines += _say_unheard(connection, settings, [*audiences, *unreachable], at)
        plan = functools.partial(
            plan_messages, connection, audiences, now=at, parameters=parameters, unreachable=unreachable
        )
        plan()
        due = take_due(connection, audiences, now=at, parameters=parameters)
        plan()  # the digests after those taken
        drafts, outcomes = _write_drafts(connection, settings, due)
        figures = draw_figures(connection, drafts) if settings.picture_seconds else {}
    drawable = {chart: figure for chart, figure in figures.items() if figure is not None}
    pictures, problem = draw_pictures(drawable, most_seconds=settings.picture_seconds)
    if len(drawable) < len(figures):
        problem = problem or "failed"
    make = functools.partial(
        make_letter, wanted=figures, drawn=pictures, problem=problem, most_seconds=settings.picture_seconds
    )
    noted_count = 0
    for draft in drafts:
        outcomes.append(_send(draft, make, credentials))
        with contextlib.suppress(WarehouseError):  # busy: kept, and noted with a later one
            noted_count += _note(settings, outcomes[noted_count:], wait_seconds=0)
    _note(settings, outcomes[noted_count:], wait_seconds=settings.lock_timeout_seconds)
    return [*lines, *(_say_outcome(outcome, settings.language) for outcome in outcomes)]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a message; ``subject`` is None where it could not be put in words, ``error`` where it was sent."""

    message: Message
    subject: str | None
    error: str | None
    at: datetime.datetime


def _write_drafts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, due: Sequence[Message]
) -> tuple[list[Draft], list[Outcome]]:
    """The messages in words, and what is wrong with those that cannot be put in words."""
    drafts, outcomes = [], []
    for message in due:
        try:
            drafts.append(_draft(connection, settings, message))
        except Exception as error:  # whatever is wrong with one alert, the others are told
            outcomes.append(Outcome(message=message, subject=None, error=type(error).__name__, at=now()))
    return drafts, outcomes


def _send(draft: Draft, make: Callable[[Draft], Letter], credentials: Credentials) -> Outcome:
    from reports.channels import send_letter

    audience = draft.message.audience
    try:
        error = send_letter(make(draft), audience.recipient, credentials(audience.channel))
    except Exception as problem:  # whatever is wrong with one message, the others go out
        error = type(problem).__name__
    return Outcome(message=draft.message, subject=draft.subject, error=error, at=now())


def _note(settings: Settings, outcomes: Sequence[Outcome], *, wait_seconds: float) -> int:
    """Note them; returns how many that were.

    Raises:
        WarehouseError: another process still writes after that wait.
    """
    from reports.outbox import note_outcome
    from transforms.warehouse import open_writer

    if outcomes:
        with open_writer(settings.warehouse, timeout_seconds=wait_seconds) as connection:
            for outcome in outcomes:
                note_outcome(connection, outcome.message, subject=outcome.subject, error=outcome.error, at=outcome.at)
    return len(outcomes)


def preview_messages(
    settings: Settings, *, connections: Connections = environment_connection, at: datetime.datetime | None = None
) -> list[str]:
    """What would go to whom and when, with its text; nothing is written or sent."""
    from reports.letters import render_text
    from reports.messages import say
    from reports.outbox import plan_messages
    from transforms.warehouse import open_writer

    at = at or now()
    audiences, unreachable, lines = _find_reachable(settings, read_channel(connections))
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        lines += _say_unheard(connection, settings, [*audiences, *unreachable], at)
        planned = plan_messages(
            connection, audiences, now=at, parameters=_parameters(settings), unreachable=unreachable, is_kept=False
        )
        for message in planned:
            draft = _draft(connection, settings, message)
            due = f"{message.due_at:%Y-%m-%d %H:%M}"
            recipient = message.audience.recipient
            lines.append(
                say(
                    "message.preview",
                    settings.language,
                    due=due,
                    kind=message.kind,
                    recipient=recipient,
                    subject=draft.subject,
                )
            )
            lines += [f"    {line}".rstrip() for line in render_text(draft).splitlines()]
    return lines


def tell_failure(settings: Settings, dag: str, run: str, task: str | None, *, connections: Connections) -> str | None:
    """Tell the team that a run of a DAG failed; in a few words why it could not be told, None when it was.

    It goes out at once and past the outbox: the warehouse may be what is broken. A task that goes on failing is told
    once in :data:`FAILURE_HOURS`, however often its DAG runs.
    """
    from reports.channels import Letter, send_letter
    from reports.letters import render_notice
    from reports.messages import say

    if settings.team_channel is None:
        return "no team_channel"
    told = settings.state / "told_failures" / f"{dag}.{task or 'run'}"
    if told.is_file() and time.time() - told.stat().st_mtime < FAILURE_HOURS * 3600:
        return f"told less than {FAILURE_HOURS} hours ago"
    language = settings.language
    place = say("message.failure.task", language, task=task) if task else ""
    text = say("message.failure", language, dag=dag, run=run, task=place)
    letter = Letter(
        message_id=f"{dag}-{run}",
        subject=say("message.failure.subject", language, dag=dag),
        text=text,
        html=render_notice(text, language),
    )
    error = send_letter(letter, settings.team_channel, read_channel(connections)(settings.team_channel))
    if error is None:
        told.parent.mkdir(parents=True, exist_ok=True)
        told.touch()
    return error


def _parameters(settings: Settings) -> OutboxParameters:
    from reports.message_plan import OutboxParameters

    first, _, last = settings.quiet_hours.partition("-")
    return OutboxParameters(
        digest_hour=settings.digest_hour,
        quiet_from=int(first) if first else None,
        quiet_until=int(last or 0),
        manual_action_wakes=settings.manual_action_wakes,
    )


def _find_reachable(settings: Settings, credentials: Credentials) -> tuple[list[Audience], list[Audience], list[str]]:
    """The audiences whose channel is set up here, those whose is not, and a line for each recipient of these.

    The warehouse is closed before channels are looked up: a store of secrets may be slow.
    """
    from reports.audiences import read_audiences
    from reports.messages import say
    from transforms.warehouse import open_writer

    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        audiences = read_audiences(
            connection, team_channel=settings.team_channel, language=settings.language, time_zone=settings.time_zone
        )
    is_set_up = {name: credentials(name) is not None for name in {audience.channel for audience in audiences}}
    unreachable = [audience for audience in audiences if not is_set_up[audience.channel]]
    missing = {audience.recipient: audience.channel for audience in unreachable}
    lines = [
        say("message.unreachable", settings.language, recipient=recipient, channel=channel, upper=channel.upper())
        for recipient, channel in sorted(missing.items())
    ]
    reachable = [audience for audience in audiences if is_set_up[audience.channel]]
    return reachable, unreachable, lines if reachable or lines else [say("message.nobody", settings.language)]


def _say_unheard(
    connection: duckdb.DuckDBPyConnection, settings: Settings, audiences: Sequence[Audience], at: datetime.datetime
) -> list[str]:
    """A line where alerts are nobody's, as those of no single site are without ``team_channel``."""
    from reports.messages import say
    from reports.outbox import count_unheard

    count = count_unheard(connection, audiences, now=at, parameters=_parameters(settings))
    return [say("message.unheard", settings.language, count=count)] if count and audiences else []


def _say_outcome(outcome: Outcome, language: str) -> str:
    from reports.messages import say

    key = "message.outcome.sent" if outcome.error is None else "message.outcome.failed"
    recipient, count = outcome.message.audience.recipient, outcome.message.attempt_count
    subject = outcome.subject or outcome.message.kind
    return say(key, language, recipient=recipient, subject=subject, error=outcome.error, count=count)


def _draft(connection: duckdb.DuckDBPyConnection, settings: Settings, message: Message) -> Draft:
    from reports.alert_links import link_alert
    from reports.digest import write_draft

    def link(alert: Alert) -> str | None:
        return link_alert(
            connection,
            alert,
            report=settings.report,
            report_url=settings.report_url,
            language=message.audience.language,
        )

    return write_draft(connection, message, link=link)
