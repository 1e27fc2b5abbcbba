-- Alerts about findings that people handled, by kind and in all ('all'); held-back sites and late feeds are facts, not
-- findings that can be wrong. Of one site, or of all where no site is asked for.
SELECT
  coalesce(kind, 'all') AS kind,
  count(*) AS handled_count,
  count(*) FILTER (WHERE judgement = 'false_alarm') AS false_alarm_count
FROM reports.alerts
WHERE judgement IS NOT NULL AND kind IN ('surge', 'drop', 'pair') AND CAST(judged_at AS DATE) <= $as_of
  AND ($site_domain IS NULL OR site_domain = $site_domain)
GROUP BY GROUPING SETS ((kind), ())
HAVING count(*) > 0
ORDER BY kind
