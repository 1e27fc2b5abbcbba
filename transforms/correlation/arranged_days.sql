-- correlation.arranged_days: the pages that arranged links led to before a drop beside the site's other pages, day by day,
-- around that drop. As correlation.linked_days, for drops whose links did not stand out as a surge.
WITH told AS (
  SELECT drops.drop_id, drops.site_domain, drops.starts_on
  FROM drops.ranking_drops AS drops
  INNER JOIN (SELECT DISTINCT drop_id FROM correlation.arranged_pages) AS arranged ON drops.drop_id = arranged.drop_id
  WHERE drops.as_of = $as_of
),

counted AS (
  SELECT
    told.drop_id,
    told.site_domain,
    series.provider,
    series.day,
    CAST(
      sum(CASE WHEN arranged.segment IS NOT NULL THEN CAST(series.visibility AS DECIMAL(28, 6)) END) AS DOUBLE
    ) AS linked_visibility,
    CAST(
      sum(CASE WHEN arranged.segment IS NULL THEN CAST(series.visibility AS DECIMAL(28, 6)) END) AS DOUBLE
    ) AS other_visibility
  FROM told
  INNER JOIN signals.visibility AS series
    ON told.site_domain = series.site_domain AND series.segment_kind = 'page'
  LEFT JOIN correlation.arranged_pages AS arranged
    ON told.drop_id = arranged.drop_id AND series.segment = arranged.segment
  WHERE date_diff('day', told.starts_on, series.day) BETWEEN -$contrast_days_before AND $level_days - 1
  GROUP BY told.drop_id, told.site_domain, series.provider, series.day
)

SELECT
  counted.drop_id,
  counted.site_domain,
  counted.provider,
  counted.day,
  coalesce(counted.linked_visibility, 0.0) AS linked_visibility,
  coalesce(counted.other_visibility, 0.0) AS other_visibility
FROM counted
INNER JOIN (
  SELECT drop_id, provider
  FROM counted
  GROUP BY drop_id, provider
  HAVING count(linked_visibility) > 0 AND count(other_visibility) > 0
) AS comparable
  ON counted.drop_id = comparable.drop_id AND counted.provider = comparable.provider
