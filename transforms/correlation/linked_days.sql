-- correlation.linked_days: what a surge links to beside the rest of the site, day by day: the pages it leads to and the
-- queries its link texts name, for every surge of the night with a drop after it. Where links explain a drop, what they
-- lead to and name falls more than the rest.
WITH pairs AS (
  SELECT
    surges.surge_id,
    surges.site_domain,
    min(drops.starts_on) AS first_drop_on,
    max(drops.starts_on) AS last_drop_on
  FROM surges.link_surges AS surges
  INNER JOIN drops.ranking_drops AS drops
    ON surges.site_domain = drops.site_domain AND surges.as_of = drops.as_of
  WHERE surges.as_of = $as_of
    AND date_diff('day', surges.starts_on, drops.starts_on) BETWEEN 1 AND $longest_lag_days
  GROUP BY surges.surge_id, surges.site_domain
),

page_days AS (
  SELECT
    pairs.surge_id,
    pairs.site_domain,
    series.provider,
    'page' AS kind,
    series.day,
    linked.segment IS NOT NULL AS is_linked,
    series.visibility
  FROM pairs
  INNER JOIN signals.visibility AS series
    ON pairs.site_domain = series.site_domain AND series.segment_kind = 'page'
  LEFT JOIN correlation.linked_segments AS linked
    ON pairs.surge_id = linked.surge_id AND series.segment = linked.segment
  WHERE date_diff('day', pairs.first_drop_on, series.day) >= -$contrast_days_before
    AND date_diff('day', pairs.last_drop_on, series.day) < $level_days
),

texts AS (
  SELECT DISTINCT pairs.surge_id, lower(trim(members.anchor_text)) AS anchor
  FROM pairs
  INNER JOIN surges.surge_members AS members ON pairs.surge_id = members.surge_id
  WHERE members.anchor_kind IN ('commercial', 'repeated', 'other')
    AND length(trim(members.anchor_text)) BETWEEN $least_anchor_length AND $most_anchor_length
),

-- The days of a site that any of its pairs looks at, so that not every query of all time is added up.
site_days AS (
  SELECT site_domain, min(first_drop_on) AS first_drop_on, max(last_drop_on) AS last_drop_on
  FROM pairs
  GROUP BY site_domain
),

-- Queries by day of sites with a pair. A rare query has no row on most days; the sums below are of those that have.
queries AS (
  SELECT
    said.site_domain,
    said.provider,
    lower(trim(said.query)) AS query,
    said.performed_on AS day,
    sum(said.clicks) AS visibility
  FROM staging.search_performance AS said
  INNER JOIN site_days ON said.site_domain = site_days.site_domain
  WHERE said.dimension_set = 'query'
    AND date_diff('day', site_days.first_drop_on, said.performed_on) >= -$contrast_days_before
    AND date_diff('day', site_days.last_drop_on, said.performed_on) < $level_days
  GROUP BY said.site_domain, said.provider, lower(trim(said.query)), said.performed_on
),

named_queries AS (
  SELECT DISTINCT pairs.surge_id, known.query
  FROM pairs
  INNER JOIN (SELECT DISTINCT site_domain, query FROM queries) AS known ON pairs.site_domain = known.site_domain
  INNER JOIN texts ON pairs.surge_id = texts.surge_id
  WHERE contains(concat(' ', known.query, ' '), concat(' ', texts.anchor, ' '))
),

query_days AS (
  SELECT
    pairs.surge_id,
    pairs.site_domain,
    queries.provider,
    'keyword' AS kind,
    queries.day,
    named.query IS NOT NULL AS is_linked,
    queries.visibility
  FROM pairs
  INNER JOIN queries ON pairs.site_domain = queries.site_domain
  LEFT JOIN named_queries AS named ON pairs.surge_id = named.surge_id AND queries.query = named.query
  WHERE date_diff('day', pairs.first_drop_on, queries.day) >= -$contrast_days_before
    AND date_diff('day', pairs.last_drop_on, queries.day) < $level_days
),

days AS (
  SELECT surge_id, site_domain, provider, kind, day, is_linked, visibility FROM page_days
  UNION ALL
  SELECT surge_id, site_domain, provider, kind, day, is_linked, visibility FROM query_days
),

counted AS (
  SELECT
    surge_id,
    site_domain,
    provider,
    kind,
    day,
    CAST(sum(CASE WHEN is_linked THEN CAST(visibility AS DECIMAL(28, 6)) END) AS DOUBLE) AS linked_visibility,
    CAST(sum(CASE WHEN NOT is_linked THEN CAST(visibility AS DECIMAL(28, 6)) END) AS DOUBLE) AS other_visibility
  FROM days
  GROUP BY surge_id, site_domain, provider, kind, day
)

-- A surge whose pages or queries are none that are followed, or all of them, has nothing to be compared with. A page
-- without a row that day was not clicked; queries without one may be hidden, so that such a day says nothing of them.
SELECT
  counted.surge_id,
  counted.site_domain,
  counted.provider,
  counted.kind,
  counted.day,
  coalesce(counted.linked_visibility, 0.0) AS linked_visibility,
  coalesce(counted.other_visibility, 0.0) AS other_visibility
FROM counted
INNER JOIN (
  SELECT surge_id, provider, kind
  FROM counted
  GROUP BY surge_id, provider, kind
  HAVING count(linked_visibility) > 0 AND count(other_visibility) > 0
) AS comparable
  ON counted.surge_id = comparable.surge_id
  AND counted.provider = comparable.provider
  AND counted.kind = comparable.kind
WHERE counted.kind = 'page' OR (counted.linked_visibility IS NOT NULL AND counted.other_visibility IS NOT NULL)
