-- Competitors that sites.toml names and whose link exports were loaded. One that is watched itself counts only within
-- the same group, and so does one that was: no client's page tells of another client's site.
WITH asked AS (SELECT unnest($asked, recursive := true))
SELECT DISTINCT named.site_domain, named.competitor_domain
FROM ingest.competitors AS named
JOIN asked USING (site_domain)
JOIN ingest.export_files AS files
  ON files.site_domain = named.competitor_domain AND files.provider = asked.provider AND files.status = 'loaded'
JOIN ingest.listed_sites AS theirs ON theirs.site_domain = named.competitor_domain
LEFT JOIN ingest.listed_sites AS mine ON mine.site_domain = named.site_domain
WHERE named.competitor_domain <> named.site_domain
  AND files.exported_on <= $as_of AND files.superseded_by IS NULL
  AND (
    theirs.owner_group = mine.owner_group
    OR (theirs.standing = 'unlisted' AND theirs.site_domain NOT IN (SELECT site_domain FROM risk.site_risk))
  )
ORDER BY named.site_domain, named.competitor_domain
