-- signals.tracked_keywords: the fixed basket of each tracker: the keywords checked on at least basket_share of its days.
--
-- Volume is the newest one given, the same on every day, so that a change of volume is no change of visibility; less
-- than unknown_volume is raised to it, for trackers write 0 where they do not know. The page of a keyword is the one
-- that ranked for it on most days (of equals the latest): it stays the keyword's page when it no longer ranks, or a page
-- that vanishes would take its own loss with it. Trackers with fewer than least_tracked_days days (a position export is
-- one day) give no series. Depth is the least of a tracker's days, so that every day is cut off at the same position.
WITH tracked AS (
  SELECT
    site_domain,
    provider,
    keyword,
    coalesce(device, '') AS device,
    coalesce(country, '') AS country,
    page_url,
    ranked_on,
    position,
    search_volume,
    tracked_depth
  FROM staging.rankings
),

trackers AS (
  SELECT
    site_domain,
    provider,
    count(DISTINCT ranked_on) AS day_count,
    min(coalesce(tracked_depth, $usual_depth)) AS tracked_depth
  FROM tracked
  GROUP BY site_domain, provider
  HAVING count(DISTINCT ranked_on) >= $least_tracked_days
),

baskets AS (
  SELECT
    tracked.site_domain,
    tracked.provider,
    tracked.keyword,
    tracked.device,
    tracked.country,
    trackers.tracked_depth,
    greatest(
      coalesce(
        max_by(tracked.search_volume, CASE WHEN tracked.search_volume IS NOT NULL THEN tracked.ranked_on END),
        $unknown_volume
      ),
      $unknown_volume
    ) AS volume
  FROM tracked
  INNER JOIN trackers
    ON tracked.site_domain = trackers.site_domain AND tracked.provider = trackers.provider
  GROUP BY
    tracked.site_domain,
    tracked.provider,
    tracked.keyword,
    tracked.device,
    tracked.country,
    trackers.tracked_depth,
    trackers.day_count
  HAVING count(DISTINCT tracked.ranked_on) >= $basket_share * trackers.day_count
),

ranked_pages AS (
  SELECT
    site_domain,
    provider,
    keyword,
    device,
    country,
    page_url,
    count(*) AS day_count,
    max(ranked_on) AS last_ranked_on
  FROM tracked
  WHERE page_url IS NOT NULL AND position IS NOT NULL
  GROUP BY site_domain, provider, keyword, device, country, page_url
),

usual_pages AS (
  SELECT
    site_domain,
    provider,
    keyword,
    device,
    country,
    coalesce(nullif(regexp_extract(lower(page_url), '^(https?://)?[^/?#]*(/[^?#]*)?', 2), ''), '/') AS page_path,
    row_number() OVER (
      PARTITION BY site_domain, provider, keyword, device, country
      ORDER BY day_count DESC, last_ranked_on DESC, page_url
    ) AS place
  FROM ranked_pages
)

SELECT
  row_number() OVER (
    PARTITION BY baskets.site_domain ORDER BY baskets.provider, baskets.keyword, baskets.device, baskets.country
  ) AS basket_number,
  baskets.site_domain,
  baskets.provider,
  baskets.keyword,
  baskets.device,
  baskets.country,
  baskets.tracked_depth,
  baskets.volume,
  usual_pages.page_path,
  keyword_groups.keyword_group
FROM baskets
LEFT JOIN usual_pages
  ON baskets.site_domain = usual_pages.site_domain
  AND baskets.provider = usual_pages.provider
  AND baskets.keyword = usual_pages.keyword
  AND baskets.device = usual_pages.device
  AND baskets.country = usual_pages.country
  AND usual_pages.place = 1
INNER JOIN signals.keyword_groups AS keyword_groups
  ON baskets.site_domain = keyword_groups.site_domain AND baskets.keyword = keyword_groups.keyword
