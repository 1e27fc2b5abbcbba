-- The test of the site alone, in the primary lag window, for links that sites arrange; no row where there was nothing to
-- test.
SELECT drop_count, observed_count, expected_count, p_larger
FROM correlation.site_tests
WHERE as_of = $as_of AND site_domain = $site_domain AND origin_group = 'arranged' AND lag_window = '7-45'
  AND drop_count > 0 AND p_larger IS NOT NULL
