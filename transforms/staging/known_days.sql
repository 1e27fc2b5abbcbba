-- The day each site's staging and signals tables stand at: that of the run which makes them.
SELECT DISTINCT
  site_domain,
  CAST($as_of AS DATE) AS as_of
FROM ingest.export_files
WHERE status = 'loaded'
  AND site_domain IS NOT NULL
  AND exported_on <= CAST($as_of AS DATE)
