-- One row per site that any file or earlier run knows, and that has not left sites.toml. A held-back site is shown as on its last good night.
WITH sites AS (
  SELECT site_domain FROM ingest.export_files
  WHERE site_domain IS NOT NULL AND (exported_on IS NULL OR exported_on <= $as_of)
  UNION
  SELECT site_domain FROM risk.site_risk WHERE day <= $as_of
  EXCEPT
  SELECT site_domain FROM ingest.listed_sites WHERE standing = 'unlisted'
),
broken AS (
  SELECT DISTINCT as_of, site_domain FROM expectations.outcomes WHERE severity = 'minimum' AND NOT is_met
),
good_nights AS (
  SELECT risk.site_domain, max(risk.day) AS night
  FROM risk.site_risk AS risk
  LEFT JOIN broken ON broken.site_domain = risk.site_domain AND broken.as_of = risk.day
  WHERE risk.day < $as_of AND broken.site_domain IS NULL
  GROUP BY risk.site_domain
),
nights AS (
  SELECT
    sites.site_domain,
    list_contains($held_back, sites.site_domain) AS is_held_back,
    CASE WHEN list_contains($held_back, sites.site_domain) THEN good_nights.night ELSE $as_of END AS night
  FROM sites
  LEFT JOIN good_nights ON good_nights.site_domain = sites.site_domain
),
previous AS (
  SELECT nights.site_domain, max(risk.day) AS night, max_by(risk.risk_score, risk.day) AS risk_score
  FROM nights
  JOIN risk.site_risk AS risk ON risk.site_domain = nights.site_domain AND risk.day < nights.night
  GROUP BY nights.site_domain
),
active_surges AS (
  SELECT nights.site_domain, count(*) AS active_surge_count
  FROM nights
  JOIN surges.link_surges AS surge ON surge.site_domain = nights.site_domain AND surge.as_of = nights.night
  WHERE surge.is_active
  GROUP BY nights.site_domain
),
active_drops AS (
  SELECT nights.site_domain, nights.night, count(*) AS active_drop_count,
    max_by(dropped.drop_id, (dropped.depth_share, dropped.drop_id)) AS deepest_drop_id
  FROM nights
  JOIN drops.ranking_drops AS dropped ON dropped.site_domain = nights.site_domain AND dropped.as_of = nights.night
  WHERE dropped.is_active AND dropped.is_confirmed AND dropped.part_of_drop_id IS NULL
  GROUP BY nights.site_domain, nights.night
),
causes AS (
  SELECT active_drops.site_domain,
    max_by(cause.cause, (cause.probability, cause.cause)) AS strongest_cause,
    max(cause.probability) AS strongest_cause_probability
  FROM active_drops
  JOIN correlation.drop_causes AS cause
    ON cause.drop_id = active_drops.deepest_drop_id AND cause.as_of = active_drops.night
    AND cause.site_domain = active_drops.site_domain
  GROUP BY active_drops.site_domain
),
links_until AS (
  SELECT site_domain, max(ends_on) AS links_until_on FROM signals.link_series GROUP BY site_domain
),
rankings_until AS (
  SELECT site_domain, max(day) AS rankings_until_on
  FROM (
    SELECT site_domain, day FROM signals.visibility
    UNION ALL
    SELECT site_domain, ranked_on FROM staging.rankings
    UNION ALL
    SELECT site_domain, performed_on FROM staging.search_performance
  )
  WHERE day <= $as_of
  GROUP BY site_domain
),
tested_links AS (
  SELECT DISTINCT nights.site_domain
  FROM nights
  JOIN surges.assessed_series AS series ON series.site_domain = nights.site_domain AND series.as_of = nights.night
  WHERE series.status = 'tested' AND series.tested_until_on >= nights.night - CAST($recent_days AS INTEGER)
),
tested_rankings AS (
  SELECT DISTINCT nights.site_domain
  FROM nights
  JOIN drops.assessed_series AS series ON series.site_domain = nights.site_domain AND series.as_of = nights.night
  WHERE series.segment = 'site' AND series.status = 'tested' AND series.tested_until_on >= nights.night - CAST($recent_days AS INTEGER)
)
SELECT
  nights.site_domain,
  nights.night,
  previous.night AS previous_night,
  nights.is_held_back,
  risk.risk_score,
  previous.risk_score AS previous_score,
  coalesce(risk.tier, 'not_assessed') AS tier,
  coalesce(risk.basis, 'none') AS basis,
  coalesce(risk.reasons, '[]') AS reasons,
  coalesce(active_surges.active_surge_count, 0) AS active_surge_count,
  coalesce(active_drops.active_drop_count, 0) AS active_drop_count,
  tested_links.site_domain IS NOT NULL AS is_tested_for_surges,
  tested_rankings.site_domain IS NOT NULL AS is_tested_for_drops,
  causes.strongest_cause,
  causes.strongest_cause_probability,
  links_until.links_until_on,
  rankings_until.rankings_until_on
FROM nights
LEFT JOIN risk.site_risk AS risk ON risk.site_domain = nights.site_domain AND risk.day = nights.night
LEFT JOIN previous ON previous.site_domain = nights.site_domain
LEFT JOIN active_surges ON active_surges.site_domain = nights.site_domain
LEFT JOIN active_drops ON active_drops.site_domain = nights.site_domain
LEFT JOIN tested_links ON tested_links.site_domain = nights.site_domain
LEFT JOIN tested_rankings ON tested_rankings.site_domain = nights.site_domain
LEFT JOIN causes ON causes.site_domain = nights.site_domain
LEFT JOIN links_until ON links_until.site_domain = nights.site_domain
LEFT JOIN rankings_until ON rankings_until.site_domain = nights.site_domain
ORDER BY risk.risk_score DESC NULLS LAST, nights.site_domain
