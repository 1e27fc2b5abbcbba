"""Messages to people: what is in the outbox goes out through channels, while nobody waits for the warehouse.

The warehouse is open for planning and writing, closed while browsers draw and servers answer, and open again for a
moment to note each outcome.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from penalty_radar.clock import now
from penalty_radar.connections import Connections, environment_connection
from transforms.settings import PREFIX, Settings

if TYPE_CHECKING:
    import duckdb

    from reports.alert_rows import Alert
    from reports.audiences import Audience
    from reports.channels import Credentials
    from reports.digest import Draft
    from reports.message_plan import Message, OutboxParameters

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
    from reports.channels import send_letter
    from reports.letters import draw_figures, make_letter
    from reports.outbox import note_outcome, plan_messages, take_due
    from reports.pictures import draw_pictures
    from transforms.warehouse import open_writer

    at = at or now()
    credentials = read_channel(connections)
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        audiences, lines = _find_reachable(connection, settings, credentials)
        parameters = _parameters(settings)
        plan_messages(connection, audiences, now=at, parameters=parameters)
        due = take_due(connection, audiences, now=at, parameters=parameters)
        plan_messages(connection, audiences, now=at, parameters=parameters)  # the digests after those taken
        drafts = [_draft(connection, settings, message) for message in due]
        figures = draw_figures(connection, drafts) if settings.picture_seconds else {}
    pictures, problem = draw_pictures(figures, most_seconds=settings.picture_seconds)
    for draft in drafts:
        letter = make_letter(draft, figures, pictures, problem, settings.picture_seconds)
        audience = draft.message.audience
        error = send_letter(letter, audience.recipient, credentials(audience.channel))
        with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
            note_outcome(connection, draft.message, subject=draft.subject, error=error, at=now())
        lines.append(_say_outcome(draft, error, settings.language))
    return lines


def preview_messages(
    settings: Settings, *, connections: Connections = environment_connection, at: datetime.datetime | None = None
) -> list[str]:
    """What would go to whom and when, with its text; nothing is written or sent."""
    from reports.letters import render_text
    from reports.messages import say
    from reports.outbox import plan_messages
    from transforms.warehouse import open_writer

    at = at or now()
    with open_writer(settings.warehouse, timeout_seconds=settings.lock_timeout_seconds) as connection:
        audiences, lines = _find_reachable(connection, settings, read_channel(connections))
        for message in plan_messages(connection, audiences, now=at, parameters=_parameters(settings), is_kept=False):
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

    It goes out at once and past the outbox: the warehouse may be what is broken.
    """
    from reports.channels import Letter, send_letter
    from reports.letters import render_notice
    from reports.messages import say

    if settings.team_channel is None:
        return "no team_channel"
    language = settings.language
    place = say("message.failure.task", language, task=task) if task else ""
    text = say("message.failure", language, dag=dag, run=run, task=place)
    letter = Letter(
        message_id=f"{dag}-{run}",
        subject=say("message.failure.subject", language, dag=dag),
        text=text,
        html=render_notice(text, language),
    )
    return send_letter(letter, settings.team_channel, read_channel(connections)(settings.team_channel))


def _parameters(settings: Settings) -> OutboxParameters:
    from reports.message_plan import OutboxParameters

    first, _, last = settings.quiet_hours.partition("-")
    return OutboxParameters(
        digest_hour=settings.digest_hour,
        quiet_from=int(first) if first else None,
        quiet_until=int(last or 0),
        manual_action_wakes=settings.manual_action_wakes,
    )


def _find_reachable(
    connection: duckdb.DuckDBPyConnection, settings: Settings, credentials: Credentials
) -> tuple[list[Audience], list[str]]:
    """The audiences whose channel is set up here, and a line for each recipient whose channel is not."""
    from reports.audiences import read_audiences
    from reports.messages import say

    audiences = read_audiences(
        connection, team_channel=settings.team_channel, language=settings.language, time_zone=settings.time_zone
    )
    is_set_up = {name: credentials(name) is not None for name in {audience.channel for audience in audiences}}
    missing = {audience.recipient: audience.channel for audience in audiences if not is_set_up[audience.channel]}
    lines = [
        say("message.unreachable", settings.language, recipient=recipient, channel=channel, upper=channel.upper())
        for recipient, channel in sorted(missing.items())
    ]
    reachable = [audience for audience in audiences if is_set_up[audience.channel]]
    return reachable, lines if reachable or lines else [say("message.nobody", settings.language)]


def _say_outcome(draft: Draft, error: str | None, language: str) -> str:
    from reports.messages import say

    key = "message.outcome.sent" if error is None else "message.outcome.failed"
    recipient, count = draft.message.audience.recipient, draft.message.attempt_count
    return say(key, language, recipient=recipient, subject=draft.subject, error=error, count=count)


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
