-- What the drops of the incidents look like beside their depth, and the days their own series was tested.
SELECT drops.drop_id, drops.impressions_change_share, drops.position_change, drops.click_rate_change_share,
  series.tested_from_on, series.tested_until_on
FROM drops.ranking_drops AS drops
LEFT JOIN drops.assessed_series AS series
  ON drops.as_of = series.as_of AND drops.site_domain = series.site_domain AND drops.provider = series.provider
  AND drops.segment = series.segment AND series.status = 'tested'
WHERE drops.as_of = $as_of AND drops.site_domain = $site_domain AND list_contains($drop_ids, drops.drop_id)
ORDER BY drops.drop_id
