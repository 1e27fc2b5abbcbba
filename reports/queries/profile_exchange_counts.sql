SELECT
  is_told, linking_domain_count, linked_domain_count, mutual_count, expected_count, p_value, synchronous_count,
  is_beyond_expected
FROM signals.exchange_profiles
WHERE site_domain = $site_domain
