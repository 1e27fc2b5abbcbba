-- Each check that held anywhere, once, with the number of sites it held for (0: it is about all data).
SELECT stage, table_name, check_name, least_value, most_value, count(*) AS outcome_count,
  count(*) FILTER (WHERE site_domain <> '*') AS site_count
FROM expectations.outcomes
WHERE as_of = $as_of AND is_met
GROUP BY stage, table_name, check_name, least_value, most_value
ORDER BY stage, table_name, check_name, least_value, most_value
