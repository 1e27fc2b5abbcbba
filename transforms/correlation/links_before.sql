-- correlation.links_before: referring domains of arranged links that were new in the days before each drop of the night,
-- in the one link series that shows most of them. A campaign may be too small to stand out as a surge.
WITH arranged AS (
  SELECT site_domain, provider, day, sum(new_domain_count) AS domain_count
  FROM signals.daily_links
  WHERE origin IN ('bought', 'exchanged', 'guest_post', 'link_programme') AND new_domain_count > 0
  GROUP BY site_domain, provider, day
),

counted AS (
  SELECT
    told.drop_id,
    told.site_domain,
    arranged.provider,
    sum(
      CASE
        WHEN date_diff('day', arranged.day, told.starts_on) <= $primary_lag_days THEN arranged.domain_count
        ELSE 0
      END
    ) AS near_domain_count,
    sum(
      CASE
        WHEN date_diff('day', arranged.day, told.starts_on) > $primary_lag_days THEN arranged.domain_count
        ELSE 0
      END
    ) AS far_domain_count
  FROM drops.ranking_drops AS told
  INNER JOIN arranged ON told.site_domain = arranged.site_domain
  WHERE told.as_of = $as_of
    AND told.part_of_drop_id IS NULL
    AND date_diff('day', arranged.day, told.starts_on) BETWEEN 1 AND $longest_lag_days
  GROUP BY told.drop_id, told.site_domain, arranged.provider
)

SELECT
  drop_id,
  site_domain,
  CAST(near_domain_count AS BIGINT) AS near_domain_count,
  CAST(far_domain_count AS BIGINT) AS far_domain_count
FROM (
  SELECT
    drop_id,
    site_domain,
    near_domain_count,
    far_domain_count,
    row_number() OVER (
      PARTITION BY drop_id ORDER BY near_domain_count + far_domain_count DESC, provider
    ) AS most_first
  FROM counted
) AS ordered
WHERE most_first = 1
