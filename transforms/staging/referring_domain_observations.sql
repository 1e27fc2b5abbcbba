-- staging.referring_domain_observations: what one export said of each referring domain, as it spells it.
SELECT
  said.file_id,
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
    host.domain AS source_domain,
    file.observed_on,
    row_number() OVER (
      PARTITION BY listed.source_host
      ORDER BY coalesce(listed.link_count, 0) DESC, listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.source_host) AS same_key_count
  FROM arrived.referring_domains AS listed
  CROSS JOIN arrived.file AS file
  INNER JOIN arrived.hosts AS host ON host.host = listed.source_host
) AS said
WHERE said.key_place = 1
