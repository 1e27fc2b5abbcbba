-- signals.exchange_candidates: domains that link to a site and to which the site links, at once or over one or two
-- others, with the distance between the days, and the share of the site's own links that lie as near by chance.
--
-- An edge is known when an export of either end tells it, so a ring has no two neighbours that are both not monitored,
-- and a domain that is not monitored matters only when some monitored site links to it and it links to another. That
-- leaves few edges. A ring of three counts only where the two ends do not link to each other at once; a ring of four
-- only where all but one of its days are known and lie together, because without days too many arise by chance.
-- Of several rings of one form through one domain the one with most days known, close together, stands for all.
WITH monitored AS (
  SELECT DISTINCT site_domain
  FROM signals.domain_edges
),

-- Of a site whose links out no export of its own tells, some rings could be seen through other monitored sites, but not
-- how many there are by chance: none is listed.
told AS (
  SELECT DISTINCT site_domain
  FROM signals.domain_edges
  WHERE direction = 'out'
),

edges AS (
  SELECT site_domain AS from_domain, other_domain AS to_domain, linked_on, page_url, target_url
  FROM signals.domain_edges
  WHERE direction = 'out' AND NOT is_hub
  UNION ALL
  SELECT
    other_domain AS from_domain,
    site_domain AS to_domain,
    linked_on,
    CAST(NULL AS VARCHAR) AS page_url,
    CAST(NULL AS VARCHAR) AS target_url
  FROM signals.domain_edges
  WHERE direction = 'in' AND NOT is_hub
),

pages AS (
  SELECT site_domain, other_domain, min(concat(page_url, ' ', target_url)) AS addresses
  FROM signals.domain_edges
  WHERE direction = 'out' AND page_url IS NOT NULL
  GROUP BY site_domain, other_domain
),

-- every pair of days, one for each export that tells one; the nearest counts
mutuals AS (
  SELECT
    came.to_domain AS site_domain,
    came.from_domain AS source_domain,
    came.linked_on AS in_on,
    went.linked_on AS out_on,
    row_number() OVER (
      PARTITION BY came.to_domain, came.from_domain
      ORDER BY
        coalesce(abs(date_diff('day', came.linked_on, went.linked_on)), 100000),
        came.linked_on,
        went.linked_on
    ) AS nearest_first
  FROM edges AS came
  INNER JOIN edges AS went ON came.to_domain = went.from_domain AND came.from_domain = went.to_domain
  INNER JOIN monitored ON came.to_domain = monitored.site_domain
),

nodes AS (
  SELECT site_domain AS node
  FROM monitored
  UNION
  SELECT went.other_domain
  FROM (SELECT DISTINCT other_domain FROM signals.domain_edges WHERE direction = 'out' AND NOT is_hub) AS went
  INNER JOIN (SELECT DISTINCT other_domain FROM signals.domain_edges WHERE direction = 'in' AND NOT is_hub) AS came
    ON went.other_domain = came.other_domain
),

-- one row per two domains, of those that a ring can run through
steps AS (
  SELECT edges.from_domain, edges.to_domain, min(edges.linked_on) AS linked_on
  FROM edges
  INNER JOIN nodes AS start_node ON edges.from_domain = start_node.node
  INNER JOIN nodes AS end_node ON edges.to_domain = end_node.node
  GROUP BY edges.from_domain, edges.to_domain
),

one_way AS (
  SELECT steps.from_domain, steps.to_domain, steps.linked_on
  FROM steps
  LEFT JOIN steps AS back ON steps.from_domain = back.to_domain AND steps.to_domain = back.from_domain
  WHERE back.from_domain IS NULL
),

triples AS (
  SELECT
    last_step.to_domain AS site_domain,
    last_step.from_domain AS source_domain,
    middle_step.from_domain AS first_through,
    last_step.linked_on AS in_on,
    first_step.linked_on AS out_on,
    date_diff(
      'day',
      least(first_step.linked_on, middle_step.linked_on, last_step.linked_on),
      greatest(first_step.linked_on, middle_step.linked_on, last_step.linked_on)
    ) AS span_days,
    CASE WHEN first_step.linked_on IS NULL THEN 0 ELSE 1 END
    + CASE WHEN middle_step.linked_on IS NULL THEN 0 ELSE 1 END
    + CASE WHEN last_step.linked_on IS NULL THEN 0 ELSE 1 END AS known_day_count
  FROM one_way AS first_step
  INNER JOIN told ON first_step.from_domain = told.site_domain
  INNER JOIN one_way AS middle_step ON first_step.to_domain = middle_step.from_domain
  INNER JOIN one_way AS last_step
    ON middle_step.to_domain = last_step.from_domain AND first_step.from_domain = last_step.to_domain
),

rings_of_three AS (
  SELECT
    triples.*,
    count(*) OVER (PARTITION BY site_domain) AS way_count,
    row_number() OVER (
      PARTITION BY site_domain, source_domain
      ORDER BY
        CASE WHEN known_day_count >= 2 AND span_days <= $swap_days THEN 0 ELSE 1 END,
        known_day_count DESC,
        span_days,
        first_through
    ) AS nearest_first
  FROM triples
),

-- rings of four through each site, whatever their days: counted, not listed
two_steps AS (
  SELECT first_step.from_domain, second_step.to_domain, count(*) AS way_count
  FROM one_way AS first_step
  INNER JOIN one_way AS second_step ON first_step.to_domain = second_step.from_domain
  WHERE first_step.from_domain <> second_step.to_domain
  GROUP BY first_step.from_domain, second_step.to_domain
),

four_ways AS (
  SELECT told.site_domain, sum(out_way.way_count * in_way.way_count) AS way_count
  FROM two_steps AS out_way
  INNER JOIN told ON out_way.from_domain = told.site_domain
  INNER JOIN two_steps AS in_way
    ON out_way.to_domain = in_way.from_domain AND out_way.from_domain = in_way.to_domain
  GROUP BY told.site_domain
),

-- two steps with days close together, or of which one is not dated
pairs_of_steps AS (
  SELECT
    first_step.from_domain,
    first_step.to_domain AS through,
    second_step.to_domain,
    first_step.linked_on AS first_on,
    second_step.linked_on AS second_on,
    least(first_step.linked_on, second_step.linked_on) AS begins_on,
    greatest(first_step.linked_on, second_step.linked_on) AS ends_on,
    CASE WHEN first_step.linked_on IS NULL OR second_step.linked_on IS NULL THEN 1 ELSE 2 END AS known_day_count
  FROM one_way AS first_step
  INNER JOIN one_way AS second_step ON first_step.to_domain = second_step.from_domain
  WHERE first_step.from_domain <> second_step.to_domain
    AND coalesce(first_step.linked_on, second_step.linked_on) IS NOT NULL
    AND coalesce(abs(date_diff('day', first_step.linked_on, second_step.linked_on)), 0) <= $swap_days
),

quadruples AS (
  SELECT
    out_way.from_domain AS site_domain,
    in_way.through AS source_domain,
    out_way.through AS first_through,
    out_way.to_domain AS second_through,
    in_way.second_on AS in_on,
    out_way.first_on AS out_on,
    date_diff('day', least(out_way.begins_on, in_way.begins_on), greatest(out_way.ends_on, in_way.ends_on)) AS span_days,
    out_way.known_day_count + in_way.known_day_count AS known_day_count
  FROM pairs_of_steps AS out_way
  INNER JOIN told ON out_way.from_domain = told.site_domain
  INNER JOIN pairs_of_steps AS in_way
    ON out_way.to_domain = in_way.from_domain AND out_way.from_domain = in_way.to_domain
  WHERE out_way.through <> in_way.through
    AND out_way.known_day_count + in_way.known_day_count >= 3
    AND date_diff('day', least(out_way.begins_on, in_way.begins_on), greatest(out_way.ends_on, in_way.ends_on))
    <= $swap_days
),

rings_of_four AS (
  SELECT
    quadruples.*,
    four_ways.way_count,
    row_number() OVER (
      PARTITION BY quadruples.site_domain, quadruples.source_domain
      ORDER BY
        quadruples.known_day_count DESC, quadruples.span_days, quadruples.first_through, quadruples.second_through
    ) AS nearest_first
  FROM quadruples
  INNER JOIN four_ways ON quadruples.site_domain = four_ways.site_domain
),

forms AS (
  SELECT
    site_domain,
    source_domain,
    'mutual' AS form,
    CAST(NULL AS VARCHAR) AS through,
    source_domain AS linked_domain,
    in_on,
    out_on,
    abs(date_diff('day', in_on, out_on)) AS days_apart,
    CASE WHEN in_on IS NULL OR out_on IS NULL THEN 0 ELSE 2 END AS known_day_count,
    1 AS way_count
  FROM mutuals
  WHERE nearest_first = 1
  UNION ALL
  SELECT
    site_domain,
    source_domain,
    'ring_of_three' AS form,
    first_through AS through,
    first_through AS linked_domain,
    in_on,
    out_on,
    CASE WHEN known_day_count >= 2 THEN span_days END AS days_apart,
    known_day_count,
    way_count
  FROM rings_of_three
  WHERE nearest_first = 1
  UNION ALL
  SELECT
    site_domain,
    source_domain,
    'ring_of_four' AS form,
    concat(first_through, ' > ', second_through) AS through,
    first_through AS linked_domain,
    in_on,
    out_on,
    span_days AS days_apart,
    known_day_count,
    way_count
  FROM rings_of_four
  WHERE nearest_first = 1
),

-- days of the site's other links, those that no exchange can be seen in: what lies near by chance
day_counts AS (
  SELECT firsts.site_domain, firsts.direction, firsts.linked_on, count(*) AS domain_count
  FROM (
    SELECT site_domain, direction, other_domain, min(linked_on) AS linked_on
    FROM signals.domain_edges
    WHERE linked_on IS NOT NULL AND NOT is_hub
    GROUP BY site_domain, direction, other_domain
  ) AS firsts
  LEFT JOIN (SELECT DISTINCT site_domain, source_domain FROM forms) AS seen
    ON firsts.site_domain = seen.site_domain AND firsts.other_domain = seen.source_domain
  WHERE seen.site_domain IS NULL
  GROUP BY firsts.site_domain, firsts.direction, firsts.linked_on
),

totals AS (
  SELECT site_domain, direction, sum(domain_count) AS domain_count
  FROM day_counts
  GROUP BY site_domain, direction
),

windows AS (
  SELECT
    forms.site_domain,
    forms.source_domain,
    forms.form,
    sum(CASE WHEN counts.direction = 'in' THEN counts.domain_count ELSE 0 END) AS in_count,
    sum(CASE WHEN counts.direction = 'out' THEN counts.domain_count ELSE 0 END) AS out_count
  FROM forms
  INNER JOIN day_counts AS counts
    ON forms.site_domain = counts.site_domain
    AND (
      (counts.direction = 'out' AND abs(date_diff('day', forms.in_on, counts.linked_on)) <= $swap_days)
      OR (counts.direction = 'in' AND abs(date_diff('day', forms.out_on, counts.linked_on)) <= $swap_days)
    )
  GROUP BY forms.site_domain, forms.source_domain, forms.form
)

SELECT
  forms.site_domain,
  forms.source_domain,
  forms.form,
  forms.through,
  forms.in_on,
  forms.out_on,
  CAST(forms.days_apart AS BIGINT) AS days_apart,
  CAST(forms.known_day_count AS BIGINT) AS known_day_count,
  CAST(forms.way_count AS BIGINT) AS way_count,
  -- the larger of both directions, of those that are told; half a link added, so that few links never make a chance of zero
  greatest(
    CASE
      WHEN forms.in_on IS NOT NULL
        THEN (coalesce(windows.out_count, 0) + 0.5) / (out_totals.domain_count + 1.0)
    END,
    CASE
      WHEN forms.out_on IS NOT NULL
        THEN (coalesce(windows.in_count, 0) + 0.5) / (in_totals.domain_count + 1.0)
    END
  ) AS near_share,
  split_part(pages.addresses, ' ', 1) AS link_out_url,
  split_part(pages.addresses, ' ', 2) AS link_out_target_url
FROM forms
LEFT JOIN windows
  ON forms.site_domain = windows.site_domain
  AND forms.source_domain = windows.source_domain
  AND forms.form = windows.form
LEFT JOIN totals AS out_totals ON forms.site_domain = out_totals.site_domain AND out_totals.direction = 'out'
LEFT JOIN totals AS in_totals ON forms.site_domain = in_totals.site_domain AND in_totals.direction = 'in'
LEFT JOIN pages ON forms.site_domain = pages.site_domain AND forms.linked_domain = pages.other_domain
