-- Weekly means of the largest parts of the site, one provider for each kind of part: the one that follows most of it.
-- Weeks count back from the provider's last day, so that the newest is never half full.
WITH parts AS (
  SELECT provider, segment_kind, segment, sum(visibility) AS total, count(*) AS day_count
  FROM signals.visibility
  WHERE site_domain = $site_domain AND day <= $as_of AND segment_kind IN ('directory', 'keywords', 'device', 'market')
  GROUP BY provider, segment_kind, segment
),
providers AS (
  SELECT segment_kind, provider
  FROM parts
  GROUP BY segment_kind, provider
  HAVING count(*) > 1
  QUALIFY row_number() OVER (
    PARTITION BY segment_kind ORDER BY provider <> 'search_console', sum(day_count) DESC, provider
  ) = 1
),
largest AS (
  SELECT parts.*
  FROM parts
  JOIN providers USING (segment_kind, provider)
  QUALIFY row_number() OVER (PARTITION BY segment_kind ORDER BY total DESC, segment) <= $most_segments
),
last_days AS (
  SELECT provider, max(day) AS last_on
  FROM signals.visibility
  WHERE site_domain = $site_domain AND day <= $as_of
  GROUP BY provider
)
SELECT
  largest.provider, largest.segment_kind, largest.segment,
  last_days.last_on - CAST(7 * (date_diff('day', series.day, last_days.last_on) // 7) AS INTEGER) AS ends_on,
  avg(series.visibility) AS visibility
FROM largest
JOIN last_days USING (provider)
JOIN signals.visibility AS series
  ON series.site_domain = $site_domain AND series.provider = largest.provider AND series.segment = largest.segment
WHERE series.day <= $as_of
GROUP BY ALL
ORDER BY largest.segment_kind, max(largest.total) DESC, largest.segment, ends_on
