-- staging.search_performance_periods: totals of a period known on the as_of day. The rows of one export belong
-- together (a page that has left the table has left the total), so only the newest export day of a period counts;
-- where one day brought several files, the largest file_id wins per key. An export that does not name its period
-- has nulls in both dates, and the newest such export replaces the earlier ones.
SELECT
  site_domain,
  provider,
  dimension_set,
  query,
  page_url,
  device,
  country,
  appearance,
  starts_on,
  ends_on,
  clicks,
  impressions,
  position,
  observed_on,
  merged_count
FROM (
  SELECT
    site_domain,
    provider,
    dimension_set,
    query,
    page_url,
    device,
    country,
    appearance,
    starts_on,
    ends_on,
    clicks,
    impressions,
    position,
    observed_on,
    merged_count,
    max(observed_on) OVER (PARTITION BY site_domain, provider, dimension_set, starts_on, ends_on) AS newest_on,
    row_number() OVER (
      PARTITION BY
        site_domain, provider, dimension_set, query, page_url, device, country, appearance, starts_on, ends_on
      ORDER BY observed_on DESC, file_id DESC
    ) AS newest_first
  FROM staging.performance_observations
  WHERE observed_on <= $as_of AND performed_on IS NULL
) AS ordered
WHERE newest_first = 1 AND observed_on = newest_on
