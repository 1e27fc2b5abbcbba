-- staging.outlinks: outgoing links known on the as_of day, as the newest export describes them (latest observed_on,
-- then last path, then largest file_id); superseded files are not looked at. A crawl that lacks a link does not prove
-- that it is gone, so nothing is dropped.
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
    said.site_domain,
    said.provider,
    said.source_url,
    said.target_url,
    said.target_host,
    said.anchor_text,
    said.is_nofollow,
    min(said.first_seen_on) OVER (
      PARTITION BY said.site_domain, said.provider, said.source_url, said.target_url
    ) AS first_seen_on,
    said.target_domain,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.source_url, said.target_url
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.outlink_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
