-- staging.search_performance_periods: totals of a period known on the as_of day. The rows of one export belong
-- together (a page that has left the table has left the total), so only the newest export day of a period counts;
-- where one day brought several files, the last path, then the largest file_id wins per key; superseded files are not
-- looked at. An export that does not say the
-- days of its period has nulls in both dates, and the newest such export (of that name, if it names its periods)
-- replaces the earlier ones.
SELECT
  site_domain,
  provider,
  dimension_set,
  query,
  page_url,
  device,
  country,
  appearance,
  starts_on,
  ends_on,
  period_name,
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
    said.starts_on,
    said.ends_on,
    said.period_name,
    said.clicks,
    said.impressions,
    said.position,
    said.observed_on,
    said.merged_count,
    max(said.observed_on) OVER (
      PARTITION BY said.site_domain, said.provider, said.dimension_set, said.starts_on, said.ends_on, said.period_name
    ) AS newest_on,
    row_number() OVER (
      PARTITION BY
        said.site_domain, said.provider, said.dimension_set, said.query, said.page_url, said.device, said.country,
        said.appearance, said.starts_on, said.ends_on, said.period_name
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.performance_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND said.performed_on IS NULL AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1 AND observed_on = newest_on
