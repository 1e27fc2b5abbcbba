-- staging.outlink_observations: what one export said of links from the site to elsewhere.
-- Several links of one page to one address are one row; it is nofollow only when the first of them is.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.source_url,
  said.target_url,
  said.target_host,
  said.anchor_text,
  said.is_nofollow,
  said.first_seen_on,
  host.domain AS target_domain,
  said.observed_on,
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    link.*,
    file.file_id,
    file.site_domain,
    file.provider,
    file.observed_on,
    row_number() OVER (PARTITION BY link.source_url, link.target_url ORDER BY link.row_number) AS place,
    count(*) OVER (PARTITION BY link.source_url, link.target_url) AS same_key_count
  FROM arrived.outlinks AS link
  CROSS JOIN arrived.file AS file
) AS said
INNER JOIN arrived.hosts AS host ON host.host = said.target_host
WHERE said.place = 1
