-- The tests of one site alone for links that sites arrange: the primary window, and the reverse (a surge after the drop).
SELECT lag_window, surge_count, drop_count, observed_count, expected_count, p_larger, least_p
FROM correlation.site_tests
WHERE as_of = $as_of AND site_domain = $site_domain AND origin_group = 'arranged'
  AND lag_window IN ('7-45', '-45--1') AND drop_count > 0
ORDER BY lag_window DESC
