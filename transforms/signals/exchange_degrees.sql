-- signals.exchange_degrees: how many domains link to each site and are linked from it, hubs left out.
SELECT
  site_domain,
  CAST(count(DISTINCT CASE WHEN direction = 'in' AND NOT is_hub THEN other_domain END) AS BIGINT)
    AS linking_domain_count,
  CAST(count(DISTINCT CASE WHEN direction = 'out' AND NOT is_hub THEN other_domain END) AS BIGINT)
    AS linked_domain_count,
  bool_or(direction = 'out') AS is_told
FROM signals.domain_edges
GROUP BY site_domain
