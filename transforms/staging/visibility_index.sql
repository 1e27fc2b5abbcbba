-- staging.visibility_index: a provider's index or estimate of the site per day, known on the as_of day; the newest
-- export wins.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  metric,
  country,
  device,
  measured_on,
  visibility,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.metric,
    said.country,
    said.device,
    said.measured_on,
    said.visibility,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.metric, said.country, said.device, said.measured_on
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.visibility_index_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
