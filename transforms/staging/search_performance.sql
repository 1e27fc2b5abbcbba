-- staging.search_performance: daily rows known on the as_of day. Search Console revises recent days, so the newest
-- export wins per key (latest observed_on, then last path, then largest file_id); superseded files are not looked at.
-- Dimension sets stay apart and are never summed.
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
    said.site_domain,
    said.provider,
    said.dimension_set,
    said.query,
    said.page_url,
    said.device,
    said.country,
    said.appearance,
    said.performed_on,
    said.clicks,
    said.impressions,
    said.position,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY
        said.site_domain, said.provider, said.dimension_set, said.query, said.page_url, said.device, said.country,
        said.appearance, said.performed_on
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.performance_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND said.performed_on IS NOT NULL AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
