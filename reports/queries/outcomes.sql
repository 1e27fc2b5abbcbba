SELECT stage, table_name, check_name, site_domain, severity, is_met, observed_value, least_value, most_value, failing_count
FROM expectations.outcomes
WHERE as_of = $as_of
ORDER BY is_met, severity DESC, site_domain, stage, check_name
