SELECT 'surge' AS kind, provider, origin AS what, status, tested_from_on, tested_until_on, history_days
FROM surges.assessed_series
WHERE as_of = $as_of AND site_domain = $site_domain
UNION ALL
SELECT 'drop', provider, segment, status, tested_from_on, tested_until_on, history_days
FROM drops.assessed_series
WHERE as_of = $as_of AND site_domain = $site_domain AND segment = 'site'
ORDER BY kind DESC, provider, what
