-- staging.placements: links the team placed, as its newest list on the as_of day says.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  source_url,
  source_host,
  source_domain,
  target_url,
  placed_on,
  removed_on,
  kind,
  campaign,
  note,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.source_url,
    said.source_host,
    said.source_domain,
    said.target_url,
    said.placed_on,
    said.removed_on,
    said.kind,
    said.campaign,
    said.note,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.source_url, said.target_url
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.placement_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
