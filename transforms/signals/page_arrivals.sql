-- signals.page_arrivals: the referring domains of pages to which several came within two weeks, each on its first day.
-- Only deep pages: links to the home page and to files are not bought for their address. An anchor is a keyword when it
-- is short and is neither an address, nor the site's name, nor a word such as "here".
WITH firsts AS (
  SELECT
    site_domain,
    provider,
    target_url,
    source_domain,
    first_seen_on,
    min(link_id) AS link_id,
    max(source_authority) AS authority,
    max(anchor_text) AS anchor_text,
    row_number() OVER (
      PARTITION BY site_domain, provider, target_url, source_domain ORDER BY first_seen_on
    ) AS oldest_first
  FROM staging.links
  WHERE first_seen_on IS NOT NULL AND NOT coalesce(is_sponsored, FALSE)
  GROUP BY site_domain, provider, target_url, source_domain, first_seen_on
),

-- weeks counted from a Monday
weeks AS (
  SELECT
    site_domain,
    provider,
    target_url,
    CAST(floor(date_diff('day', DATE '2001-01-01', first_seen_on) / 7.0) AS BIGINT) AS week,
    count(*) AS domain_count
  FROM firsts
  WHERE oldest_first = 1
  GROUP BY
    site_domain,
    provider,
    target_url,
    CAST(floor(date_diff('day', DATE '2001-01-01', first_seen_on) / 7.0) AS BIGINT)
),

-- of pages whose fullest two weeks in a row hold enough
pages AS (
  SELECT
    site_domain,
    provider,
    target_url,
    regexp_extract(lower(target_url), '^[a-z][a-z0-9+.-]*://[^/?#]*([^?#]*)', 1) AS path
  FROM (
    SELECT weeks.site_domain, weeks.provider, weeks.target_url
    FROM weeks
    LEFT JOIN weeks AS following
      ON weeks.site_domain = following.site_domain
      AND weeks.provider = following.provider
      AND weeks.target_url = following.target_url
      AND weeks.week = following.week - 1
    GROUP BY weeks.site_domain, weeks.provider, weeks.target_url
    HAVING max(weeks.domain_count + coalesce(following.domain_count, 0)) >= $batch_domain_count
  ) AS full_weeks
)

SELECT
  firsts.site_domain,
  firsts.provider,
  firsts.target_url,
  firsts.source_domain,
  firsts.first_seen_on AS placed_on,
  firsts.link_id,
  firsts.authority,
  (
    length(trim(firsts.anchor_text)) BETWEEN 4 AND 40
    AND length(trim(firsts.anchor_text)) - length(replace(trim(firsts.anchor_text), ' ', '')) <= 3
    AND NOT regexp_matches(lower(firsts.anchor_text), '(https?:|www[.]|[a-z0-9][.][a-z]{2,})')
    AND NOT contains(
      replace(replace(lower(firsts.anchor_text), ' ', ''), '-', ''),
      replace(split_part(firsts.site_domain, '.', 1), '-', '')
    )
    AND NOT regexp_matches(
      lower(trim(firsts.anchor_text)),
      '^(click |klik |cliquez )?(here|hier|ici|aqu[ií]|link|site|web|website|homepage|home|source|bron|quelle|image|(visit|official|view|this|deze|the) ?(the )?(web|website|site|page|link)|(read|learn|lees|find out|see) (more|meer)|more|meer|mehr|m[aá]s|plus)[ .!:>]*$'
    )
  ) IS TRUE AS is_keyword
FROM firsts
INNER JOIN pages
  ON firsts.site_domain = pages.site_domain
  AND firsts.provider = pages.provider
  AND firsts.target_url = pages.target_url
WHERE firsts.oldest_first = 1
  AND NOT regexp_matches(pages.path, '^/?([a-z]{2}(-[a-z]{2})?/?)?((index|default|home)[.][a-z]+)?$')
  AND NOT regexp_matches(pages.path, '[.](png|jpe?g|gif|svg|webp|ico|pdf|css|js|xml|zip|mp3|mp4)$')
