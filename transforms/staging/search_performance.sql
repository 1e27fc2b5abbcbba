-- staging.search_performance: daily rows known on the as_of day. Search Console revises recent days, so the newest
-- export wins per key (latest observed_on, then largest file_id). Dimension sets stay apart and are never summed.
SELECT
  site_domain,
  provider,
  dimension_set,
  query,
  page_url,
  device,
  country,
  appearance,
  performed_on,
  clicks,
  impressions,
  position,
  observed_on,
  merged_count
FROM (
  SELECT
    site_domain,
    provider,
    dimension_set,
    query,
    page_url,
    device,
    country,
    appearance,
    performed_on,
    clicks,
    impressions,
    position,
    observed_on,
    merged_count,
    row_number() OVER (
      PARTITION BY
        site_domain, provider, dimension_set, query, page_url, device, country, appearance, performed_on
      ORDER BY observed_on DESC, file_id DESC
    ) AS newest_first
  FROM staging.performance_observations
  WHERE observed_on <= $as_of AND performed_on IS NOT NULL
) AS ordered
WHERE newest_first = 1
