SELECT d.drop_id, d.provider, d.segment, d.starts_on, d.ends_on, d.detected_on, d.recovered_on, d.is_active,
  d.is_provisional, d.level_before, d.level_after, d.depth_share, d.p_value, d.q_value, back.recovery_days,
  back.regained_share, d.part_of_drop_id, d.is_confirmed, d.starts_from_on, d.starts_until_on, d.depth_low_share,
  d.depth_high_share
FROM drops.ranking_drops AS d
LEFT JOIN drops.drop_recoveries AS back ON d.as_of = back.as_of AND d.drop_id = back.drop_id
WHERE d.as_of = $as_of AND d.site_domain = $site_domain
ORDER BY d.starts_on DESC, d.provider, d.segment, d.drop_id
