-- What the team allows: domains and hosts of sites.toml, and what its labels allow for this site or for all.
SELECT allowed_domain AS allowed, 'domain' AS allowed_kind
FROM ingest.allowed_domains
WHERE site_domain = $site_domain
UNION
SELECT subject_key, subject_kind
FROM staging.labels
WHERE origin = 'allowed' AND (site_domain IS NULL OR site_domain = $site_domain)
ORDER BY ALL
