SELECT count(*) AS placement_count, count(*) FILTER (WHERE is_seen) AS seen_count,
  count(*) FILTER (WHERE is_lost AND removed_on IS NULL) AS lost_count
FROM signals.placements_standing
WHERE site_domain = $site_domain
