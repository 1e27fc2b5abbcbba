SELECT kind, name, starts_on, ends_on, scope, source
FROM staging.planned_events
WHERE starts_on > $as_of AND (site_domain IS NULL OR site_domain = $site_domain)
ORDER BY starts_on, name
LIMIT $most_planned
