-- staging.linked_domains: domains that the site links to, known on the as_of day, as the newest export describes them.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  target_host,
  target_domain,
  target_authority,
  link_count,
  first_seen_on,
  last_seen_on,
  is_lost,
  lost_on,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.target_host,
    said.target_domain,
    said.target_authority,
    said.link_count,
    min(said.first_seen_on) OVER (PARTITION BY said.site_domain, said.provider, said.target_host) AS first_seen_on,
    said.last_seen_on,
    said.is_lost,
    said.lost_on,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.target_host
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.linked_domain_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
