SELECT provider, origin, count(*) AS domain_count, count(*) - count(lost_on) AS standing_count
FROM signals.domain_origins
WHERE site_domain = $site_domain
GROUP BY provider, origin
ORDER BY provider, domain_count DESC, origin
