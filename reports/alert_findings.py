"""Which findings of a night deserve an alert, and how urgent each is.

The rules, all in :class:`AlertParameters` and here:

* Only the present: a finding is told while it is active (``is_active``); a drop or pair besides only when it was found
  in the last 14 days. So a first load or a backfill is a baseline that is drawn, not alerted. One exception: when
  people were told of a drop, they are told later that links have become its likely explanation.
* Natural growth is earned and never alerts. Spam is worded as not of the site's doing: info, warning when it is big.
* Pair with verdict ``links_likely``: critical. Surge of a risky origin: warning; of unknown origin: info. Drop:
  warning, critical from half of the visibility. Held-back site: warning (whole warehouse: critical). Stale feed:
  warning.
* What two providers see is one alert: surges of one site and origin whose days lie within 7 days of each other, drops
  (and pairs) of one site that start within 7 days of each other. The strongest is told; the others count as told.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.schemas.vocabulary import RISKY_ORIGINS

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class AlertParameters:
    """Bounds of the rules above."""

    recent_days: int = 14
    """Days a finding stays news; the span of ``is_active`` in surges.link_surges and drops.ranking_drops."""

    merge_days: int = 7
    """Days within which two providers speak of one event: crawlers differ by about a week in first sight."""

    severe_depth_share: float = 0.5
    """Share of visibility lost from which a drop is critical: half of the visitors from search."""

    big_spam_excess: int = 100
    """Excess referring domains from which spam is worth a warning: clients then see it in their own tools and ask."""

    stale_days: int = 14
    """Age of a feed, in days, that is stale; the bound of the check ``feed_is_fresh``."""

    stale_news_days: int = 28
    """Age past which a silent feed is history rather than news: an old archive raises nothing."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something of tonight that people are told once; fields as the columns of reports.alerts."""

    kind: str
    finding_id: str
    dedupe_key: str
    site_domain: str
    severity: str
    message_key: str
    arguments: Row


def read_rows(connection: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[Row]:
    """Rows of ``query`` as dicts."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _strongest_only(rows: Sequence[Row], told: Collection[str], id_name: str, days: int) -> Iterator[Row]:
    """Rows not told yet, strongest first, without those that tell again what another series has told.

    Each row has ``group`` (what must agree), ``series`` (who says so), ``from_on``, ``until_on`` and ``is_news``.
    """
    slack = datetime.timedelta(days=days)
    covered = [row for row in rows if row[id_name] in told]
    for row in rows:
        if not row["is_news"] or row[id_name] in told:
            continue
        if any(
            other["group"] == row["group"]
            and other["series"] != row["series"]
            and row["from_on"] <= other["until_on"] + slack
            and other["from_on"] <= row["until_on"] + slack
            for other in covered
        ):
            continue
        covered.append(row)
        yield row


def find_surges(
    connection: duckdb.DuckDBPyConnection, as_of: datetime.date, told: Collection[str], parameters: AlertParameters
) -> Iterator[Finding]:
    """Active surges that are not natural; ``told`` holds the surge_ids of alerts already raised."""
    rows = read_rows(
        connection,
        """
SELECT *, (site_domain, origin) AS "group", provider AS series, starts_on AS from_on, ends_on AS until_on,
  is_active AS is_news
FROM surges.link_surges
WHERE as_of = $as_of AND origin <> 'natural'
ORDER BY excess_count DESC, provider, surge_id
""",
        as_of=as_of,
    )
    names = ("provider", "origin", "starts_on", "ends_on", "detected_on", "observed_count", "expected_count", "q_value")
    for row in _strongest_only(rows, told, "surge_id", parameters.merge_days):
        yield make_finding(
            "surge", row["surge_id"], row, _surge_severity(row, parameters), f"surge.{row['origin']}", names
        )


def _surge_severity(row: Row, parameters: AlertParameters) -> str:
    if row["origin"] in RISKY_ORIGINS:
        return "warning"
    is_big_spam = row["origin"] == "spam" and row["excess_count"] >= parameters.big_spam_excess
    return "warning" if is_big_spam else "info"


def find_drops(
    connection: duckdb.DuckDBPyConnection, as_of: datetime.date, told: Collection[str], parameters: AlertParameters
) -> Iterator[Finding]:
    """Active drops found in the last days, with their strongest candidate cause; ``told`` holds drop_ids."""
    rows = read_rows(
        connection,
        """
SELECT d.*, site_domain AS "group", (provider, segment) AS series, starts_on AS from_on, starts_on AS until_on,
  is_active AND detected_on > $as_of - $days AS is_news, c.cause, c.cause_probability
FROM drops.ranking_drops AS d
LEFT JOIN (
  SELECT drop_id, max_by(cause, (probability, cause)) AS cause, max(probability) AS cause_probability
  FROM correlation.drop_causes WHERE as_of = $as_of GROUP BY drop_id
) AS c USING (drop_id)
WHERE as_of = $as_of
ORDER BY segment <> 'site', depth_share DESC, provider, segment, drop_id
""",
        as_of=as_of,
        days=parameters.recent_days,
    )
    names = ("provider", "segment", "starts_on", "detected_on", "depth_share", "q_value", "cause", "cause_probability")
    for row in _strongest_only(rows, told, "drop_id", parameters.merge_days):
        severity = "critical" if row["depth_share"] >= parameters.severe_depth_share else "warning"
        key = "drop.provisional" if row["is_provisional"] else "drop"
        yield make_finding("drop", row["drop_id"], row, severity, key, names)


def find_pairs(
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime.date,
    told: Collection[tuple[str, str]],
    parameters: AlertParameters,
) -> Iterator[Finding]:
    """Drops that links likely explain; ``told`` holds (kind, finding_id) of every alert already raised."""
    rows = read_rows(
        connection,
        """
SELECT p.*, p.site_domain AS "group", p.pair_id AS series, p.drop_starts_on AS from_on, p.drop_starts_on AS until_on,
  d.is_active AND p.verdict = 'links_likely' AND (
    greatest(d.detected_on, s.detected_on) > $as_of - $days OR list_contains($told_drops, p.drop_id)
  ) AS is_news, d.depth_share, s.observed_count, s.provider
FROM correlation.surge_drop_pairs AS p
JOIN surges.link_surges AS s ON s.as_of = p.as_of AND s.surge_id = p.surge_id
JOIN drops.ranking_drops AS d ON d.as_of = p.as_of AND d.drop_id = p.drop_id
WHERE p.as_of = $as_of
ORDER BY p.probability DESC, p.pair_id
""",
        as_of=as_of,
        days=parameters.recent_days,
        told_drops=["", *sorted(id_ for kind, id_ in told if kind == "drop")],
    )
    told_pairs = {id_ for kind, id_ in told if kind == "pair"}
    names = ("origin", "provider", "surge_starts_on", "drop_starts_on", "lag_days", "probability", "p_time_shift")
    for row in _strongest_only(rows, told_pairs, "pair_id", parameters.merge_days):
        row["confounder_count"] = len(json.loads(row["confounders"] or "[]"))
        more = ("depth_share", "observed_count", "confounder_count")
        yield make_finding("pair", row["pair_id"], row, "critical", "pair", (*names, *more))


def make_finding(
    kind: str, finding_id: str, row: Row, severity: str, key: str, names: Sequence[str], dedupe_key: str = ""
) -> Finding:
    """A finding whose sentences name the columns ``names`` of ``row``; dates become ISO text."""
    told = {name: row[name].isoformat() if isinstance(row[name], datetime.date) else row[name] for name in names}
    return Finding(
        kind=kind,
        finding_id=finding_id,
        dedupe_key=dedupe_key or f"{kind}:{finding_id}",
        site_domain=row["site_domain"],
        severity=severity,
        message_key=f"alert.{key}",
        arguments={"site": row["site_domain"], **told},
    )
