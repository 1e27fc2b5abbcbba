-- Drops that have a page of their own (alone, confirmed or of the whole site, begun in the last $incident_days, the
-- newest $most_incidents of a site) and are still open, with the strongest cause and the strongest pair of the drop and
-- a surge; surges of natural links are the control and count for no pair, as on the pages of the incidents.
WITH incidents AS (
  SELECT site_domain, drop_id, provider, segment, starts_on, detected_on, depth_share, is_provisional, is_active
  FROM drops.ranking_drops
  WHERE as_of = $as_of AND part_of_drop_id IS NULL AND (is_confirmed OR segment = 'site')
    AND starts_on >= CAST($as_of AS DATE) - CAST($incident_days AS INTEGER) AND NOT list_contains($held_back, site_domain)
  QUALIFY row_number() OVER (PARTITION BY site_domain ORDER BY starts_on DESC, drop_id DESC) <= $most_incidents
),
causes AS (
  SELECT drop_id, max_by(cause, (probability, cause)) AS cause, max(probability) AS cause_probability
  FROM correlation.drop_causes
  WHERE as_of = $as_of
  GROUP BY drop_id
),
pairs AS (
  SELECT drop_id, first(verdict ORDER BY probability DESC, pair_id) AS verdict, max(probability) AS links_probability
  FROM correlation.surge_drop_pairs
  WHERE as_of = $as_of AND origin <> 'natural'
  GROUP BY drop_id
)
SELECT
  incidents.site_domain, incidents.drop_id, incidents.provider, incidents.segment, incidents.starts_on,
  incidents.detected_on, incidents.depth_share, incidents.is_provisional,
  causes.cause, causes.cause_probability, pairs.verdict, pairs.links_probability
FROM incidents
LEFT JOIN causes ON causes.drop_id = incidents.drop_id
LEFT JOIN pairs ON pairs.drop_id = incidents.drop_id
WHERE incidents.is_active
ORDER BY coalesce(causes.cause = 'links', FALSE) DESC, incidents.starts_on DESC, incidents.site_domain, incidents.drop_id
