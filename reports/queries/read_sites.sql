-- What was read of each site, what is about all sites (null) first, then those with most rejected rows.
SELECT site_domain, count(*) AS file_count, CAST(sum(row_count) AS BIGINT) AS row_count,
  CAST(sum(rejected_count) AS BIGINT) AS rejected_count, max(exported_on) AS newest_on, count(*) OVER () AS site_count
FROM ingest.export_files
WHERE status = 'loaded' AND (exported_on IS NULL OR exported_on <= $as_of)
GROUP BY site_domain
ORDER BY site_domain IS NULL DESC, rejected_count DESC, site_domain
LIMIT $most_read_sites
