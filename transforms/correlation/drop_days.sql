-- correlation.drop_days: the days around each drop of the night and those a year before, in its own series, beside how
-- brand queries and the others did: what the shape of a fall is read from. Parts of another drop are told with it.
WITH told AS (
  SELECT drop_id, site_domain, provider, segment, starts_on
  FROM drops.ranking_drops
  WHERE as_of = $as_of AND part_of_drop_id IS NULL
),

own AS (
  SELECT
    told.drop_id,
    told.site_domain,
    told.provider,
    series.day,
    series.visibility,
    series.impressions
  FROM told
  INNER JOIN signals.visibility AS series
    ON told.site_domain = series.site_domain
    AND told.provider = series.provider
    AND told.segment = series.segment
  WHERE date_diff('day', told.starts_on, series.day) BETWEEN -$shape_days_before AND $shape_days_after
    OR date_diff('day', told.starts_on, series.day) BETWEEN -$year_days - $level_days AND -$year_days + $level_days - 1
)

SELECT
  own.drop_id,
  own.site_domain,
  own.day,
  own.visibility,
  own.impressions,
  brand.visibility AS brand_visibility,
  other.visibility AS other_visibility
FROM own
LEFT JOIN signals.visibility AS brand
  ON own.site_domain = brand.site_domain
  AND own.provider = brand.provider
  AND own.day = brand.day
  AND brand.segment = 'keywords:brand'
LEFT JOIN signals.visibility AS other
  ON own.site_domain = other.site_domain
  AND own.provider = other.provider
  AND own.day = other.day
  AND other.segment = 'keywords:other'
