-- staging.placements: links the team placed, as its lists on the as_of day say.
-- A list is kept up at one path: of its contents only the one read last speaks, so that a row taken out of it is gone.
-- Of several lists that name one link: latest observed_on, then last path, then largest file_id. Superseded files are
-- not looked at.
SELECT
  site_domain,
  provider,
  source_url,
  source_host,
  source_domain,
  target_url,
  placed_on,
  removed_on,
  kind,
  campaign,
  note,
  observed_on,
  merged_count
FROM (
  SELECT
    said.site_domain,
    said.provider,
    said.source_url,
    said.source_host,
    said.source_domain,
    said.target_url,
    said.placed_on,
    said.removed_on,
    said.kind,
    said.campaign,
    said.note,
    said.observed_on,
    said.merged_count,
    row_number() OVER (
      PARTITION BY said.site_domain, said.provider, said.source_url, said.target_url
      ORDER BY said.observed_on DESC, said.path DESC, said.file_id DESC
    ) AS newest_first
  FROM (
    SELECT
      placement.*,
      coalesce(ledger.path, '') AS path,
      dense_rank() OVER (
        PARTITION BY placement.site_domain, placement.provider, coalesce(ledger.path, placement.file_id)
        ORDER BY ledger.ingested_at DESC, placement.observed_on DESC, placement.file_id DESC
      ) AS newest_content
    FROM staging.placement_observations AS placement
    LEFT JOIN ingest.export_files AS ledger ON placement.file_id = ledger.file_id
    WHERE placement.observed_on <= $as_of AND ledger.superseded_by IS NULL
  ) AS said
  WHERE said.newest_content = 1
) AS ordered
WHERE newest_first = 1
