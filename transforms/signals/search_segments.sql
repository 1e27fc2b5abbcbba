-- signals.search_segments: the parts of a site that its search performance is followed in, a row per page, query, country
-- or device of each.
--
-- A part is kept when in least_kept_blocks blocks of four weeks it had least_segment_clicks clicks a day: below that
-- nothing can be said of a fall, and one busy block is a fad, which always ends. A page, and a query of a keyword group,
-- must have a row on basket_share of the days of as many blocks: so much is shown that a day without a row is a day
-- without a click, where for a rare one nobody knows (queries of few people are hidden). Blocks may lie anywhere, for
-- what vanished half-way must stay in. Of pages, directories and markets the largest few are kept.
WITH members AS (
  SELECT DISTINCT
    site_domain,
    provider,
    dimension,
    member_number,
    page_path,
    keyword_group,
    CASE WHEN page_path IS NULL THEN member END AS member
  FROM signals.search_members
),

covered_blocks AS (
  SELECT
    site_domain,
    provider,
    dimension,
    CAST(floor(date_diff('day', DATE '2001-01-01', day) / 28.0) AS BIGINT) AS block,
    count(*) AS covered_count
  FROM signals.search_days
  GROUP BY site_domain, provider, dimension, CAST(floor(date_diff('day', DATE '2001-01-01', day) / 28.0) AS BIGINT)
  HAVING count(*) >= $least_block_days
),

shown AS (
  SELECT
    members.site_domain,
    members.member_number,
    said.performed_on,
    said.clicks,
    members.is_one_row_a_day,
    CAST(floor(date_diff('day', DATE '2001-01-01', said.performed_on) / 28.0) AS BIGINT) AS block
  FROM staging.search_performance AS said
  INNER JOIN signals.search_members AS members
    ON said.site_domain = members.site_domain
    AND said.provider = members.provider
    AND said.dimension_set = members.dimension_set
    AND members.member = CASE members.dimension
      WHEN 'page' THEN said.page_url
      WHEN 'query' THEN said.query
      WHEN 'country' THEN said.country
      ELSE said.device
    END
),

member_blocks AS (
  SELECT
    site_domain,
    member_number,
    block,
    sum(clicks) AS clicks,
    -- days are told apart only where they must be: that costs ten times as much as counting
    count(CASE WHEN is_one_row_a_day THEN 1 END)
    + count(DISTINCT CASE WHEN NOT is_one_row_a_day THEN performed_on END) AS day_count,
    min(performed_on) AS first_on
  FROM shown
  GROUP BY site_domain, member_number, block
),

covered_members AS (
  SELECT
    members.site_domain,
    members.member_number,
    blocks.block,
    blocks.clicks,
    covered.covered_count,
    blocks.day_count >= $basket_share * covered.covered_count AS is_steady
  FROM member_blocks AS blocks
  INNER JOIN members
    ON blocks.site_domain = members.site_domain AND blocks.member_number = members.member_number
  INNER JOIN covered_blocks AS covered
    ON members.site_domain = covered.site_domain
    AND members.provider = covered.provider
    AND members.dimension = covered.dimension
    AND blocks.block = covered.block
),

steady_members AS (
  SELECT site_domain, member_number
  FROM covered_members
  WHERE is_steady
  GROUP BY site_domain, member_number
  HAVING count(*) >= $least_kept_blocks
),

parts AS (
  SELECT member_number, site_domain, provider, 'page' AS segment_kind, concat('page:', page_path) AS segment
  FROM members
  WHERE dimension = 'page'
  UNION ALL
  SELECT
    member_number,
    site_domain,
    provider,
    'directory' AS segment_kind,
    concat('directory:', regexp_extract(page_path, '^/([^/]*/)?', 0)) AS segment
  FROM members
  WHERE dimension = 'page'
  UNION ALL
  SELECT
    members.member_number,
    members.site_domain,
    members.provider,
    'keywords' AS segment_kind,
    concat('keywords:', members.keyword_group) AS segment
  FROM members
  INNER JOIN steady_members
    ON members.site_domain = steady_members.site_domain AND members.member_number = steady_members.member_number
  WHERE members.dimension = 'query'
  UNION ALL
  SELECT member_number, site_domain, provider, 'market' AS segment_kind, concat('market:', member) AS segment
  FROM members
  WHERE dimension = 'country' AND length(member) = 2
  UNION ALL
  SELECT member_number, site_domain, provider, 'device' AS segment_kind, concat('device:', member) AS segment
  FROM members
  WHERE dimension = 'device'
),

part_blocks AS (
  SELECT
    parts.site_domain,
    parts.provider,
    parts.segment_kind,
    parts.segment,
    blocks.block,
    blocks.covered_count,
    sum(blocks.clicks) AS clicks,
    sum(CASE WHEN blocks.is_steady THEN 1 ELSE 0 END) AS steady_count
  FROM parts
  INNER JOIN covered_members AS blocks
    ON parts.site_domain = blocks.site_domain AND parts.member_number = blocks.member_number
  GROUP BY
    parts.site_domain,
    parts.provider,
    parts.segment_kind,
    parts.segment,
    blocks.block,
    blocks.covered_count
),

ranked AS (
  SELECT
    site_domain,
    provider,
    segment_kind,
    segment,
    row_number() OVER (PARTITION BY site_domain, provider, segment_kind ORDER BY sum(clicks) DESC, segment) AS place
  FROM part_blocks
  GROUP BY site_domain, provider, segment_kind, segment
  HAVING
    sum(
      CASE
        WHEN
          clicks >= $least_segment_clicks * covered_count AND (segment_kind <> 'page' OR steady_count > 0)
          THEN 1
        ELSE 0
      END
    ) >= $least_kept_blocks
),

kept AS (
  SELECT
    site_domain,
    provider,
    segment,
    row_number() OVER (PARTITION BY site_domain ORDER BY provider, segment) AS segment_number
  FROM ranked
  WHERE
    place <= CASE segment_kind
      WHEN 'page' THEN $page_segments
      WHEN 'directory' THEN $directory_segments
      ELSE $market_segments
    END
),

first_days AS (
  SELECT site_domain, member_number, min(first_on) AS first_on
  FROM member_blocks
  GROUP BY site_domain, member_number
)

SELECT
  parts.member_number,
  kept.segment_number,
  parts.site_domain,
  parts.provider,
  parts.segment_kind,
  parts.segment,
  min(first_days.first_on) OVER (PARTITION BY kept.site_domain, kept.segment_number) AS starts_on
FROM parts
INNER JOIN kept
  ON parts.site_domain = kept.site_domain AND parts.provider = kept.provider AND parts.segment = kept.segment
INNER JOIN first_days
  ON parts.site_domain = first_days.site_domain AND parts.member_number = first_days.member_number
