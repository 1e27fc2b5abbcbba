-- Findings that people handled, by kind and in all ('all'), by what was said last of each; held-back sites and late feeds
-- are facts, not findings that can be wrong. Who saw an alert has not judged it. Of one site, or of all
-- where no site is asked for.
SELECT
  coalesce(kind, 'all') AS kind,
  count(*) AS handled_count,
  count(*) FILTER (WHERE status = 'false_alarm') AS false_alarm_count
FROM (
  SELECT site_domain, kind, finding_id, max_by(status, decided_at) AS status
  FROM reports.decisions
  WHERE kind IN ('surge', 'drop', 'pair', 'batch_lost', 'network') AND CAST(decided_at AS DATE) <= $as_of
    AND ($site_domain IS NULL OR site_domain = $site_domain)
  GROUP BY site_domain, kind, finding_id
) AS said
WHERE status IN ('handled', 'false_alarm')
GROUP BY GROUPING SETS ((kind), ())
HAVING count(*) > 0
ORDER BY kind
