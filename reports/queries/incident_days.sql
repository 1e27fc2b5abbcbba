-- The visibility of each incident's own series, around its drop.
SELECT drops.drop_id, series.day, series.visibility
FROM drops.ranking_drops AS drops
JOIN signals.visibility AS series
  ON drops.site_domain = series.site_domain AND drops.provider = series.provider AND drops.segment = series.segment
WHERE drops.as_of = $as_of AND drops.site_domain = $site_domain AND list_contains($drop_ids, drops.drop_id)
  AND series.site_domain = $site_domain AND series.day <= $as_of
  AND date_diff('day', drops.starts_on, series.day) BETWEEN -$days_before AND $days_after
ORDER BY drops.drop_id, series.day
