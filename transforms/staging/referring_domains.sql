-- staging.referring_domains: a provider's referring domains known on the as_of day, as its newest export describes
-- them.
-- first_seen_on is the earliest the provider ever gave. A domain that a later export lacks may be cut off: it stays.
-- Newest = latest observed_on, then last path, then largest file_id; superseded files are not looked at.
SELECT
  site_domain,
  provider,
  source_host,
  source_domain,
  source_authority,
  link_count,
  target_page_count,
  is_spam_by_provider,
  country,
  ip_address,
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
    said.source_host,
    said.source_domain,
    said.source_authority,
    said.link_count,
    said.target_page_count,
    said.is_spam_by_provider,
    said.country,
    said.ip_address,
    min(said.first_seen_on) OVER (PARTITION BY said.site_domain, said.provider, said.source_host) AS first_seen_on,
    said.last_seen_on,
    said.is_lost,
    said.lost_on,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.source_host
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.referring_domain_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
