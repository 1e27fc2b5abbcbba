-- Links from one monitored site to another, by domain: since when, and whether they are gone.
WITH monitored AS (
  SELECT unnest($sites) AS site_domain
),
owners AS (
  SELECT site_domain, owner_group FROM ingest.listed_sites
)
SELECT
  edges.other_domain AS from_domain,
  edges.site_domain AS to_domain,
  min(coalesce(edges.linked_on, edges.first_seen_on)) AS linked_on,
  CASE WHEN count(edges.lost_on) = count(*) THEN max(edges.lost_on) END AS lost_on,
  coalesce(any_value(giver.owner_group = taker.owner_group), FALSE) AS is_one_owner
FROM signals.domain_edges AS edges
JOIN monitored ON monitored.site_domain = edges.other_domain
LEFT JOIN owners AS giver ON giver.site_domain = edges.other_domain
LEFT JOIN owners AS taker ON taker.site_domain = edges.site_domain
WHERE edges.direction = 'in' AND edges.other_domain <> edges.site_domain AND list_contains($sites, edges.site_domain)
GROUP BY edges.other_domain, edges.site_domain
ORDER BY is_one_owner, linked_on DESC NULLS LAST, from_domain, to_domain
