WITH asked AS (SELECT unnest($asked, recursive := true))
SELECT asked.site_domain, planned.kind, planned.name, planned.starts_on, planned.ends_on, planned.scope, planned.source
FROM asked
JOIN staging.planned_events AS planned
  ON planned.starts_on > $as_of AND (planned.site_domain IS NULL OR planned.site_domain = asked.site_domain)
QUALIFY row_number() OVER (PARTITION BY asked.site_domain ORDER BY planned.starts_on, planned.name) <= $most_planned
ORDER BY asked.site_domain, planned.starts_on, planned.name
