-- At most $most rows a file, lowest row numbers first; the ledger has the full count.
SELECT rejected.file_id, rejected.row_number, rejected.column_name, rejected.value, rejected.reason
FROM ingest.rejected_rows AS rejected
JOIN ingest.export_files AS files ON files.file_id = rejected.file_id
WHERE files.site_domain = $site_domain AND (files.exported_on IS NULL OR files.exported_on <= $as_of)
QUALIFY row_number() OVER (PARTITION BY rejected.file_id ORDER BY rejected.row_number, rejected.column_name) <= $most
ORDER BY rejected.file_id, rejected.row_number, rejected.column_name
