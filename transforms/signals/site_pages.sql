-- signals.site_pages: the pages of each site that most links lead to: what it is about, as others see it.
WITH ranked AS (
  SELECT
    site_domain,
    target_path AS page_path,
    sum(link_count) AS link_count,
    row_number() OVER (PARTITION BY site_domain ORDER BY sum(link_count) DESC, target_path) AS place
  FROM signals.linked_pages
  WHERE length(target_path) > 1
  GROUP BY site_domain, target_path
)

SELECT
  site_domain,
  page_path,
  CAST(link_count AS BIGINT) AS link_count
FROM ranked
WHERE place <= $site_page_count
