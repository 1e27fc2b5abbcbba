-- signals.visibility: how visible a site was, per day.
--
-- Search performance: clicks, impressions and mean position of the 'day' rows as they are.
-- Trackers: search volume times a click curve over a fixed basket, the keywords checked on at least basket_share of
-- the provider's days. Volume is the newest one given, the same on every day, so that a change of volume is no change
-- of visibility; less than unknown_volume is raised to it, for trackers write 0 where they do not know. An unranked
-- keyword counts zero. A keyword that was not checked on a day is neither: the day is scaled up by the volume that was
-- checked. Providers with fewer than least_tracked_days days (a position export is one day) give no series.
--
-- Click curve: share of searches that click, Sistrix 2020, 80 million keywords: positions 1 to 4 and 10 as published
-- (28.5, 15.7, 11.0, 8.0, 2.5 %), 5 to 9 interpolated on a logarithmic scale by us, page two "significantly less than
-- one percent": 0.6, 0.2 and 0.1 % are guesses that keep a fall on later pages visible. A default, not a measurement.
WITH click_curve (from_position, to_position, click_share) AS (
  VALUES
    (CAST(0 AS BIGINT), CAST(1 AS BIGINT), CAST(0.285 AS DECIMAL(4, 3))),
    (2, 2, 0.157),
    (3, 3, 0.110),
    (4, 4, 0.080),
    (5, 5, 0.066),
    (6, 6, 0.054),
    (7, 7, 0.045),
    (8, 8, 0.037),
    (9, 9, 0.030),
    (10, 10, 0.025),
    (11, 20, 0.006),
    (21, 50, 0.002),
    (51, 1000000, 0.001)
),

tracked AS (
  SELECT
    site_domain,
    provider,
    keyword,
    coalesce(device, '') AS device,
    coalesce(country, '') AS country,
    ranked_on,
    position,
    search_volume
  FROM staging.rankings
),

trackers AS (
  SELECT site_domain, provider, count(DISTINCT ranked_on) AS day_count
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
    CAST(
      greatest(
        coalesce(
          max_by(
            tracked.search_volume, CASE WHEN tracked.search_volume IS NOT NULL THEN tracked.ranked_on END
          ),
          $unknown_volume
        ),
        $unknown_volume
      ) AS DECIMAL(18, 3)
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
    trackers.day_count
  HAVING count(DISTINCT tracked.ranked_on) >= $basket_share * trackers.day_count
),

basket_totals AS (
  SELECT site_domain, provider, count(*) AS basket_size, sum(volume) AS volume
  FROM baskets
  GROUP BY site_domain, provider
),

-- Decimals are summed exactly, so that the order of rows cannot change the last digit.
tracked_days AS (
  SELECT
    tracked.site_domain,
    tracked.provider,
    tracked.ranked_on,
    sum(baskets.volume) AS checked_volume,
    sum(baskets.volume * coalesce(click_curve.click_share, 0)) AS click_volume,
    sum(CAST(tracked.position AS DECIMAL(12, 3))) AS position_sum,
    count(tracked.position) AS ranked_count
  FROM tracked
  INNER JOIN baskets
    ON tracked.site_domain = baskets.site_domain
    AND tracked.provider = baskets.provider
    AND tracked.keyword = baskets.keyword
    AND tracked.device = baskets.device
    AND tracked.country = baskets.country
  LEFT JOIN click_curve
    ON CAST(round(tracked.position) AS BIGINT) BETWEEN click_curve.from_position AND click_curve.to_position
  GROUP BY tracked.site_domain, tracked.provider, tracked.ranked_on
)

SELECT
  site_domain,
  'site' AS segment,
  provider,
  performed_on AS day,
  clicks AS visibility,
  impressions,
  position,
  CAST(NULL AS BIGINT) AS basket_size,
  CAST(NULL AS BIGINT) AS ranked_count
FROM staging.search_performance
WHERE dimension_set = 'day'
UNION ALL
SELECT
  tracked_days.site_domain,
  'site' AS segment,
  tracked_days.provider,
  tracked_days.ranked_on AS day,
  CASE
    WHEN tracked_days.checked_volume > 0
      THEN CAST(tracked_days.click_volume AS DOUBLE)
        * CAST(basket_totals.volume AS DOUBLE)
        / CAST(tracked_days.checked_volume AS DOUBLE)
    ELSE 0.0
  END AS visibility,
  CAST(NULL AS DOUBLE) AS impressions,
  CASE
    WHEN tracked_days.ranked_count > 0
      THEN CAST(tracked_days.position_sum AS DOUBLE) / tracked_days.ranked_count
  END AS position,
  CAST(basket_totals.basket_size AS BIGINT) AS basket_size,
  CAST(tracked_days.ranked_count AS BIGINT) AS ranked_count
FROM tracked_days
INNER JOIN basket_totals
  ON tracked_days.site_domain = basket_totals.site_domain AND tracked_days.provider = basket_totals.provider
