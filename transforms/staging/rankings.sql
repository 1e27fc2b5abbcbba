-- staging.rankings: positions known on the as_of day; the newest export wins per key (latest observed_on, then last
-- path, then largest file_id); superseded files are not looked at. A null position is kept: it means not ranked
-- within tracked_depth, which is not the same as absent.
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
    said.site_domain,
    said.provider,
    said.keyword,
    said.page_url,
    said.device,
    said.country,
    said.ranked_on,
    said.position,
    said.search_volume,
    said.tracked_depth,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.keyword, said.device, said.country, said.ranked_on
      ORDER BY said.observed_on DESC, coalesce(ledger.path, '') DESC, said.file_id DESC
    ) AS newest_first
  FROM staging.ranking_observations AS said
  LEFT JOIN ingest.export_files AS ledger ON said.file_id = ledger.file_id
  WHERE said.observed_on <= $as_of AND ledger.superseded_by IS NULL
) AS ordered
WHERE newest_first = 1
