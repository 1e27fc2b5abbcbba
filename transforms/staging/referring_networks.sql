-- staging.referring_networks: subnets that link, as the newest export of a site and provider on the as_of day lists
-- them.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  subnet,
  domain_count,
  link_count,
  source_authority,
  country,
  operator,
  first_seen_on,
  lost_on,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.subnet,
    said.domain_count,
    said.link_count,
    said.source_authority,
    said.country,
    said.operator,
    said.first_seen_on,
    said.lost_on,
    said.observed_on,
    said.merged_count,
    dense_rank() OVER (
      PARTITION BY said.site_domain, said.provider
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.referring_network_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
