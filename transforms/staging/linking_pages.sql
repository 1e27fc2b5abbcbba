-- staging.linking_pages: pages that link to the site, known on the as_of day; last_crawled_on is the newest that any
-- export gave.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  source_url,
  source_host,
  source_domain,
  last_crawled_on,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.source_url,
    said.source_host,
    said.source_domain,
    max(said.last_crawled_on) OVER (PARTITION BY said.site_domain, said.provider, said.source_url) AS last_crawled_on,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.source_url
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.linking_page_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
