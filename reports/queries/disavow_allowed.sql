-- What the team allows: domains and hosts of sites.toml, and what its labels allow for a site or for all (no site).
SELECT site_domain, allowed_domain AS allowed, 'domain' AS allowed_kind
FROM ingest.allowed_domains
WHERE list_contains($sites, site_domain)
UNION
SELECT sites.site_domain, labels.subject_key, labels.subject_kind
FROM staging.labels AS labels
JOIN (SELECT unnest($sites) AS site_domain) AS sites
  ON labels.site_domain IS NULL OR labels.site_domain = sites.site_domain
WHERE labels.origin = 'allowed'
ORDER BY ALL
