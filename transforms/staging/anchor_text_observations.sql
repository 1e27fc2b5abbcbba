-- staging.anchor_text_observations: what one export said of each link text of the site.
SELECT
  said.file_id,
  said.site_domain,
  said.provider,
  said.anchor_text,
  said.place,
  said.link_count,
  said.domain_count,
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
      PARTITION BY listed.anchor_text
      ORDER BY coalesce(listed.place, 1000000), listed.row_number
    ) AS key_place,
    count(*) OVER (PARTITION BY listed.anchor_text) AS same_key_count
  FROM arrived.anchor_texts AS listed
  CROSS JOIN arrived.file AS file
) AS said
WHERE said.key_place = 1
