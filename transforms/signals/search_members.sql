-- signals.search_members: every page, query, country and device in the dimension sets that are read, numbered.
--
-- Several addresses (http and https, with and without www., with parameters) may be one page: its path tells.
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
        THEN regexp_extract(lower(members.member), '^(https?://)?[^/?#]*(/[^?#]*)?', 2)
    END AS page_path
  FROM members
  LEFT JOIN signals.keyword_groups AS keyword_groups
    ON members.dimension = 'query'
    AND members.site_domain = keyword_groups.site_domain
    AND members.member = keyword_groups.keyword
  WHERE members.member IS NOT NULL
)

SELECT
  row_number() OVER (PARTITION BY site_domain ORDER BY provider, dimension, member) AS member_number,
  site_domain,
  provider,
  dimension,
  dimension_set,
  member,
  CASE WHEN page_path = '' THEN '/' ELSE page_path END AS page_path,
  keyword_group
FROM read
