SELECT surge_id, reading, reasons, source_domain_count, network_variety, top_network_share, keyword_anchor_share,
  worded_anchor_share, informational_target_share, top_target, peak_on, peak_share, half_days, later_share,
  arranged_share, shared_domain_count, shared_host, shared_with
FROM surges.surge_composition
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY surge_id
