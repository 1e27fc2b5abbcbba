SELECT pair_id, surge_id, drop_id, origin, surge_starts_on, drop_starts_on, lag_days, lag_window, verdict, probability,
  probability_low, probability_high, terms,
  p_time_shift, p_site_swap, confounders
FROM correlation.surge_drop_pairs
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY probability DESC, drop_starts_on DESC, pair_id
