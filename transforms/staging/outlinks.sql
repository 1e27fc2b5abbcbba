-- staging.outlinks: outgoing links known on the as_of day, as the newest export describes them (latest observed_on,
-- then largest file_id). A crawl that lacks a link does not prove that it is gone, so nothing is dropped.
SELECT
  site_domain,
  provider,
  source_url,
  target_url,
  target_host,
  anchor_text,
  is_nofollow,
  first_seen_on,
  target_domain,
  observed_on,
  merged_count
FROM (
  SELECT
    site_domain,
    provider,
    source_url,
    target_url,
    target_host,
    anchor_text,
    is_nofollow,
    min(first_seen_on) OVER (PARTITION BY site_domain, provider, source_url, target_url) AS first_seen_on,
    target_domain,
    observed_on,
    merged_count,
    row_number() OVER (
      PARTITION BY site_domain, provider, source_url, target_url
      ORDER BY observed_on DESC, file_id DESC
    ) AS newest_first
  FROM staging.outlink_observations
  WHERE observed_on <= $as_of
) AS ordered
WHERE newest_first = 1
