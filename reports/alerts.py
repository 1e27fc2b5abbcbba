"""Alerts: raised once per finding and step, never lost, and an all-clear when the finding is over.

The order is: write the alerts and commit, tell people, note that they were told. ``last_notified_at`` is null in
between, so a run that dies while telling leaves alerts that the next run tells (:func:`tell_people` does all three).
Telling twice does no harm: the alerts file knows the ids it holds.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from reports.alert_clearing import find_cleared, read_open_told
from reports.alert_delivery import deliver_alerts, name_check, say_alert
from reports.alert_events import find_lost_batches, find_manual_actions, find_networks
from reports.alert_feeds import find_held_back, find_stale_feeds, held_back_on, is_broken_on
from reports.alert_findings import Finding, find_drops, find_pairs, find_surges
from reports.alert_news import RANKS, Row, Told, as_told, is_history, read_missed, read_rows, read_told
from reports.alert_outages import fold_outages
from reports.alert_parameters import AlertParameters
from reports.alert_rows import OF_NO_SITE, Alert, insert_alert, name_alert, read_alerts, read_untold
from reports.alert_statuses import update_statuses
from reports.decisions import apply_decisions, take_over_decisions
from transforms.ingest.listed_sites import unlisted_sites

__all__ = [
    "OF_NO_SITE",
    "Alert",
    "deliver_alerts",
    "find_new_alerts",
    "held_back_on",
    "mark_notified",
    "name_check",
    "raise_alerts",
    "say_alert",
    "tell_people",
]

DEFAULTS = AlertParameters()


def tell_people(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime.date,
    held_back: frozenset[str] | None = None,
    raised_at: datetime.datetime,
    file: Path,
    language: str,
    echo: Callable[[str], None],
) -> list[Alert]:
    """Raise what is new, tell people on the console and in ``file``, and note that they were told.

    Returns what was told: the new alerts and those a broken-off run had left untold.
    """
    alerts = raise_alerts(connection, as_of=as_of, held_back=held_back, raised_at=raised_at)
    deliver_alerts(alerts, file=file, language=language, echo=echo)
    mark_notified(connection, alerts, notified_at=raised_at)
    return alerts


def raise_alerts(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime.date,
    held_back: frozenset[str] | None = None,
    raised_at: datetime.datetime,
) -> list[Alert]:
    """Write the alerts of a night, say which older ones are over, take over what the team decided, and commit.

    Returns every alert people are to be told of, most urgent first: the new ones, the all-clears, and those whose
    delivery broke off or whose silence ended (:func:`reports.alert_rows.read_untold`). Call :func:`mark_notified` once
    they were delivered, or they come back. A second run raises nothing new; a repeated or backfilled night
    (:func:`reports.alert_news.is_history`) raises nothing. A night on which the warehouse itself broke tells only that,
    and which feeds are late: nothing is opened or closed by what is half worked out.

    Args:
        connection: one that may write, outside any transaction.
        as_of: the night, already checked, and assessed as far as the checks let it.
        held_back: sites whose findings are not to be trusted tonight; only that they are held back is told. None =
            those that the night's outcomes hold back (:func:`reports.alert_feeds.held_back_on`).
        raised_at: now (UTC).
    """
    held_back = held_back_on(connection, as_of) if held_back is None else held_back
    connection.begin()
    try:
        for alert in find_new_alerts(connection, as_of=as_of, held_back=held_back, raised_at=raised_at):
            insert_alert(connection, alert)
        take_over_decisions(connection)
        apply_decisions(connection)
        if not (is_history(connection, as_of, late_days=DEFAULTS.late_days) or is_broken_on(connection, as_of)):
            were_open = read_open_told(connection)
            update_statuses(connection, as_of, held_back)
            for alert in list(find_cleared(connection, were_open, as_of=as_of, raised_at=raised_at)):
                insert_alert(connection, alert)
        untold = read_untold(connection, on=raised_at.date())
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return untold


def find_new_alerts(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime.date,
    held_back: Collection[str] | None = None,
    raised_at: datetime.datetime,
    parameters: AlertParameters = DEFAULTS,
) -> list[Alert]:
    """The alerts that :func:`raise_alerts` would raise, most urgent first; writes nothing (a dry run)."""
    if is_history(connection, as_of, late_days=parameters.late_days):
        return []
    held_back = held_back_on(connection, as_of) if held_back is None else held_back
    silent = unlisted_sites(connection) | frozenset(held_back)
    keys = {row["dedupe_key"] for row in read_rows(connection, "SELECT dedupe_key FROM reports.alerts")}
    people = {row["site_domain"]: row for row in read_rows(connection, "SELECT * FROM ingest.listed_sites")}
    told, missed = read_told(connection), read_missed(connection, as_of)
    by_thing = _what_was_told(told)
    found: list[Finding] = [*find_held_back(connection, as_of, parameters), *find_stale_feeds(connection, parameters)]
    if not is_broken_on(connection, as_of):
        found += [
            *find_manual_actions(connection, as_of, told, parameters),
            *find_surges(connection, as_of, told, missed, parameters),
            *find_drops(connection, as_of, told, missed, parameters),
            *find_pairs(connection, as_of, told, missed, parameters),
            *find_lost_batches(connection, as_of, told, parameters),
            *find_networks(connection, as_of, told, parameters),
        ]

    def to_tell(findings: Iterable[Finding]) -> list[Alert]:
        return [
            _alert(finding, people, as_of, raised_at)
            for finding in findings
            if finding.dedupe_key not in keys
            and (finding.kind == "held_back" or finding.site_domain not in silent)
            and not _is_cooling(finding, by_thing, as_of, parameters)
        ]

    alerts = to_tell(found)
    outages = read_alerts(connection, "kind = 'outage' AND step <> 'cleared' AND is_open")
    folded = fold_outages(alerts, outages, parameters)
    while any(alert.told_in for alert in folded):  # what is folded hides no other drop of its site
        known = [*told, *(as_told(vars(alert)) for alert in folded)]
        hidden = to_tell(find_drops(connection, as_of, known, missed, parameters))
        if not hidden:
            break
        alerts += hidden
        folded = fold_outages(alerts, outages, parameters)
    return sorted(folded, key=lambda alert: alert.urgency)


def mark_notified(
    connection: duckdb.DuckDBPyConnection, alerts: Sequence[Alert], *, notified_at: datetime.datetime
) -> None:
    """Note that people were told of ``alerts``."""
    connection.execute(
        "UPDATE reports.alerts SET last_notified_at = $notified_at WHERE list_contains($alert_ids, alert_id)",
        {"notified_at": notified_at, "alert_ids": ["", *(alert.alert_id for alert in alerts)]},
    )


def _alert(finding: Finding, people: Mapping[str, Row], as_of: datetime.date, raised_at: datetime.datetime) -> Alert:
    site = people.get(finding.site_domain, {})
    return Alert(
        alert_id=name_alert(finding.dedupe_key),
        dedupe_key=finding.dedupe_key,
        site_domain=finding.site_domain,
        owner=site.get("owner"),
        group_name=site.get("group_name"),
        kind=finding.kind,
        step=finding.step,
        severity=finding.severity,
        is_page=finding.is_page,
        finding_id=finding.finding_id,
        message_key=finding.message_key,
        arguments=finding.arguments,
        as_of=as_of,
        raised_at=raised_at,
    )


def _is_cooling(
    finding: Finding, told: Mapping[object, list[Told]], as_of: datetime.date, parameters: AlertParameters
) -> bool:
    """Whether the same thing of the site was told so lately that this waits; what is more urgent never waits."""
    if finding.step != "new" or finding.is_page:
        return False
    since = as_of - datetime.timedelta(days=parameters.cooldown_days)
    return any(
        since < earlier.as_of < as_of and RANKS[earlier.severity] >= RANKS[finding.severity]
        for earlier in told.get((finding.site_domain, finding.kind, finding.about), ())
    )


def _what_was_told(told: Sequence[Told]) -> dict[object, list[Told]]:
    """By site, kind and what it was about (see :attr:`reports.alert_findings.Finding.about`)."""
    by_thing: dict[object, list[Told]] = {}
    for earlier in told:
        if earlier.is_folded and earlier.kind == "drop":
            continue
        about = {"surge": "origin", "batch_lost": "provider", "stale_feed": "provider"}.get(earlier.kind)
        named = earlier.arguments[about] if about else ""
        if earlier.kind in ("held_back", "network"):
            named = earlier.finding_id
        by_thing.setdefault((earlier.site_domain, earlier.kind, named), []).append(earlier)
    return by_thing
