-- Every surge beside the drops of the incidents, the strongest first; natural surges, the control, after the others.
SELECT pair_id, surge_id, drop_id, origin, lag_days, lag_window, verdict, probability, probability_low, probability_high,
  terms, p_time_shift, p_site_swap, page_contrast, page_contrast_z, keyword_contrast, keyword_contrast_z, confounders
FROM correlation.surge_drop_pairs
WHERE as_of = $as_of AND site_domain = $site_domain AND list_contains($drop_ids, drop_id)
ORDER BY drop_id, origin = 'natural', probability DESC, pair_id
