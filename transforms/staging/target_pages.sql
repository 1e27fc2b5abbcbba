-- staging.target_pages: linked pages of the site, as the newest export of a site, provider and report
-- on the as_of day lists them.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  report,
  page_url,
  link_count,
  domain_count,
  source_authority,
  first_seen_on,
  last_seen_on,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.report,
    said.page_url,
    said.link_count,
    said.domain_count,
    said.source_authority,
    said.first_seen_on,
    said.last_seen_on,
    said.observed_on,
    said.merged_count,
    dense_rank() OVER (
      PARTITION BY said.site_domain, said.provider, said.report
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.target_page_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
