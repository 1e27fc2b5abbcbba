-- signals.lockstep_edges: who first linked which page when, for the search for sources that act together. However many
-- links join a referring domain and a page, they are one edge, on its first day.
-- Only edges that may be part of a group are listed one by one: the source linked three pages within $lockstep_days
-- days, this one among them, and at least $lockstep_sources such sources linked the page. All others are added up, for
-- what is busy or popular on a day must be known: source or target is '' where it is not listed.
WITH edges AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    target_url,
    min(first_seen_on) AS day
  FROM staging.links
  WHERE first_seen_on IS NOT NULL
  GROUP BY site_domain, provider, source_domain, target_url
),

-- days of the two edges of the source before this one and of the two after it
neighbours AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    target_url,
    day,
    min(day) OVER (
      PARTITION BY provider, source_domain ORDER BY day ROWS BETWEEN 2 PRECEDING AND 2 PRECEDING
    ) AS second_before,
    min(day) OVER (
      PARTITION BY provider, source_domain ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING
    ) AS before,
    min(day) OVER (
      PARTITION BY provider, source_domain ORDER BY day ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING
    ) AS after,
    min(day) OVER (
      PARTITION BY provider, source_domain ORDER BY day ROWS BETWEEN 2 FOLLOWING AND 2 FOLLOWING
    ) AS second_after
  FROM edges
),

told AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    target_url,
    day,
    CASE
      WHEN date_diff('day', second_before, day) < $lockstep_days
        OR date_diff('day', before, after) < $lockstep_days
        OR date_diff('day', day, second_after) < $lockstep_days
        THEN 1
      ELSE 0
    END AS is_busy
  FROM neighbours
),

targets AS (
  SELECT site_domain, provider, target_url
  FROM told
  GROUP BY site_domain, provider, target_url
  HAVING sum(is_busy) >= $lockstep_sources
),

named AS (
  SELECT
    told.site_domain,
    told.provider,
    CASE WHEN told.is_busy = 1 THEN told.source_domain ELSE '' END AS source_domain,
    coalesce(targets.target_url, '') AS target_url,
    told.day
  FROM told
  LEFT JOIN targets
    ON told.site_domain = targets.site_domain
    AND told.provider = targets.provider
    AND told.target_url = targets.target_url
)

SELECT
  site_domain,
  provider,
  source_domain,
  target_url,
  day,
  count(*) AS edge_count
FROM named
GROUP BY site_domain, provider, source_domain, target_url, day
