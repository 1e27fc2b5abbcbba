-- signals.lockstep_edges: who first linked which page when, for the search for sources that act together. However many
-- links join a referring domain and a page, they are one edge, on its first day. Links disclosed as paid do not count.
-- A source is listed by name on days around which it linked $lockstep_targets pages, a page where $lockstep_sources such
-- sources linked it; around is 15 days before or after, the longest window of the search (a number, for not every engine
-- takes a bound value there). All others are added up, as '', for what is busy or popular on a day must be known.
WITH edges AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    target_url,
    min(first_seen_on) AS day,
    date_diff('day', DATE '2000-01-01', min(first_seen_on)) AS day_number
  FROM staging.links
  WHERE first_seen_on IS NOT NULL AND NOT coalesce(is_sponsored, FALSE)
  GROUP BY site_domain, provider, source_domain, target_url
),

sources AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    target_url,
    day,
    day_number,
    CASE
      WHEN count(*) OVER (
        PARTITION BY provider, source_domain ORDER BY day_number
        RANGE BETWEEN 15 PRECEDING AND 15 FOLLOWING
      ) >= $lockstep_targets THEN 1
      ELSE 0
    END AS is_busy
  FROM edges
),

targets AS (
  SELECT
    site_domain,
    provider,
    target_url,
    day,
    CASE WHEN is_busy = 1 THEN source_domain ELSE '' END AS source_domain,
    sum(is_busy) OVER (
      PARTITION BY provider, site_domain, target_url ORDER BY day_number
      RANGE BETWEEN 15 PRECEDING AND 15 FOLLOWING
    ) AS busy_count
  FROM sources
),

named AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    CASE WHEN busy_count >= $lockstep_sources THEN target_url ELSE '' END AS target_url,
    day
  FROM targets
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
