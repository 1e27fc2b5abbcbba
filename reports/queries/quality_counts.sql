SELECT
  (SELECT count(*) FROM expectations.outcomes WHERE as_of = $as_of AND NOT is_met) AS broken_check_count,
  (
    SELECT count(*) FROM ingest.export_files
    WHERE status = 'set_aside' AND (exported_on IS NULL OR exported_on <= $as_of)
  ) AS set_aside_count
