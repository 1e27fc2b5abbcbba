-- staging.anchor_texts: link texts of the site, as the newest export of a site and provider on the as_of day lists
-- them.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  anchor_text,
  place,
  link_count,
  domain_count,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.anchor_text,
    said.place,
    said.link_count,
    said.domain_count,
    said.observed_on,
    said.merged_count,
    dense_rank() OVER (
      PARTITION BY said.site_domain, said.provider
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.anchor_text_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
