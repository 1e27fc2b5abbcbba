-- staging.rankings: positions known on the as_of day; the newest export wins per key (latest observed_on, then
-- largest file_id). A null position is kept: it means not ranked within tracked_depth, which is not the same as absent.
SELECT
  site_domain,
  provider,
  keyword,
  page_url,
  device,
  country,
  ranked_on,
  position,
  search_volume,
  tracked_depth,
  observed_on,
  merged_count
FROM (
  SELECT
    site_domain,
    provider,
    keyword,
    page_url,
    device,
    country,
    ranked_on,
    position,
    search_volume,
    tracked_depth,
    observed_on,
    merged_count,
    row_number() OVER (
      PARTITION BY site_domain, provider, keyword, device, country, ranked_on
      ORDER BY observed_on DESC, file_id DESC
    ) AS newest_first
  FROM staging.ranking_observations
  WHERE observed_on <= $as_of
) AS ordered
WHERE newest_first = 1
