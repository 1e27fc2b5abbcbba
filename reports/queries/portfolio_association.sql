-- The pooled test of the primary lag window for links that sites arrange; no row where nothing could be tested.
SELECT site_count, drop_count, observed_count, expected_count, p_larger
FROM correlation.portfolio_tests
WHERE as_of = $as_of AND origin_group = 'arranged' AND segment_kind = 'site' AND lag_window = '7-45'
  AND p_larger IS NOT NULL
