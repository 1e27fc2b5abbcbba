SELECT kind, name, starts_on, ends_on, scope, source
FROM staging.search_events
WHERE starts_on <= $as_of AND site_domain IS NULL
ORDER BY starts_on DESC, name
