WITH asked AS (SELECT unnest($asked, recursive := true))
SELECT
  site_domain, is_told, linking_domain_count, linked_domain_count, mutual_count, expected_count, p_value,
  synchronous_count, is_beyond_expected
FROM signals.exchange_profiles
JOIN asked USING (site_domain)
