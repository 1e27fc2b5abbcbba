SELECT stage, table_name, check_name, site_domain, severity, is_met, observed_value, least_value, most_value, failing_count
FROM expectations.outcomes
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY is_met, severity DESC, stage, check_name
