-- The worst $most_unmet of the checks not met: what holds back before what warns, all data before one site.
SELECT stage, table_name, check_name, site_domain, severity, is_met, observed_value, least_value, most_value, failing_count
FROM expectations.outcomes
WHERE as_of = $as_of AND NOT is_met
ORDER BY severity DESC, site_domain <> '*', failing_count DESC, site_domain, stage, check_name
LIMIT $most_unmet
