-- Every feed (site and provider) as known on the night: how often it comes, its newest export, and whether it is late.
-- The cadence is what sites.toml says; else the median gap between its exports (of two in the middle the longer, which
-- accuses later); else weekly is assumed.
WITH export_days AS (
  SELECT site_domain, provider, exported_on,
    ROW_NUMBER() OVER (PARTITION BY site_domain, provider ORDER BY exported_on) AS place
  FROM ingest.export_files
  WHERE status = 'loaded'
    AND site_domain IS NOT NULL
    AND provider NOT IN ('calendar', 'placements', 'labels', 'decisions')  -- lists the team keeps itself are never late
    AND exported_on <= CAST($as_of AS DATE)
  GROUP BY site_domain, provider, exported_on
),
gaps AS (
  SELECT later.site_domain, later.provider,
    DATE_DIFF('day', earlier.exported_on, later.exported_on) AS gap_days,
    ROW_NUMBER() OVER (
      PARTITION BY later.site_domain, later.provider
      ORDER BY DATE_DIFF('day', earlier.exported_on, later.exported_on), later.exported_on
    ) AS place
  FROM export_days AS later
  JOIN export_days AS earlier
    ON earlier.site_domain = later.site_domain AND earlier.provider = later.provider
    AND earlier.place = later.place - 1
),
exported AS (
  SELECT site_domain, provider, COUNT(*) AS export_count, MAX(exported_on) AS newest_on
  FROM export_days
  GROUP BY site_domain, provider
),
told AS (
  SELECT exported.site_domain, exported.provider,
    CASE
      WHEN gaps.gap_days <= $most_daily_gap_days THEN 'daily'
      WHEN gaps.gap_days <= $most_weekly_gap_days THEN 'weekly'
      ELSE 'monthly'
    END AS cadence
  FROM exported
  JOIN gaps
    ON gaps.site_domain = exported.site_domain AND gaps.provider = exported.provider
    AND gaps.place = FLOOR((exported.export_count - 1) / 2) + 1
  WHERE exported.export_count >= $fewest_exports
),
known AS (
  SELECT site_domain, provider FROM exported
  UNION
  SELECT site_domain, provider FROM ingest.listed_feeds
),
cadenced AS (
  SELECT known.site_domain, known.provider,
    COALESCE(listed.cadence, told.cadence, 'weekly') AS cadence,
    CASE
      WHEN listed.cadence IS NOT NULL THEN 'listed' WHEN told.cadence IS NOT NULL THEN 'inferred' ELSE 'assumed'
    END AS cadence_source,
    listed.allowed_days,
    COALESCE(exported.export_count, 0) AS export_count,
    exported.newest_on
  FROM known
  LEFT JOIN ingest.listed_feeds AS listed
    ON listed.site_domain = known.site_domain AND listed.provider = known.provider
  LEFT JOIN told ON told.site_domain = known.site_domain AND told.provider = known.provider
  LEFT JOIN exported ON exported.site_domain = known.site_domain AND exported.provider = known.provider
  LEFT JOIN ingest.listed_sites AS sites ON sites.site_domain = known.site_domain
  WHERE COALESCE(sites.standing, 'inferred') <> 'unlisted'
),
allowed AS (
  SELECT site_domain, provider, cadence, cadence_source,
    COALESCE(
      allowed_days,
      CASE cadence
        WHEN 'daily' THEN $daily_days + $daily_grace_days
        WHEN 'weekly' THEN $weekly_days + $weekly_grace_days
        ELSE $monthly_days + $monthly_grace_days
      END
    ) AS allowed_days,
    export_count, newest_on,
    DATE_DIFF('day', newest_on, CAST($as_of AS DATE)) AS age_days
  FROM cadenced
)
SELECT
  site_domain,
  provider,
  cadence,
  cadence_source,
  allowed_days,
  export_count,
  newest_on,
  age_days,
  COALESCE(age_days > allowed_days, FALSE) AS is_stale
FROM allowed
