SELECT drop_id, provider, segment, starts_on, ends_on, detected_on, recovered_on, is_active, is_provisional, level_before,
  level_after, depth_share, p_value, q_value
FROM drops.ranking_drops
WHERE as_of = $as_of AND site_domain = $site_domain
ORDER BY starts_on DESC, provider, segment, drop_id
