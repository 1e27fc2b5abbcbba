-- Whose each site is and who looks after it, as sites.toml says; sites of which it says neither are left out.
SELECT site_domain, group_name, owner
FROM ingest.listed_sites
WHERE group_name IS NOT NULL OR owner IS NOT NULL
ORDER BY site_domain
