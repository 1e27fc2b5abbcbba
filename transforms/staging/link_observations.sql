-- staging.link_observations: what one export said of each link; rows of the file that share the key are one.
-- The row with the newest last_seen_on describes the link, the first in the file among equals.
SELECT
  md5(concat_ws('|', said.site_domain, said.provider, said.source_url, said.target_url)) AS link_id,
  said.file_id,
  said.site_domain,
  said.provider,
  host.domain AS source_domain,
  said.source_url,
  said.source_host,
  said.target_url,
  said.anchor_text,
  said.source_title,
  said.left_context,
  said.right_context,
  said.is_nofollow,
  said.is_sponsored,
  said.is_ugc,
  said.is_image,
  said.is_sitewide,
  said.is_spam_by_provider,
  said.source_authority,
  said.page_authority,
  said.source_traffic,
  said.provider_score,
  said.external_link_count,
  said.source_language,
  said.link_type,
  said.redirect_urls,
  said.first_seen_on,
  said.last_seen_on,
  said.is_lost,
  said.lost_on,
  said.observed_on,
  CAST(said.same_key_count - 1 AS BIGINT) AS merged_count
FROM (
  SELECT
    link.*,
    file.file_id,
    file.site_domain,
    file.provider,
    file.observed_on,
    row_number() OVER (
      PARTITION BY link.source_url, link.target_url
      ORDER BY coalesce(link.last_seen_on, CAST('1900-01-01' AS DATE)) DESC, link.row_number
    ) AS place,
    count(*) OVER (PARTITION BY link.source_url, link.target_url) AS same_key_count
  FROM arrived.links AS link
  CROSS JOIN arrived.file AS file
) AS said
INNER JOIN arrived.hosts AS host ON host.host = said.source_host
WHERE said.place = 1
