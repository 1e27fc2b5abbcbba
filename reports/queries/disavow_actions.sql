-- Manual actions of these sites themselves that stand on the day; about links where the name or scope says so, as the risk
-- score has it.
SELECT
  site_domain, name, starts_on, lower(coalesce(name, '') || ' ' || coalesce(scope, '')) LIKE '%link%' AS is_about_links
FROM staging.search_events
WHERE kind = 'manual_action' AND list_contains($sites, site_domain) AND starts_on <= $as_of
  AND (ends_on IS NULL OR ends_on >= $as_of)
ORDER BY site_domain, starts_on, name
