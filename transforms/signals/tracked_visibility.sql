-- signals.tracked_visibility: search volume times a click curve over the fixed basket of each segment, per day.
--
-- An unranked keyword counts zero, and its position one beyond the tracked depth: leaving it out would make the mean
-- better when a ranking is lost. A keyword that was not checked on a day is neither: the day is scaled up by the volume
-- that was checked.
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

-- Decimals are summed exactly, so that the order of rows cannot change the last digit.
checks AS (
  SELECT
    basket.site_domain,
    basket.basket_number,
    rankings.ranked_on,
    CAST(basket.volume AS DECIMAL(18, 3)) AS checked_volume,
    CAST(basket.volume AS DECIMAL(18, 3)) * coalesce(click_curve.click_share, 0) AS click_volume,
    CAST(
      least(coalesce(rankings.position, basket.tracked_depth + 1), basket.tracked_depth + 1) AS DECIMAL(12, 3)
    ) AS censored_position,
    rankings.position
  FROM staging.rankings AS rankings
  INNER JOIN signals.tracked_keywords AS basket
    ON rankings.site_domain = basket.site_domain
    AND rankings.provider = basket.provider
    AND rankings.keyword = basket.keyword
    AND coalesce(rankings.device, '') = basket.device
    AND coalesce(rankings.country, '') = basket.country
  LEFT JOIN click_curve
    ON CAST(round(rankings.position) AS BIGINT) BETWEEN click_curve.from_position AND click_curve.to_position
),

days AS (
  SELECT
    segments.site_domain,
    segments.provider,
    segments.segment_kind,
    segments.segment,
    segments.basket_size,
    segments.basket_volume,
    checks.ranked_on,
    sum(checks.checked_volume) AS checked_volume,
    sum(checks.click_volume) AS click_volume,
    sum(checks.censored_position) AS position_sum,
    count(*) AS checked_count,
    count(checks.position) AS ranked_count
  FROM checks
  INNER JOIN signals.tracked_segments AS segments
    ON checks.site_domain = segments.site_domain AND checks.basket_number = segments.basket_number
  GROUP BY
    segments.site_domain,
    segments.provider,
    segments.segment_kind,
    segments.segment,
    segments.basket_size,
    segments.basket_volume,
    checks.ranked_on
)

SELECT
  site_domain,
  segment_kind,
  segment,
  provider,
  ranked_on AS day,
  CAST(click_volume AS DOUBLE) * basket_volume / CAST(checked_volume AS DOUBLE) AS visibility,
  CAST(position_sum AS DOUBLE) / checked_count AS position,
  basket_size,
  CAST(ranked_count AS BIGINT) AS ranked_count
FROM days
