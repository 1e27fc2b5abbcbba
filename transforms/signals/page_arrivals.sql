-- signals.page_arrivals: the referring domains that were new to a deep page within two weeks in which several came with
-- short anchors, and what is ordinary for the page and its site. Only these few rows go on to be judged.
--
-- Links to the home page and to files are not bought for their address. An anchor is a keyword when it is short and is
-- neither an address, nor the site's name, nor a word such as "here". Weeks are counted from a Monday.
WITH short_anchors AS (
  SELECT
    site_domain,
    provider,
    target_url,
    CAST(floor(date_diff('day', DATE '2001-01-01', first_seen_on) / 7.0) AS BIGINT) AS week,
    count(*) AS link_count
  FROM staging.links
  WHERE length(anchor_text) BETWEEN 4 AND 40
    AND length(anchor_text) - length(replace(anchor_text, ' ', '')) <= 3
    AND source_authority > $weak_authority
    AND first_seen_on IS NOT NULL
  GROUP BY
    site_domain,
    provider,
    target_url,
    CAST(floor(date_diff('day', DATE '2001-01-01', first_seen_on) / 7.0) AS BIGINT)
),

busy AS (
  SELECT one.site_domain, one.provider, one.target_url
  FROM short_anchors AS one
  LEFT JOIN short_anchors AS next_week
    ON one.site_domain = next_week.site_domain
    AND one.provider = next_week.provider
    AND one.target_url = next_week.target_url
    AND one.week + 1 = next_week.week
  GROUP BY one.site_domain, one.provider, one.target_url
  HAVING max(one.link_count + coalesce(next_week.link_count, 0)) >= $batch_domain_count
),

pages AS (
  SELECT busy.site_domain, busy.provider, busy.target_url
  FROM busy
  INNER JOIN signals.linked_pages AS linked
    ON busy.site_domain = linked.site_domain AND busy.target_url = linked.target_url
  WHERE linked.target_kind NOT IN ('home', 'file')
),

firsts AS (
  SELECT
    links.site_domain,
    links.provider,
    links.target_url,
    links.source_domain,
    min(links.first_seen_on) AS placed_on,
    max(links.source_authority) AS authority
  FROM staging.links AS links
  INNER JOIN pages
    ON links.site_domain = pages.site_domain
    AND links.provider = pages.provider
    AND links.target_url = pages.target_url
  WHERE links.first_seen_on IS NOT NULL
  GROUP BY links.site_domain, links.provider, links.target_url, links.source_domain
),

pasts AS (
  SELECT
    site_domain,
    provider,
    target_url,
    count(*) AS domain_count,
    min(placed_on) AS begins_on,
    max(placed_on) AS ends_on
  FROM firsts
  GROUP BY site_domain, provider, target_url
),

-- the words of each domain's first link to the page; a disclosed link is no secret purchase
worded AS (
  SELECT
    firsts.site_domain,
    firsts.provider,
    firsts.target_url,
    firsts.source_domain,
    firsts.placed_on,
    max(firsts.authority) AS authority,
    min(links.link_id) AS link_id,
    CAST(floor(date_diff('day', DATE '2001-01-01', firsts.placed_on) / 7.0) AS BIGINT) AS week,
    max(
      CASE
        WHEN
          length(trim(links.anchor_text)) BETWEEN 4 AND 40
          AND length(trim(links.anchor_text)) - length(replace(trim(links.anchor_text), ' ', '')) <= 3
          AND NOT coalesce(links.is_sponsored, FALSE)
          AND NOT contains(
            replace(replace(lower(links.anchor_text), ' ', ''), '-', ''),
            replace(split_part(links.site_domain, '.', 1), '-', '')
          )
          AND NOT regexp_matches(lower(links.anchor_text), '(https?:|www[.]|[a-z0-9][.][a-z]{2,})')
          AND NOT regexp_matches(
            lower(trim(links.anchor_text)),
            '^(click |klik |cliquez )?(here|hier|ici|aqu[ií]|link|site|web|website|homepage|home|source|bron|quelle|image|(visit|official|view|this|deze|the) ?(the )?(web|website|site|page|link)|(read|learn|lees|find out|see) (more|meer)|more|meer|mehr|m[aá]s|plus)[ .!:>]*$'
          )
          THEN 1
        ELSE 0
      END
    ) AS keyword_count
  FROM firsts
  INNER JOIN staging.links AS links
    ON firsts.site_domain = links.site_domain
    AND firsts.provider = links.provider
    AND firsts.target_url = links.target_url
    AND firsts.source_domain = links.source_domain
    AND firsts.placed_on = links.first_seen_on
  GROUP BY firsts.site_domain, firsts.provider, firsts.target_url, firsts.source_domain, firsts.placed_on
),

weeks AS (
  SELECT
    site_domain,
    provider,
    target_url,
    week,
    count(*) AS domain_count,
    sum(CASE WHEN authority > $weak_authority THEN keyword_count ELSE 0 END) AS keyword_count
  FROM worded
  GROUP BY site_domain, provider, target_url, week
),

-- a batch stands out among what is new to the page: fewer keywords than a quarter cannot be told from the site's own
full_weeks AS (
  SELECT one.site_domain, one.provider, one.target_url, one.week
  FROM weeks AS one
  INNER JOIN weeks AS next_week
    ON one.site_domain = next_week.site_domain
    AND one.provider = next_week.provider
    AND one.target_url = next_week.target_url
    AND abs(one.week - next_week.week) <= 1
  GROUP BY one.site_domain, one.provider, one.target_url, one.week
  HAVING
    max(
      CASE
        WHEN one.week = next_week.week THEN one.keyword_count
        ELSE one.keyword_count + next_week.keyword_count
      END
    ) >= $batch_domain_count
    AND $batch_keyword_share * sum(next_week.domain_count) <= sum(next_week.keyword_count)
),

sites AS (
  SELECT
    site_domain,
    provider,
    sum(domain_count) AS domain_count,
    sum(keyword_count) AS keyword_count,
    sum(CASE WHEN domain_count >= $batch_domain_count THEN 1 ELSE 0 END) AS full_week_count
  FROM weeks
  GROUP BY site_domain, provider
)

SELECT
  worded.site_domain,
  worded.provider,
  worded.target_url,
  worded.source_domain,
  worded.placed_on,
  worded.link_id,
  worded.authority,
  worded.keyword_count = 1 AS is_keyword,
  CAST(pasts.domain_count AS BIGINT) AS page_domain_count,
  pasts.begins_on AS page_begins_on,
  pasts.ends_on AS page_ends_on,
  CAST(sites.domain_count AS BIGINT) AS site_domain_count,
  CAST(sites.keyword_count AS BIGINT) AS site_keyword_count,
  CAST(sites.full_week_count AS BIGINT) AS full_week_count
FROM worded
INNER JOIN full_weeks
  ON worded.site_domain = full_weeks.site_domain
  AND worded.provider = full_weeks.provider
  AND worded.target_url = full_weeks.target_url
  AND worded.week = full_weeks.week
INNER JOIN pasts
  ON worded.site_domain = pasts.site_domain
  AND worded.provider = pasts.provider
  AND worded.target_url = pasts.target_url
INNER JOIN sites ON worded.site_domain = sites.site_domain AND worded.provider = sites.provider
