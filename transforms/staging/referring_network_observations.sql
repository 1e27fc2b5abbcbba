-- staging.referring_network_observations: what one export said of each subnet that links.
SELECT
  said.file_id,
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
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    listed.*,
    file.file_id,
    file.site_domain,
    file.provider,
    file.observed_on,
    row_number() OVER (
      PARTITION BY listed.subnet
      ORDER BY listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.subnet) AS same_key_count
  FROM arrived.referring_networks AS listed
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.key_place = 1
