-- staging.linked_domain_observations: what one export said of each domain that the site links to, as it spells it.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.target_host,
  said.target_domain,
  said.target_authority,
  said.link_count,
  said.first_seen_on,
  said.last_seen_on,
  said.is_lost,
  said.lost_on,
  said.observed_on,
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    listed.*,
    file.file_id,
    file.site_domain,
    file.provider,
    host.domain AS target_domain,
    file.observed_on,
    row_number() OVER (
      PARTITION BY listed.target_host
      ORDER BY coalesce(listed.link_count, 0) DESC, listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.target_host) AS same_key_count
  FROM arrived.linked_domains AS listed
  CROSS JOIN arrived.file AS file
  INNER JOIN arrived.hosts AS host ON host.host = listed.target_host
) AS said
WHERE said.key_place = 1
