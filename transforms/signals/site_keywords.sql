-- signals.site_keywords: what each site wants to be found for: the keywords that trackers follow or find it under.
WITH keywords AS (
  SELECT
    site_domain,
    lower(trim(keyword)) AS keyword,
    max(coalesce(search_volume, 0)) AS search_volume
  FROM staging.rankings
  GROUP BY site_domain, lower(trim(keyword))
),

ranked AS (
  SELECT
    site_domain,
    keyword,
    search_volume,
    row_number() OVER (PARTITION BY site_domain ORDER BY search_volume DESC, keyword) AS place
  FROM keywords
  WHERE length(keyword) >= 4
)

SELECT
  site_domain,
  keyword,
  CAST(search_volume AS DOUBLE) AS search_volume
FROM ranked
WHERE place <= $site_keyword_count
