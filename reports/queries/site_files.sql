SELECT file_id, path, format, provider, site_domain, row_count, loaded_count, merged_count, rejected_count, is_truncated,
  exported_on, exported_on_source, unknown_columns, status,
  CASE WHEN superseded_by IS NULL THEN reason
    ELSE concat_ws('; ', reason, 'replaced by a corrected export of the same day') END AS reason
FROM ingest.export_files
WHERE site_domain = $site_domain AND (exported_on IS NULL OR exported_on <= $as_of)
ORDER BY status DESC, exported_on DESC NULLS LAST, path, file_id
