-- The newest files set aside; file_count is how many there are.
SELECT file_id, path, format, provider, site_domain, row_count, loaded_count, merged_count, rejected_count, is_truncated,
  exported_on, exported_on_source, unknown_columns, status,
  CASE WHEN superseded_by IS NULL THEN reason
    ELSE concat_ws('; ', reason, 'replaced by a corrected export of the same day') END AS reason,
  count(*) OVER () AS file_count
FROM ingest.export_files
WHERE status = 'set_aside' AND (exported_on IS NULL OR exported_on <= $as_of)
ORDER BY superseded_by IS NOT NULL, exported_on DESC NULLS LAST, site_domain NULLS FIRST, path, file_id
LIMIT $most_files
