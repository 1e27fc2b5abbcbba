SELECT provider, segment, day, visibility
FROM signals.visibility
WHERE site_domain = $site_domain AND day <= $as_of AND segment = 'site'
ORDER BY provider, segment, day
