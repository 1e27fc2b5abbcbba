SELECT surge_id, provider, origin, starts_on, ends_on, detected_on, is_active, shape, observed_count, expected_count,
  excess_low_count, excess_high_count, window_days, p_value, q_value, corrections
FROM surges.link_surges
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY starts_on DESC, provider, origin, surge_id
