SELECT provider, origin, day, new_domain_count, lost_domain_count
FROM signals.daily_links
WHERE site_domain = $site_domain AND day <= $as_of
ORDER BY provider, origin, day, new_domain_count, lost_domain_count
