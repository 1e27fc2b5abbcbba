-- Weekly means of the largest parts of each site, one provider for each kind of part: the one that follows most of it.
-- Weeks count back from the provider's last day, so that the newest is never half full.
WITH asked AS (SELECT unnest($asked, recursive := true)),
days AS (
  SELECT series.site_domain, series.provider, series.segment_kind, series.segment, series.day, series.visibility
  FROM signals.visibility AS series
  JOIN asked USING (site_domain)
  WHERE series.day <= $as_of AND series.segment_kind IN ('directory', 'keywords', 'device', 'market')
),
parts AS (
  SELECT
    site_domain, provider, segment_kind, segment, sum(visibility) AS total, count(*) AS day_count, max(day) AS last_on
  FROM days
  GROUP BY site_domain, provider, segment_kind, segment
),
providers AS (
  SELECT site_domain, segment_kind, provider, max(last_on) AS last_on
  FROM parts
  GROUP BY site_domain, segment_kind, provider
  HAVING count(*) > 1
  QUALIFY row_number() OVER (
    PARTITION BY site_domain, segment_kind ORDER BY provider <> 'search_console', sum(day_count) DESC, provider
  ) = 1
),
largest AS (
  SELECT
    parts.site_domain, parts.provider, parts.segment_kind, parts.segment, providers.last_on,
    row_number() OVER (PARTITION BY parts.site_domain, parts.segment_kind ORDER BY total DESC, segment) AS place
  FROM parts
  JOIN providers USING (site_domain, segment_kind, provider)
  QUALIFY place <= $most_segments
)
SELECT
  largest.site_domain, largest.provider, largest.segment_kind, largest.segment,
  largest.last_on - CAST(7 * (date_diff('day', days.day, largest.last_on) // 7) AS INTEGER) AS ends_on,
  round(avg(days.visibility), 6) AS visibility -- rows come in any order: the last digits of a mean differ
FROM largest
JOIN days USING (site_domain, provider, segment)
WHERE date_diff('day', days.day, largest.last_on) < 7 * $most_weeks
GROUP BY ALL
ORDER BY
  largest.site_domain, min(list_position(['directory', 'keywords', 'device', 'market'], largest.segment_kind)),
  min(largest.place), ends_on
