-- signals.search_days: the days that daily rows of search performance cover, for each dimension that parts are made of,
-- and the one dimension set that the dimension is read from.
--
-- Sets are never summed with each other. The plainest one is read, unless it covers less than basket_share of the days
-- of the fullest. Sets with queries come last for other dimensions: rows of hidden queries are missing from them. A day
-- without rows in the set is unknown, unless the same provider says that the site was not shown at all that day.
WITH usable (dimension, dimension_set, plainness) AS (
  VALUES
    ('page', 'page', 1),
    ('page', 'page_device', 2),
    ('page', 'page_country', 3),
    ('page', 'page_country_device', 4),
    ('page', 'page_query', 5),
    ('page', 'page_query_device', 6),
    ('page', 'page_query_country', 7),
    ('page', 'page_query_country_device', 8),
    ('query', 'query', 1),
    ('query', 'query_device', 2),
    ('query', 'query_country', 3),
    ('query', 'query_country_device', 4),
    ('query', 'page_query', 5),
    ('query', 'page_query_device', 6),
    ('query', 'page_query_country', 7),
    ('query', 'page_query_country_device', 8),
    ('country', 'country', 1),
    ('country', 'country_device', 2),
    ('country', 'page_country', 3),
    ('country', 'page_country_device', 4),
    ('country', 'query_country', 5),
    ('country', 'query_country_device', 6),
    ('country', 'page_query_country', 7),
    ('country', 'page_query_country_device', 8),
    ('device', 'device', 1),
    ('device', 'country_device', 2),
    ('device', 'page_device', 3),
    ('device', 'page_country_device', 4),
    ('device', 'query_device', 5),
    ('device', 'query_country_device', 6),
    ('device', 'page_query_device', 7),
    ('device', 'page_query_country_device', 8)
),

covered AS (
  SELECT DISTINCT site_domain, provider, dimension_set, performed_on AS day
  FROM staging.search_performance
),

sets AS (
  SELECT site_domain, provider, dimension_set, count(*) AS day_count, min(day) AS starts_on
  FROM covered
  GROUP BY site_domain, provider, dimension_set
),

fullest AS (
  SELECT sets.site_domain, sets.provider, usable.dimension, max(sets.day_count) AS day_count
  FROM sets
  INNER JOIN usable ON sets.dimension_set = usable.dimension_set
  GROUP BY sets.site_domain, sets.provider, usable.dimension
),

ordered AS (
  SELECT
    sets.site_domain,
    sets.provider,
    usable.dimension,
    sets.dimension_set,
    sets.starts_on,
    row_number() OVER (
      PARTITION BY sets.site_domain, sets.provider, usable.dimension ORDER BY usable.plainness
    ) AS place
  FROM sets
  INNER JOIN usable ON sets.dimension_set = usable.dimension_set
  INNER JOIN fullest
    ON sets.site_domain = fullest.site_domain
    AND sets.provider = fullest.provider
    AND usable.dimension = fullest.dimension
  WHERE sets.day_count >= $basket_share * fullest.day_count AND sets.day_count >= $least_tracked_days
),

days AS (
  SELECT site_domain, provider, dimension_set, day FROM covered
  UNION
  SELECT sets.site_domain, sets.provider, sets.dimension_set, whole.performed_on AS day
  FROM sets
  INNER JOIN staging.search_performance AS whole
    ON sets.site_domain = whole.site_domain AND sets.provider = whole.provider
  WHERE whole.dimension_set = 'day' AND whole.impressions = 0 AND whole.performed_on >= sets.starts_on
)

SELECT
  days.site_domain,
  days.provider,
  ordered.dimension,
  days.dimension_set,
  days.day
FROM days
INNER JOIN ordered
  ON days.site_domain = ordered.site_domain
  AND days.provider = ordered.provider
  AND days.dimension_set = ordered.dimension_set
WHERE ordered.place = 1
