"""Which findings of a night deserve an alert, and how urgent each is.

The rules, all in :class:`~reports.alert_parameters.AlertParameters`, here and in :mod:`reports.alert_news`:

* Only news: a surge while it is active (``is_active``), a drop or pair when the drop is active and was found in the
  last 14 days; and whatever was found since the site's last night, when that is longer ago: surges that are over by
  then too, drops that have not recovered. So a first load or a backfill is a baseline that is drawn, not alerted.
* Once per finding, and once more per step up while it is active: from provisional to confirmed, and to a higher
  severity. And when people were told of a drop, they are told later that links have become its likely explanation.
* Natural growth is earned and never alerts, nor does a surge of unknown origin whose composition reads as earned
  growth (surges.surge_composition). Spam is worded as not of the site's doing, and is information.
* A surge most of whose domains the team placed itself, by its list (surges.surge_declarations), is told as information
  only, whatever its origin: nobody need be woken for what the team knows. Risk counts it all the same.
* How urgent is said by risk, depth and probability, never by a count. Surge of a risky origin: warning, but for a site
  at low risk; of unknown origin: info, warning for a site at high risk. Drop: warning, critical from half of the
  visibility, information where it is likely one of measuring. Pair with verdict ``links_likely``: warning, critical
  for a site at high risk or of which the risk is not known. Held-back site: warning (whole warehouse: critical).
* A critical drop of the whole site pages someone, once; see ``page_kinds``.
* What two providers see is one alert: surges of one site and origin whose days lie within 7 days of each other, drops
  (and pairs) of one site that start within 7 days of each other. The strongest is told; the others count as told.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from reports.alert_news import Row, Told, choose_news, read_rows
from reports.alert_outages import UNEXPLAINED
from reports.alert_parameters import AlertParameters
from transforms.schemas.vocabulary import RISKY_ORIGINS

DECLARED = ("declared_domain_count", "source_domain_count")
"""What the sentence of a declared campaign names besides."""


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
    step: str = "new"
    is_page: bool = False
    about: str = ""
    """What of the site and kind a cooldown is about: a surge of another origin is something else."""


def find_surges(
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime.date,
    told: Sequence[Told],
    missed: Sequence[str],
    parameters: AlertParameters,
) -> Iterator[Finding]:
    """Surges that are news, not natural and not earned; ``missed`` holds ids found since the site's last night."""
    rows = read_rows(
        connection,
        """
SELECT s.*, (s.site_domain, s.origin) AS "group", s.provider AS series, s.starts_on AS from_on, s.ends_on AS until_on,
  s.is_active OR list_contains($missed, s.surge_id) AS is_news, false AS is_provisional,
  coalesce(d.is_declared, false) AS is_declared, d.declared_domain_count, d.source_domain_count, r.tier
FROM surges.link_surges AS s
LEFT JOIN risk.site_risk AS r ON r.day = s.as_of AND r.site_domain = s.site_domain
LEFT JOIN surges.surge_declarations AS d ON d.as_of = s.as_of AND d.surge_id = s.surge_id
WHERE s.as_of = $as_of AND s.origin <> 'natural' AND s.surge_id NOT IN (
  SELECT surge_id FROM surges.surge_composition
  WHERE as_of = $as_of AND origin = 'unknown' AND reading = 'earned_growth'
)
ORDER BY is_declared, s.excess_count DESC, s.provider, s.surge_id
""",
        as_of=as_of,
        missed=["", *missed],
    )
    for row in rows:
        row["severity"] = _surge_severity(row, parameters)
    known = [
        known_row(
            alert, (alert.site_domain, alert.arguments["origin"]), alert.arguments["provider"], "starts_on", "ends_on"
        )
        for alert in told
        if alert.kind == "surge"
    ]
    names = ("provider", "origin", "starts_on", "ends_on", "detected_on", "observed_count", "expected_count", "q_value")
    for row in choose_news(rows, known, id_name="surge_id", days=parameters.merge_days):
        key = "surge.worse" if row["step"] == "worse" else f"surge.{row['origin']}"
        key, more = ("surge.declared", DECLARED) if row["is_declared"] else (key, ())
        yield make_finding(
            "surge",
            row["surge_id"],
            row,
            row["severity"],
            key,
            (*names, *more),
            _step_key("surge", row),
            about=row["origin"],
        )


def _surge_severity(row: Row, parameters: AlertParameters) -> str:
    if row["is_declared"]:
        return "info"
    if row["origin"] in RISKY_ORIGINS:
        return "info" if row["tier"] in parameters.calm_tiers else "warning"
    is_worth_a_look = row["origin"] == "unknown" and row["tier"] in parameters.risky_tiers
    return "warning" if is_worth_a_look else "info"


def find_drops(
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime.date,
    told: Sequence[Told],
    missed: Sequence[str],
    parameters: AlertParameters,
) -> Iterator[Finding]:
    """Active drops that are news, with their strongest candidate cause; ``missed`` as in :func:`find_surges`.

    Confirmed ones that stand alone: what only the site's own rate lists is on its page, and a fall is told once.
    """
    rows = read_rows(
        connection,
        """
SELECT d.*, site_domain AS "group", (provider, segment) AS series, starts_on AS from_on, starts_on AS until_on,
  is_active AND is_confirmed AND part_of_drop_id IS NULL AND (
    confirmed_on > $as_of - $days OR recovered_on IS NULL AND list_contains($missed, drop_id)
  ) AS is_news, c.cause, c.cause_probability, coalesce(c.measured_probability, 0) AS measured_probability
FROM drops.ranking_drops AS d
LEFT JOIN (
  SELECT drop_id, max_by(cause, (probability, cause)) AS cause, max(probability) AS cause_probability,
    sum(probability) FILTER (WHERE cause IN ('tracker', 'data_break')) AS measured_probability
  FROM correlation.drop_causes WHERE as_of = $as_of GROUP BY drop_id
) AS c USING (drop_id)
WHERE as_of = $as_of
ORDER BY segment <> 'site', depth_share DESC, provider, segment, drop_id
""",
        as_of=as_of,
        days=parameters.recent_days,
        missed=["", *missed],
    )
    for row in rows:
        row["severity"] = _drop_severity(row, parameters)
        is_severe = row["severity"] == "critical" and row["segment"] == "site" and row["recovered_on"] is None
        row["is_page"] = is_severe and "drop" in parameters.page_kinds
        row["is_apart"] = row["cause"] not in (*parameters.folded_causes, *UNEXPLAINED)
    known = [
        known_row(
            alert,
            alert.site_domain,
            (alert.arguments["provider"], alert.arguments["segment"]),
            "starts_on",
            "starts_on",
        )
        for alert in told
        if alert.kind == "drop"
    ]
    names = ("provider", "segment", "starts_on", "detected_on", "depth_share", "q_value", "cause", "cause_probability")
    lately = as_of - datetime.timedelta(days=parameters.cooldown_days)
    paged = {
        alert.finding_id
        for alert in told
        if alert.is_page and not alert.is_folded and not (alert.is_over and alert.as_of <= lately)
    }
    for row in choose_news(rows, known, id_name="drop_id", days=parameters.merge_days):
        step = [] if row["step"] in (None, "new") else [row["step"]]
        key = ".".join(["drop", *step, *(["provisional"] * row["is_provisional"])])
        yield make_finding(
            "drop",
            row["drop_id"],
            row,
            row["severity"],
            key,
            names,
            _step_key("drop", row),
            is_page=row["is_page"] and row["drop_id"] not in paged,
        )


def _drop_severity(row: Row, parameters: AlertParameters) -> str:
    if row["measured_probability"] >= parameters.unlikely_measured:
        return "info"
    return "critical" if row["depth_share"] >= parameters.severe_depth_share else "warning"


def find_pairs(
    connection: duckdb.DuckDBPyConnection,
    as_of: datetime.date,
    told: Sequence[Told],
    missed: Sequence[str],
    parameters: AlertParameters,
) -> Iterator[Finding]:
    """Drops that are consistent with links; ``missed`` as in :func:`find_surges`."""
    rows = read_rows(
        connection,
        """
SELECT p.*, p.site_domain AS "group", p.pair_id AS series, p.drop_starts_on AS from_on, p.drop_starts_on AS until_on,
  d.is_active AND d.is_confirmed AND p.verdict = 'links_likely' AND (
    greatest(d.confirmed_on, s.detected_on) > $as_of - $days OR list_contains($told_or_missed, p.drop_id)
    OR list_contains($missed, p.surge_id)
  ) AS is_news, d.is_active AND d.recovered_on IS NULL AND p.verdict = 'links_likely' AS is_active,
  false AS is_provisional, r.tier,
  d.depth_share, s.observed_count, s.provider
FROM correlation.surge_drop_pairs AS p
JOIN surges.link_surges AS s ON s.as_of = p.as_of AND s.surge_id = p.surge_id
JOIN drops.ranking_drops AS d ON d.as_of = p.as_of AND d.drop_id = p.drop_id
LEFT JOIN risk.site_risk AS r ON r.day = p.as_of AND r.site_domain = p.site_domain
WHERE p.as_of = $as_of
ORDER BY p.probability DESC, p.pair_id
""",
        as_of=as_of,
        days=parameters.recent_days,
        missed=["", *missed],
        told_or_missed=["", *missed, *sorted({alert.finding_id for alert in told if alert.kind == "drop"})],
    )
    for row in rows:
        is_risky = row["tier"] in (None, "not_assessed", *parameters.risky_tiers)
        row["severity"] = "critical" if is_risky else "warning"
    known = [
        known_row(alert, alert.site_domain, alert.finding_id, "drop_starts_on", "drop_starts_on")
        for alert in told
        if alert.kind == "pair"
    ]
    names = ("origin", "provider", "surge_starts_on", "drop_starts_on", "lag_days", "probability", "p_time_shift")
    for row in choose_news(rows, known, id_name="pair_id", days=parameters.merge_days):
        row["confounder_count"] = len(json.loads(row["confounders"] or "[]"))
        more = ("depth_share", "observed_count", "confounder_count", "drop_id")
        key = "pair.worse" if row["step"] == "worse" else "pair"
        yield make_finding("pair", row["pair_id"], row, row["severity"], key, (*names, *more), _step_key("pair", row))


def known_row(alert: Told, group: object, series: object, from_name: str, until_name: str) -> Row:
    """What was told, in the columns of tonight's rows (see :func:`reports.alert_news.choose_news`)."""
    span = {"from_on": alert.day(from_name), "until_on": alert.day(until_name)}
    return vars(alert) | span | {"group": group, "series": series}


def _step_key(kind: str, row: Row) -> str:
    """Dedupe key of a step: each higher severity once, confirmed once, told anew once a night; empty at first."""
    if row["step"] is None:
        return ""
    if row["step"] == "new":
        return f"{kind}:{row[f'{kind}_id']}:{row['as_of'].isoformat()}"
    confirmed = ":confirmed" if row["step"] == "confirmed" else ""
    return f"{kind}:{row[f'{kind}_id']}:{row['severity']}{confirmed}"


def make_finding(
    kind: str,
    finding_id: str,
    row: Row,
    severity: str,
    key: str,
    names: Sequence[str],
    dedupe_key: str = "",
    *,
    is_page: bool = False,
    about: str = "",
) -> Finding:
    """A finding whose sentences name the columns ``names`` of ``row``; dates become ISO text.

    ``row`` may say ``step``: None or absent for what is new.
    """
    told = {name: row[name].isoformat() if isinstance(row[name], datetime.date) else row[name] for name in names}
    return Finding(
        kind=kind,
        finding_id=finding_id,
        dedupe_key=dedupe_key or f"{kind}:{finding_id}",
        site_domain=row["site_domain"],
        severity=severity,
        message_key=f"alert.{key}",
        arguments={"site": row["site_domain"], **told},
        step=row.get("step") or "new",
        is_page=is_page,
        about=about,
    )
