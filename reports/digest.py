"""What a message says: pages, the daily digest and the week, in the recipient's language.

A message about a group names that group's sites only. All is plain text here; :mod:`reports.letters` makes it up.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from reports.alert_delivery import say_headline, say_parts, say_severity
from reports.alert_news import read_rows
from reports.alert_rows import OF_NO_SITE, Alert, read_alerts
from reports.audiences import Audience
from reports.hit_rates import ALL, LEAST_HANDLED, HitRate
from reports.message_plan import Message
from reports.messages import say
from reports.outbox import count_silenced
from reports.silences import SILENCED

MOST_ITEMS = 25
"""Alerts told in full in one message: more is not read in a chat, and the rest stands on the pages."""
MOST_PICTURES = 3
"""Charts with one message: a chat shows them one below the other."""
MOST_WEEK_LINES = 10
"""Headlines under each word of the week."""
WEEK = datetime.timedelta(days=7)

Link = Callable[[Alert], str | None]
"""Where to read more about an alert: an address, or the path of a file; None where there is no page."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """An alert as a message tells it."""

    severity: str
    headline: str
    lines: tuple[str, ...]
    owner: str
    address: str | None

    @property
    def is_web_address(self) -> bool:
        """Whether the address can be opened by a click from anywhere."""
        return (self.address or "").startswith(("https://", "http://"))


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message in words, before it is made up."""

    message: Message
    subject: str
    lead: tuple[str, ...]
    items: tuple[Item, ...]
    sites: tuple[str, ...]
    """Sites of its alerts, the most urgent first."""
    week: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def language(self) -> str:
        """Language of the message."""
        return self.message.audience.language

    @property
    def pictured(self) -> tuple[tuple[str, str], ...]:
        """(site, language) of the charts it is to have, at most MOST_PICTURES."""
        sites = [site for site in self.sites if site != OF_NO_SITE]
        return tuple((site, self.language) for site in sites[:MOST_PICTURES])


def write_draft(connection: duckdb.DuckDBPyConnection, message: Message, *, link: Link) -> Draft:
    """The message in words, from what the warehouse says of its alerts and its sites."""
    language = message.audience.language
    alerts = read_alerts(connection, "list_contains($ids, a.alert_id)", ids=["", *message.alert_ids])
    told = alerts[:MOST_ITEMS]
    items = tuple(_write_item(alert, language, link(alert)) for alert in told)
    lead: list[str] = []
    if message.kind != "page":
        lead = _write_lead(connection, message, alerts)
    notes = [say("message.more", language, count=len(alerts) - len(told))] if len(alerts) > len(told) else []
    return Draft(
        message=message,
        subject=_write_subject(message, alerts),
        lead=tuple(lead),
        items=items,
        sites=tuple(dict.fromkeys(alert.site_domain for alert in told)),
        week=tuple(_write_week(connection, message)) if message.kind == "week" else (),
        notes=tuple(notes),
    )


def _write_item(alert: Alert, language: str, address: str | None) -> Item:
    owner = say("message.owner", language, owner=alert.owner) if alert.owner else say("message.owner.none", language)
    return Item(
        severity=say_severity(alert, language),
        headline=say_headline(alert, language),
        lines=tuple(say_parts(alert, language)),
        owner=owner,
        address=address,
    )


def _write_subject(message: Message, alerts: Sequence[Alert]) -> str:
    """One line; line ends in a name would begin a new header of an e-mail."""
    audience, language = message.audience, message.audience.language
    if message.kind != "page":
        about = audience.group_name or say("message.about.none", language)
        key = f"message.{message.kind}.subject" + ("" if alerts else ".empty")
        subject = say(key, language, about=about, day=audience.local(message.due_at).date(), count=len(alerts))
    elif len(alerts) == 1:
        severity, headline = say_severity(alerts[0], language), say_headline(alerts[0], language)
        subject = say("message.page.subject", language, severity=severity, headline=headline)
    else:
        names = dict.fromkeys(alert.site_domain for alert in alerts)
        sites = ", ".join(say("message.site.none", language) if name == OF_NO_SITE else name for name in names)
        severity = say_severity(alerts[0], language) if alerts else ""
        subject = say("message.page.subject.many", language, severity=severity, count=len(alerts), sites=sites)
    return " ".join(subject.split())


def _write_lead(connection: duckdb.DuckDBPyConnection, message: Message, alerts: Sequence[Alert]) -> list[str]:
    audience, language = message.audience, message.audience.language
    watched = _read_watched(connection, audience)
    key = "message.lead.new" if alerts else "message.lead.empty"
    told = {(alert.site_domain, alert.finding_id) for alert in alerts}
    still = [alert for alert in _read_open(connection, message) if (alert.site_domain, alert.finding_id) not in told]
    lines = [say(key, language, count=len(alerts), sites=watched["assessed"], until=watched["until"])]
    for name, count in (
        ("unassessed", watched["unassessed"]),
        ("open", len({(alert.site_domain, alert.finding_id) for alert in still})),
        ("silenced", count_silenced(connection, audience, on=message.due_at.date())),
    ):
        if count:
            lines.append(say(f"message.lead.{name}", language, count=count))
    return lines


def _read_watched(connection: duckdb.DuckDBPyConnection, audience: Audience) -> dict[str, object]:
    """How many of its sites (the team's: of all) the newest night assessed, and until when their data go."""
    rows = read_rows(
        connection,
        """
WITH watched AS (
  SELECT site_domain FROM ingest.listed_sites
  WHERE standing <> 'unlisted' AND ($is_team OR list_contains($sites, site_domain))
), assessed AS (
  SELECT DISTINCT site_domain FROM risk.site_risk
  WHERE day = (SELECT max(day) FROM risk.site_risk) AND site_domain IN (FROM watched)
)
SELECT (SELECT count(*) FROM assessed) AS assessed,
  (SELECT count(*) FROM watched WHERE site_domain NOT IN (FROM assessed)) AS unassessed,
  (SELECT max(exported_on) FROM ingest.export_files
    WHERE status = 'loaded' AND site_domain IN (FROM watched)) AS until
""",
        is_team=audience.is_team,
        sites=list(audience.sites),
    )
    return rows[0]


def _read_open(connection: duckdb.DuckDBPyConnection, message: Message) -> list[Alert]:
    """What goes on of what was told before, without what is silenced; newest alert of each finding last."""
    alerts = read_alerts(
        connection,
        f"is_open AND step <> 'cleared' AND told_in IS NULL AND status <> 'false_alarm' "
        f"AND list_contains($sites, a.site_domain) AND NOT {SILENCED.format(day='$today')}",
        sites=list(message.audience.sites),
        today=message.due_at.date(),
    )
    return [alert for alert in alerts if alert.alert_id not in message.alert_ids]


def _write_week(connection: duckdb.DuckDBPyConnection, message: Message) -> list[str]:
    """The group's week: what is new, goes on and is over, and how often its alerts were right."""
    audience, language = message.audience, message.audience.language
    since = message.due_at - WEEK
    lately = read_alerts(
        connection,
        "told_in IS NULL AND raised_at > $since AND raised_at <= $until AND list_contains($sites, a.site_domain)",
        since=since,
        until=message.due_at,
        sites=list(audience.sites),
    )
    lists = {
        "new": [alert for alert in lately if alert.step == "new"],
        "ongoing": [alert for alert in _read_open(connection, message) if alert.raised_at <= since],
        "closed": [alert for alert in lately if alert.step == "cleared"],
    }
    counts = {name: len(alerts) for name, alerts in lists.items()}
    day = (audience.local(message.due_at) - datetime.timedelta(days=1)).date()
    lines = [say("message.week.title", language, day=day), say("message.week.counts", language, **counts)]
    for name, alerts in lists.items():
        word = say(f"message.week.{name}", language)
        lines += [
            say("message.week.line", language, word=word, headline=say_headline(alert, language))
            for alert in alerts[:MOST_WEEK_LINES]
        ]
        if len(alerts) > MOST_WEEK_LINES:
            lines.append(say("message.week.more", language, count=len(alerts) - MOST_WEEK_LINES))
    return [*lines, _say_rate(_read_rate(connection, audience), language)]


def _read_rate(connection: duckdb.DuckDBPyConnection, audience: Audience) -> HitRate:
    rows = read_rows(
        connection,
        "SELECT count(*) AS handled_count, count(*) FILTER (status = 'false_alarm') AS false_alarm_count "
        "FROM reports.alerts WHERE status IN ('handled', 'false_alarm') AND list_contains($sites, site_domain)",
        sites=list(audience.sites),
    )
    return HitRate(kind=ALL, **rows[0])


def _say_rate(rate: HitRate, language: str) -> str:
    if rate.handled_count == 0:
        return say("message.week.rate.none", language)
    if rate.interval is None:
        return say(
            "message.week.rate.few", language, hits=rate.hit_count, handled=rate.handled_count, least=LEAST_HANDLED
        )
    low, high = rate.interval
    return say("message.week.rate", language, handled=rate.handled_count, rate=rate.rate, low=low, high=high)
