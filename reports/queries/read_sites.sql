-- What was read of each site; null is what is about all sites.
SELECT site_domain, count(*) AS file_count, CAST(sum(row_count) AS BIGINT) AS row_count,
  CAST(sum(rejected_count) AS BIGINT) AS rejected_count, max(exported_on) AS newest_on
FROM ingest.export_files
WHERE status = 'loaded' AND (exported_on IS NULL OR exported_on <= $as_of)
GROUP BY site_domain
ORDER BY site_domain NULLS FIRST
