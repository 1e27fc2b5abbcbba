-- Every site the warehouse knows on any day: a site that comes after the report's day has not left.
SELECT site_domain FROM ingest.export_files WHERE site_domain IS NOT NULL
UNION
SELECT site_domain FROM risk.site_risk
ORDER BY site_domain
