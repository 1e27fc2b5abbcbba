-- Every site the warehouse knows on any day: a site that comes after the report's day has not left. One that sites.toml
-- does not list has.
SELECT site_domain FROM ingest.export_files WHERE site_domain IS NOT NULL
UNION
SELECT site_domain FROM risk.site_risk
EXCEPT
SELECT site_domain FROM ingest.listed_sites WHERE standing = 'unlisted'
ORDER BY site_domain
