SELECT source_url, target_url, kind, campaign, placed_on, first_seen_on, lost_on
FROM signals.placements_standing
WHERE site_domain = $site_domain AND is_lost AND removed_on IS NULL
ORDER BY lost_on DESC, source_url, target_url
LIMIT $most
