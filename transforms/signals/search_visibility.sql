-- signals.search_visibility: clicks of each part of a site per day, from search performance.
--
-- On a day that its dimension set covers, a part without a row had no click: it is one that is shown nearly every day.
-- Before its first row nothing is said, for the page may not have been there. Position is the mean over impressions.
WITH segments AS (
  SELECT DISTINCT
    parts.segment_number,
    parts.site_domain,
    parts.provider,
    parts.segment_kind,
    parts.segment,
    parts.starts_on,
    members.dimension
  FROM signals.search_segments AS parts
  INNER JOIN signals.search_members AS members
    ON parts.site_domain = members.site_domain AND parts.member_number = members.member_number
),

followed AS (
  SELECT
    members.site_domain,
    members.provider,
    members.dimension,
    members.dimension_set,
    members.member,
    parts.segment_number
  FROM signals.search_segments AS parts
  INNER JOIN signals.search_members AS members
    ON parts.site_domain = members.site_domain AND parts.member_number = members.member_number
),

-- Clicks and impressions are whole, and positions decimals: both are summed exactly, in whatever order rows come.
sums AS (
  SELECT
    followed.site_domain,
    followed.segment_number,
    said.performed_on,
    sum(said.clicks) AS clicks,
    sum(said.impressions) AS impressions,
    sum(CAST(said.position * said.impressions AS DECIMAL(18, 3))) AS position_sum,
    sum(CASE WHEN said.position IS NOT NULL THEN said.impressions END) AS placed_impressions
  FROM staging.search_performance AS said
  INNER JOIN followed
    ON said.site_domain = followed.site_domain
    AND said.provider = followed.provider
    AND said.dimension_set = followed.dimension_set
    AND followed.member = CASE followed.dimension
      WHEN 'page' THEN said.page_url
      WHEN 'query' THEN said.query
      WHEN 'country' THEN said.country
      ELSE said.device
    END
  GROUP BY followed.site_domain, followed.segment_number, said.performed_on
)

SELECT
  segments.site_domain,
  segments.segment_kind,
  segments.segment,
  segments.provider,
  days.day,
  coalesce(sums.clicks, 0) AS visibility,
  coalesce(sums.impressions, 0) AS impressions,
  CASE
    WHEN sums.placed_impressions > 0 THEN CAST(sums.position_sum AS DOUBLE) / sums.placed_impressions
  END AS position
FROM segments
INNER JOIN signals.search_days AS days
  ON segments.site_domain = days.site_domain
  AND segments.provider = days.provider
  AND segments.dimension = days.dimension
  AND segments.starts_on <= days.day
LEFT JOIN sums
  ON segments.site_domain = sums.site_domain
  AND segments.segment_number = sums.segment_number
  AND days.day = sums.performed_on
