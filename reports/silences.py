"""Silences: what people asked not to hear of for a while, with who, why and until when."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, replace

import duckdb

from reports.alert_news import read_rows
from transforms.errors import UsageError

SILENCED = """EXISTS (
  SELECT 1 FROM reports.silences AS s
  WHERE s.site_domain = a.site_domain AND coalesce(s.kind = a.kind, true)
    AND coalesce(s.finding_id = a.finding_id, true)
    AND {day} BETWEEN CAST(s.silenced_at AS DATE) AND s.until_on
)"""
"""Condition: a silence holds for the alert ``a`` on ``{day}``."""

LONGEST_DAYS = 92
"""Days a silence may last: longer than a quarter and nobody remembers it; whoever needs more says so again."""


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A row of reports.silences; without kind and finding all of the site is silenced."""

    silence_id: str
    site_domain: str
    kind: str | None
    finding_id: str | None
    until_on: datetime.date
    reason: str
    silenced_by: str
    silenced_at: datetime.datetime


def silence(
    connection: duckdb.DuckDBPyConnection,
    subject: str,
    *,
    until_on: datetime.date,
    reason: str,
    name: str,
    silenced_at: datetime.datetime,
) -> Silence:
    """Silence a site, or the finding an alert is about, until the end of a day; returns what was written.

    A day that is past ends the silence that holds: it was the last, and who ended it and why is added to the reason.

    Raises:
        UsageError: no such site or alert, no reason or name, a day that is too far, or one that is past where
            no silence holds. Nothing is written.
    """
    today = silenced_at.date()
    if not reason.strip() or not name.strip():
        raise UsageError("--reason and --name", "nothing", "why, and who says so", "Say both: the report shows them.")
    why = f"ended by {name.strip()}: {reason.strip()}"
    if until_on < today and (ended := _end_silence(connection, subject, until_on=until_on, why=why, today=today)):
        return ended
    if not today <= until_on <= today + datetime.timedelta(days=LONGEST_DAYS):
        raise UsageError(
            "--until",
            until_on.isoformat(),
            f"a day from {today} on, at most {LONGEST_DAYS} days ahead",
            "Name a nearer day; a silence can be said again.",
        )
    site_domain, kind, finding_id = _find_subject(connection, subject)
    said = f"{site_domain}:{kind}:{finding_id}:{name}:{silenced_at.isoformat()}"
    made = Silence(
        silence_id=hashlib.sha256(said.encode()).hexdigest()[:16],
        site_domain=site_domain,
        kind=kind,
        finding_id=finding_id,
        until_on=until_on,
        reason=reason.strip(),
        silenced_by=name.strip(),
        silenced_at=silenced_at,
    )
    row = vars(made)
    values = ", ".join(f"${column}" for column in row)
    connection.execute(f"INSERT INTO reports.silences ({', '.join(row)}) VALUES ({values})", row)  # noqa: S608 - field names
    return made


def _end_silence(
    connection: duckdb.DuckDBPyConnection, subject: str, *, until_on: datetime.date, why: str, today: datetime.date
) -> Silence | None:
    """End what holds today for exactly that subject; one of what was ended, None if nothing holds."""
    about = _find_subject(connection, subject)
    held = [s for s in read_silences(connection, on=today) if (s.site_domain, s.kind, s.finding_id) == about]
    ended = [replace(one, until_on=until_on, reason=f"{one.reason}; {why}") for one in held]
    for one in ended:
        connection.execute(
            "UPDATE reports.silences SET until_on = $until_on, reason = $reason WHERE silence_id = $silence_id",
            {"until_on": until_on, "reason": one.reason, "silence_id": one.silence_id},
        )
    return ended[0] if ended else None


def read_silences(connection: duckdb.DuckDBPyConnection, *, on: datetime.date) -> list[Silence]:
    """The silences that hold on that day, those that end first before the others."""
    rows = read_rows(
        connection,
        "SELECT * FROM reports.silences WHERE $today BETWEEN CAST(silenced_at AS DATE) AND until_on "
        "ORDER BY until_on, site_domain, silence_id",
        today=on,
    )
    return [Silence(**row) for row in rows]


def _find_subject(connection: duckdb.DuckDBPyConnection, subject: str) -> tuple[str, str | None, str | None]:
    """Site, kind and finding that ``subject``, a site or an alert_id, stands for."""
    alerts = connection.execute(
        "SELECT site_domain, kind, finding_id FROM reports.alerts WHERE alert_id = ?", [subject.lower()]
    ).fetchall()
    if alerts:
        site_domain, kind, finding_id = alerts[0]
        return site_domain, kind, finding_id
    sites = connection.execute(
        "SELECT site_domain FROM ingest.listed_sites WHERE site_domain = $site "
        "UNION SELECT site_domain FROM reports.alerts WHERE site_domain = $site",
        {"site": subject.lower()},
    ).fetchall()
    if not sites:
        raise UsageError(
            "SITE or ALERT",
            repr(subject),
            "a monitored site, or the alert_id of an alert that was raised",
            "See `penalty-radar site list` or the alerts file.",
        )
    return str(sites[0][0]), None, None
