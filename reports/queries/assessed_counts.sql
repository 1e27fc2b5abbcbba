SELECT 'surge' AS kind, status, count(*) AS series_count FROM surges.assessed_series WHERE as_of = $as_of GROUP BY status
UNION ALL
SELECT 'drop', status, count(*) FROM drops.assessed_series WHERE as_of = $as_of AND segment = 'site' GROUP BY status
ORDER BY kind DESC, status
