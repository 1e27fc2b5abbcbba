-- signals.visibility: how visible each site and each part of it was, per day, from three kinds of source that are never
-- mixed in one series: search performance (clicks), trackers (expected clicks) and providers' indexes of a whole site.
--
-- Of an index there is one series per provider and metric that measures organic visibility. Those with less than
-- basket_share of the days of the fullest are passed over; of the others that of the whole world goes first, then that
-- of all devices, then the one with the most days. Sistrix's index is told in thousandths, so that its last digits are
-- whole numbers, as clicks are.
WITH told AS (
  SELECT
    site_domain,
    provider,
    metric,
    coalesce(country, '') AS country,
    coalesce(device, '') AS device,
    count(*) AS day_count
  FROM staging.visibility_index
  WHERE metric IN ('sistrix_visibility', 'organic_traffic') AND visibility IS NOT NULL
  GROUP BY site_domain, provider, metric, coalesce(country, ''), coalesce(device, '')
),

fullest AS (
  SELECT site_domain, provider, metric, max(day_count) AS day_count
  FROM told
  GROUP BY site_domain, provider, metric
),

indexes AS (
  SELECT
    told.site_domain,
    told.provider,
    told.metric,
    told.country,
    told.device,
    row_number() OVER (
      PARTITION BY told.site_domain, told.provider, told.metric
      ORDER BY
        CASE WHEN told.country = '' THEN 0 ELSE 1 END,
        CASE WHEN told.device = '' THEN 0 ELSE 1 END,
        told.day_count DESC,
        told.country,
        told.device
    ) AS place
  FROM told
  INNER JOIN fullest
    ON told.site_domain = fullest.site_domain
    AND told.provider = fullest.provider
    AND told.metric = fullest.metric
  WHERE told.day_count >= $basket_share * fullest.day_count
)

SELECT
  site_domain,
  'site' AS segment_kind,
  'site' AS segment,
  provider,
  performed_on AS day,
  clicks AS visibility,
  impressions,
  position,
  CAST(NULL AS BIGINT) AS basket_size,
  CAST(NULL AS BIGINT) AS ranked_count
FROM staging.search_performance
WHERE dimension_set = 'day'
UNION ALL
SELECT
  site_domain,
  segment_kind,
  segment,
  provider,
  day,
  visibility,
  impressions,
  position,
  CAST(NULL AS BIGINT) AS basket_size,
  CAST(NULL AS BIGINT) AS ranked_count
FROM signals.search_visibility
UNION ALL
SELECT
  site_domain,
  segment_kind,
  segment,
  provider,
  day,
  visibility,
  CAST(NULL AS DOUBLE) AS impressions,
  position,
  basket_size,
  ranked_count
FROM signals.tracked_visibility
UNION ALL
SELECT
  said.site_domain,
  'site' AS segment_kind,
  'site' AS segment,
  CASE WHEN said.provider = said.metric THEN said.provider ELSE concat(said.provider, '_', said.metric) END AS provider,
  said.measured_on AS day,
  CASE WHEN said.metric = 'sistrix_visibility' THEN said.visibility * 1000 ELSE said.visibility END AS visibility,
  CAST(NULL AS DOUBLE) AS impressions,
  CAST(NULL AS DOUBLE) AS position,
  CAST(NULL AS BIGINT) AS basket_size,
  CAST(NULL AS BIGINT) AS ranked_count
FROM staging.visibility_index AS said
INNER JOIN indexes
  ON said.site_domain = indexes.site_domain
  AND said.provider = indexes.provider
  AND said.metric = indexes.metric
  AND coalesce(said.country, '') = indexes.country
  AND coalesce(said.device, '') = indexes.device
WHERE indexes.place = 1 AND said.visibility IS NOT NULL
