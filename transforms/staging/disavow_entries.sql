-- staging.disavow_entries: what the site's newest disavow file on the as_of day lists: a later file takes the place of
-- the one before.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  entry_kind,
  entry,
  note,
  row_number,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.entry_kind,
    said.entry,
    said.note,
    said.row_number,
    said.observed_on,
    said.merged_count,
    dense_rank() OVER (
      PARTITION BY said.site_domain, said.provider
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.disavow_entry_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
