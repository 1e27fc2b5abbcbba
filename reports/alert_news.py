"""What is news of a night: found since people could last have heard of it, and not told yet, or worse than when told.

``detected_on`` is a replayed day: a site assessed once a month, skipped, held back or without new exports for a while
has findings that were never in time to be told. So news is judged against the last night on which the site was
assessed and not held back, and against the day until which its series was known then: what lies after that day and was
not listed that night is news, however long ago. A site without such a night has a baseline, which is not told.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

Row = dict[str, Any]

RANKS = {"info": 0, "warning": 1, "critical": 2}
"""How far up a severity is."""

ASSESSED_NIGHTS = """
SELECT as_of, site_domain FROM surges.assessed_series
UNION SELECT as_of, site_domain FROM drops.assessed_series
UNION SELECT day, site_domain FROM risk.site_risk
"""

_LAST_NIGHTS = f"""
SELECT site_domain, max(as_of) AS last_night_on FROM ({ASSESSED_NIGHTS}) AS nights
WHERE as_of < $as_of AND NOT EXISTS (
  SELECT 1 FROM expectations.outcomes AS o
  WHERE o.as_of = nights.as_of AND o.site_domain = nights.site_domain AND o.severity = 'minimum' AND NOT o.is_met
) AND NOT EXISTS (
  SELECT 1 FROM expectations.outcomes AS o
  WHERE o.as_of = nights.as_of AND o.site_domain = '*' AND o.severity = 'minimum' AND NOT o.is_met
)
GROUP BY site_domain
"""  # noqa: S608 - declared text only


@dataclass(frozen=True, kw_only=True)
class Told:
    """An alert raised before: what is needed to see whether a finding of tonight tells anything more."""

    kind: str
    finding_id: str
    site_domain: str
    severity: str
    is_page: bool
    is_provisional: bool
    is_folded: bool
    """Told within an alert of many sites only: nobody heard of this site's own."""
    is_over: bool
    """People were told since that it is over."""
    as_of: datetime.date
    arguments: Mapping[str, Any]
    """What its sentences named; days as ISO text."""

    def day(self, name: str) -> datetime.date:
        """The day named so in the sentences."""
        return datetime.date.fromisoformat(self.arguments[name])


def read_rows(connection: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[Row]:
    """Rows of ``query`` as dicts."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_told(connection: duckdb.DuckDBPyConnection) -> list[Told]:
    """Every alert ever raised, oldest first; what tells that something is over tells of no finding."""
    rows = read_rows(
        connection,
        """
SELECT a.*, EXISTS (
  SELECT 1 FROM reports.alerts AS c WHERE c.step = 'cleared' AND c.kind = a.kind AND c.site_domain = a.site_domain
    AND c.finding_id = a.finding_id AND c.raised_at >= a.raised_at
) AS is_over
FROM reports.alerts AS a WHERE step <> 'cleared' ORDER BY as_of, alert_id
""",
    )
    return [as_told(row | {"arguments": json.loads(row["arguments"])}) for row in rows]


def as_told(alert: Row) -> Told:
    """What the fields of an alert say of what people know."""
    return Told(
        kind=alert["kind"],
        finding_id=alert["finding_id"],
        site_domain=alert["site_domain"],
        severity=alert["severity"],
        is_page=alert["is_page"],
        as_of=alert["as_of"],
        is_provisional=alert["message_key"].endswith(".provisional"),
        is_folded=alert["told_in"] is not None,
        is_over=alert.get("is_over", False),
        arguments=alert["arguments"],
    )


def is_history(connection: duckdb.DuckDBPyConnection, as_of: datetime.date, *, late_days: int) -> bool:
    """Whether nobody is told of this night: it is repeated, or a backfill.

    A later night has been worked out, or exports more than ``late_days`` newer are loaded (those that only bear the
    day of a file's last modification tell nothing of when they were made). Nights after the newest export do not
    count: one run with a mistyped day would silence all real nights until then.
    """
    rows = connection.execute(
        f"""
WITH exports AS (
  SELECT max(exported_on) AS newest_on,
    max(CASE WHEN exported_on_source IS DISTINCT FROM 'file_modified' THEN exported_on END) AS newest_told_on
  FROM ingest.export_files WHERE status = 'loaded' AND site_domain IS NOT NULL
)
SELECT coalesce(newest_told_on > $as_of + $late_days, false) OR EXISTS (
  SELECT 1 FROM (SELECT as_of FROM ({ASSESSED_NIGHTS}) UNION SELECT as_of FROM reports.alerts) AS nights
  WHERE nights.as_of > $as_of AND nights.as_of <= exports.newest_on
) FROM exports
""",  # noqa: S608 - declared text only
        {"as_of": as_of, "late_days": late_days},
    ).fetchall()
    return bool(rows[0][0])


def read_missed(connection: duckdb.DuckDBPyConnection, as_of: datetime.date) -> list[str]:
    """Ids of tonight's surges and drops that were found after what was known on the site's last night, sorted."""
    surges = _missed("surges.link_surges", "surge_id", "surges.assessed_series", "origin", "detected_on")
    drops = _missed("drops.ranking_drops", "drop_id", "drops.assessed_series", "segment", "confirmed_on")
    rows = read_rows(connection, f"{surges} UNION {drops} ORDER BY finding_id", as_of=as_of)
    return [row["finding_id"] for row in rows]


def _missed(findings: str, id_name: str, assessed: str, split: str, told_on: str) -> str:
    # "least" passes over nulls: a series not tested that night was known until the night itself.
    return f"""
SELECT f.{id_name} AS finding_id
FROM {findings} AS f
JOIN ({_LAST_NIGHTS}) AS n ON n.site_domain = f.site_domain
LEFT JOIN {assessed} AS a ON a.as_of = n.last_night_on AND a.site_domain = f.site_domain
  AND a.provider = f.provider AND a.{split} = f.{split}
LEFT JOIN {findings} AS k ON k.as_of = n.last_night_on AND k.{id_name} = f.{id_name}
WHERE f.as_of = $as_of AND k.{id_name} IS NULL AND f.{told_on} > least(n.last_night_on, a.tested_until_on)
"""  # noqa: S608 - declared names only


def choose_news(rows: Sequence[Row], told: Sequence[Row], *, id_name: str, days: int) -> Iterator[Row]:
    """Rows to tell, strongest first, each with ``step``: None for a new finding, else what has changed since.

    Left out is what people know already: a finding told before, under whatever id (one that misses a night comes back
    with a new id), and one of another series (provider, segment) that lies within ``days`` of it, unless this one pages
    someone (``is_page``, false where a row has none) and the other did not, or is more than information and the other
    is not. What was told within an outage only (``is_folded``) hides no other series. A finding told before
    is told again once for each step up: ``confirmed`` when all that was told was provisional, ``worse`` when it is more
    urgent than anything told of it; and ``new`` when it was told within an outage and is something else by now
    (``is_apart``, false where a row has none), or when it goes on after people were told that it is over.

    Args:
        rows: findings of tonight, strongest first, with ``group`` (what must agree for two to be one event), ``series``
            (who says so), ``from_on``, ``until_on``, ``is_news``, ``is_active``, ``severity``, ``is_provisional``.
        told: alerts of the kind with ``finding_id``, ``group``, ``series``, ``from_on``, ``until_on``, ``severity``,
            ``is_provisional``, ``is_folded``, ``is_over``.
        id_name: column of ``rows`` with the id.
        days: distance within which two findings are one event.
    """
    listed = {row[id_name] for row in rows}
    by_id: defaultdict[str, list[Row]] = defaultdict(list)
    gone: defaultdict[object, list[Row]] = defaultdict(list)
    covered: defaultdict[object, list[Row]] = defaultdict(list)
    for alert in told:
        by_id[alert["finding_id"]].append(alert)
        if alert["finding_id"] not in listed:
            gone[alert["group"]].append(alert)
            if not alert["is_folded"]:
                covered[alert["group"]].append(alert)
    for row in rows:
        if own := [alert for alert in by_id.get(row[id_name], ()) if not alert["is_folded"]]:
            paged = row.get("is_page", False) or any(alert["is_page"] for alert in own)
            covered[row["group"]].append(row | {"is_page": paged})
    for row in rows:
        renamed = [one for one in gone[row["group"]] if one["series"] == row["series"] and _is_near(row, one, days)]
        if own := by_id[row[id_name]] + renamed:
            if row["is_active"] and (step := _step_up(row, own)):
                yield row | {"step": step}
        elif row["is_news"] and not any(
            other["series"] != row["series"] and _is_near(row, other, days) and not _outranks(row, other)
            for other in covered[row["group"]]
        ):
            covered[row["group"]].append(row)
            yield row | {"step": None}


def _outranks(row: Row, other: Row) -> bool:
    """Whether the row would be hidden by what is less: no page, or mere information, such as a tracker's own fall.

    Between a warning and what is critical two providers only differ in how deep they see one fall.
    """
    if RANKS[row["severity"]] > RANKS["info"] == RANKS[other["severity"]]:
        return True
    return bool(row.get("is_page", False) and not other.get("is_page", False))


def _is_near(row: Row, other: Row, days: int) -> bool:
    slack = datetime.timedelta(days=days)
    return bool(row["from_on"] <= other["until_on"] + slack and other["from_on"] <= row["until_on"] + slack)


def _step_up(row: Row, own: Sequence[Row]) -> str | None:
    if not row["is_provisional"] and all(alert["is_provisional"] for alert in own):
        return "confirmed"
    if RANKS[row["severity"]] > max(RANKS[alert["severity"]] for alert in own):
        return "worse"
    is_unheard = row.get("is_apart", False) and all(alert["is_folded"] for alert in own)
    if is_unheard or (row.get("recovered_on") is None and max(own, key=lambda alert: alert["as_of"])["is_over"]):
        return "new"
    return None
