-- The newest $most_files, and the newest $most_files that were set aside or have rejected rows; the ledger has them all.
-- A file that another one has taken the place of counts as older than any file in use.
WITH known AS (
  SELECT *, status = 'set_aside' OR rejected_count > 0 AS is_amiss
  FROM ingest.export_files
  WHERE site_domain = $site_domain AND (exported_on IS NULL OR exported_on <= $as_of)
),
placed AS (
  SELECT *, count(*) OVER () AS file_count,
    row_number() OVER (
      ORDER BY superseded_by IS NOT NULL, exported_on DESC NULLS LAST, path, file_id
    ) AS place,
    row_number() OVER (
      PARTITION BY is_amiss ORDER BY superseded_by IS NOT NULL, exported_on DESC NULLS LAST, path, file_id
    ) AS place_among_alike
  FROM known
)
SELECT file_id, path, format, provider, site_domain, row_count, loaded_count, merged_count, rejected_count, is_truncated,
  exported_on, exported_on_source, unknown_columns, status,
  CASE WHEN superseded_by IS NULL THEN reason
    ELSE concat_ws('; ', reason, 'replaced by a corrected export of the same day') END AS reason,
  file_count
FROM placed
WHERE place <= $most_files OR (is_amiss AND place_among_alike <= $most_files)
ORDER BY status DESC, exported_on DESC NULLS LAST, path, file_id
