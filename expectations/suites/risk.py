"""What must be true of the score of a site and day."""

from __future__ import annotations

from expectations.check import Check

RISK = "risk.site_risk"
FORECASTS = "risk.drop_forecasts"

_POINTS = """
SELECT *, CASE WHEN json_valid(reasons) THEN coalesce(list_sum(list_transform(
  CAST(CAST(reasons AS JSON) AS JSON[]), lambda reason: CAST(reason ->> 'points' AS DOUBLE))), 0) END AS point_sum
FROM risk.site_risk
WHERE day = $as_of
"""

_SITES = """
SELECT known.site_domain, count(r.tier) AS row_count
FROM (
  SELECT site_domain FROM signals.link_series
  UNION
  SELECT site_domain FROM signals.visibility
) AS known
LEFT JOIN risk.site_risk AS r ON r.site_domain = known.site_domain AND r.day = $as_of
GROUP BY known.site_domain
"""

_FORECASTS = """
SELECT known.site_domain, count(f.basis) AS row_count
FROM risk.site_risk AS known
LEFT JOIN risk.drop_forecasts AS f ON f.site_domain = known.site_domain AND f.day = known.day
WHERE known.day = $as_of
GROUP BY known.site_domain
"""

CHECKS = (
    Check(
        name="every_site_has_risk",
        table=RISK,
        severity="minimum",
        rows=_SITES,
        bad_row="row_count = 0",
        reason="A site with data and without a row would vanish from the report, which reads as calm.",
    ),
    Check(
        name="score_in_range",
        table=RISK,
        severity="minimum",
        bad_row="NOT (risk_score BETWEEN 0 AND 100)",
        reason="The scale people are told.",
    ),
    Check(
        name="score_null_if_not_assessed",
        table=RISK,
        severity="minimum",
        bad_row="(risk_score IS NULL) <> (tier = 'not_assessed')",
        reason="No data is never shown as low risk, and a score always has its band.",
    ),
    Check(
        name="basis_allows_score",
        table=RISK,
        severity="minimum",
        bad_row="basis = 'none' AND tier <> 'not_assessed'",
        reason="A score that rests on nothing is made up.",
    ),
    Check(
        name="reasons_readable",
        table=RISK,
        severity="minimum",
        bad_row="NOT json_valid(reasons)",
        reason="A score without readable reasons cannot be argued with.",
    ),
    Check(
        name="points_add_up",
        table=RISK,
        severity="minimum",
        rows=_POINTS,
        bad_row="risk_score IS NOT NULL AND NOT (abs(point_sum - risk_score) <= 0.1)",
        reason="The reasons are the score: what they add up to is what is shown, to the tenth of a point.",
    ),
    Check(
        name="every_site_has_forecast",
        table=FORECASTS,
        severity="minimum",
        rows=_FORECASTS,
        bad_row="row_count = 0",
        reason="A site with a score and without a forecast would be read as one without any chance of a drop.",
    ),
    Check(
        name="forecast_in_order",
        table=FORECASTS,
        severity="minimum",
        bad_row="NOT (0 < chance_low AND chance_low <= chance_90 AND chance_90 <= chance_high AND chance_high < 1)",
        reason="A chance is never none and never certain, and lies within its own interval.",
    ),
    Check(
        name="forecast_links_share",
        table=FORECASTS,
        severity="minimum",
        bad_row=(
            "NOT (chance_without_links <= chance_90 AND links_share BETWEEN 0 AND 1 "
            "AND abs(links_share * chance_90 - (chance_90 - chance_without_links)) <= 0.001)"
        ),
        reason="The links' part is what a like site without them would not have; more links never lower the chance.",
    ),
    Check(
        name="forecast_evidence_readable",
        table=FORECASTS,
        severity="minimum",
        bad_row="NOT json_valid(evidence)",
        reason="A chance without readable reasons cannot be argued with.",
    ),
)
