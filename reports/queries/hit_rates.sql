-- Alerts about findings that people handled, by kind and in all ('all'); held-back sites and late feeds are facts, not
-- findings that can be wrong.
SELECT
  coalesce(kind, 'all') AS kind,
  count(*) AS handled_count,
  count(*) FILTER (WHERE judgement = 'false_alarm') AS false_alarm_count
FROM reports.alerts
WHERE judgement IS NOT NULL AND kind IN ('surge', 'drop', 'pair') AND CAST(judged_at AS DATE) <= $as_of
GROUP BY GROUPING SETS ((kind), ())
HAVING count(*) > 0
ORDER BY kind
