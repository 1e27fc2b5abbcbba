-- staging.placement_observations: what one list of the team says of each link it placed.
SELECT
  said.file_id,
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
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    listed.*,
    file.file_id,
    file.site_domain,
    file.provider,
    host.domain AS source_domain,
    file.observed_on,
    row_number() OVER (
      PARTITION BY listed.source_url, coalesce(listed.target_url, '')
      ORDER BY listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.source_url, coalesce(listed.target_url, '')) AS same_key_count
  FROM arrived.placements AS listed
  CROSS JOIN arrived.file AS file
  INNER JOIN arrived.hosts AS host ON host.host = listed.source_host
) AS said
WHERE said.key_place = 1
