-- staging.linking_page_observations: what one export said of each linking page; it names no target and no date of
-- discovery.
-- Pages of the site itself (internal links) are told by source_domain = site_domain.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.source_url,
  said.source_host,
  said.source_domain,
  said.last_crawled_on,
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
      PARTITION BY listed.source_url
      ORDER BY coalesce(listed.last_crawled_on, CAST('1900-01-01' AS DATE)) DESC, listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.source_url) AS same_key_count
  FROM arrived.linking_pages AS listed
  CROSS JOIN arrived.file AS file
  INNER JOIN arrived.hosts AS host ON host.host = listed.source_host
) AS said
WHERE said.key_place = 1
