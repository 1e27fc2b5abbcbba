-- staging.target_page_observations: what one export said of each page of the site that is linked to.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.report,
  said.page_url,
  said.link_count,
  said.domain_count,
  said.source_authority,
  said.first_seen_on,
  said.last_seen_on,
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
      PARTITION BY listed.report, listed.page_url
      ORDER BY coalesce(listed.link_count, 0) DESC, listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.report, listed.page_url) AS same_key_count
  FROM arrived.target_pages AS listed
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.key_place = 1
