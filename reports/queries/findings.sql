-- Surges and drops as known on the night; new = no earlier night knew the same finding.
WITH known AS (
  SELECT DISTINCT surge_id AS finding_id FROM surges.link_surges WHERE as_of < $as_of
  UNION
  SELECT DISTINCT drop_id FROM drops.ranking_drops WHERE as_of < $as_of AND is_confirmed
),
found AS (
  SELECT site_domain, 'surge' AS kind, surge_id AS finding_id, provider, origin AS what, starts_on, ends_on, detected_on,
    is_active, observed_count, expected_count, CAST(NULL AS DOUBLE) AS depth_share
  FROM surges.link_surges WHERE as_of = $as_of
  UNION ALL
  SELECT site_domain, 'drop', drop_id, provider, segment, starts_on, ends_on, confirmed_on,
    is_active, NULL, NULL, depth_share
  FROM drops.ranking_drops WHERE as_of = $as_of AND is_confirmed AND part_of_drop_id IS NULL
)
SELECT found.site_domain, found.kind, found.finding_id, found.provider, found.what, found.starts_on, found.ends_on,
  found.detected_on, found.is_active,
  known.finding_id IS NULL AS is_new,
  found.observed_count, found.expected_count, found.depth_share
FROM found
LEFT JOIN known ON known.finding_id = found.finding_id
WHERE NOT list_contains($held_back, found.site_domain)
ORDER BY found.is_active DESC, found.detected_on DESC, found.site_domain, found.finding_id
