-- signals.search_members: every page, query, country and device in the dimension sets that are read, numbered.
--
-- Several addresses (http and https, with and without www., with parameters) are one page, and share its number: the
-- path tells.
WITH sources AS (
  SELECT DISTINCT site_domain, provider, dimension, dimension_set
  FROM signals.search_days
),

members AS (
  SELECT DISTINCT
    said.site_domain,
    said.provider,
    sources.dimension,
    sources.dimension_set,
    CASE sources.dimension
      WHEN 'page' THEN said.page_url
      WHEN 'query' THEN said.query
      WHEN 'country' THEN said.country
      ELSE said.device
    END AS member
  FROM staging.search_performance AS said
  INNER JOIN sources
    ON said.site_domain = sources.site_domain
    AND said.provider = sources.provider
    AND said.dimension_set = sources.dimension_set
),

read AS (
  SELECT
    members.site_domain,
    members.provider,
    members.dimension,
    members.dimension_set,
    members.member,
    keyword_groups.keyword_group,
    CASE
      WHEN members.dimension = 'page'
        THEN coalesce(nullif(regexp_extract(lower(members.member), '^(https?://)?[^/?#]*(/[^?#]*)?', 2), ''), '/')
    END AS page_path
  FROM members
  LEFT JOIN signals.keyword_groups AS keyword_groups
    ON members.dimension = 'query'
    AND members.site_domain = keyword_groups.site_domain
    AND members.member = keyword_groups.keyword
  WHERE members.member IS NOT NULL
)

SELECT
  dense_rank() OVER (PARTITION BY site_domain ORDER BY provider, dimension, coalesce(page_path, member))
    AS member_number,
  site_domain,
  provider,
  dimension,
  dimension_set,
  member,
  page_path,
  keyword_group,
  (
    dimension = dimension_set
    AND count(*) OVER (PARTITION BY site_domain, provider, dimension, coalesce(page_path, member)) = 1
  ) AS is_one_row_a_day
FROM read
