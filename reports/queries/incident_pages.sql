-- Mean visibility a day of each page that links lead to, in the weeks before and after an incident's drop, and of all the
-- other pages together (page null). A page without a row on a known day was not seen: it counts as 0 that day.
WITH chosen AS (
  SELECT unnest($drop_ids) AS drop_id, unnest($surge_ids) AS surge_id
),
linked AS (
  SELECT chosen.drop_id, pages.segment
  FROM chosen
  JOIN correlation.linked_segments AS pages ON chosen.surge_id = pages.surge_id
  WHERE pages.site_domain = $site_domain
  UNION ALL
  SELECT chosen.drop_id, pages.segment
  FROM chosen
  JOIN correlation.arranged_pages AS pages ON chosen.drop_id = pages.drop_id
  WHERE pages.site_domain = $site_domain AND chosen.surge_id IS NULL
),
days AS (
  SELECT drops.drop_id, series.provider, series.segment, series.day, series.visibility,
    series.day < drops.starts_on AS is_before
  FROM drops.ranking_drops AS drops
  JOIN signals.visibility AS series ON drops.site_domain = series.site_domain AND series.segment_kind = 'page'
  WHERE drops.as_of = $as_of AND drops.site_domain = $site_domain AND list_contains($drop_ids, drops.drop_id)
    AND series.site_domain = $site_domain AND series.day <= $as_of
    AND date_diff('day', drops.starts_on, series.day) BETWEEN -$level_days AND $level_days - 1
),
known AS (
  SELECT drop_id, provider, count(DISTINCT CASE WHEN is_before THEN day END) AS days_before,
    count(DISTINCT CASE WHEN NOT is_before THEN day END) AS days_after
  FROM days
  GROUP BY drop_id, provider
),
summed AS (
  SELECT days.drop_id, days.provider, linked.segment AS page, count(DISTINCT days.segment) AS page_count,
    round(sum(CASE WHEN is_before THEN visibility ELSE 0 END), 6) AS sum_before,
    round(sum(CASE WHEN is_before THEN 0 ELSE visibility END), 6) AS sum_after
  FROM days
  LEFT JOIN linked ON days.drop_id = linked.drop_id AND days.segment = linked.segment
  GROUP BY days.drop_id, days.provider, linked.segment
)
SELECT summed.drop_id, summed.provider, summed.page, summed.page_count,
  summed.sum_before / known.days_before AS level_before, summed.sum_after / known.days_after AS level_after
FROM summed
JOIN known ON summed.drop_id = known.drop_id AND summed.provider = known.provider
WHERE known.days_before > 0 AND known.days_after > 0
QUALIFY summed.page IS NULL
  OR row_number() OVER (
    PARTITION BY summed.drop_id, summed.provider, summed.page IS NULL ORDER BY sum_before DESC, summed.page
  ) <= $most_pages
ORDER BY summed.drop_id, summed.provider, summed.page IS NULL, level_before DESC, summed.page
