-- Days for which any ranking or search performance was read, whether or not they make a series.
WITH days AS (
  SELECT ranked_on AS day FROM staging.rankings WHERE site_domain = $site_domain AND ranked_on <= $as_of
  UNION
  SELECT performed_on FROM staging.search_performance WHERE site_domain = $site_domain AND performed_on <= $as_of
  UNION
  SELECT coalesce(ends_on, observed_on) FROM staging.search_performance_periods
  WHERE site_domain = $site_domain AND observed_on <= $as_of
)
SELECT count(*) AS day_count FROM days
