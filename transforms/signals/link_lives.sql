-- signals.link_lives: how many referring domains of a site came on a day and were lost on a day, by authority.
-- A domain is lost when its last link is. A link that a complete export lacks was lost on some day after the export
-- that last held it: lost_after_on; a day of loss that the provider gives stands for itself.
SELECT
  edges.site_domain,
  edges.provider,
  edges.first_seen_on AS placed_on,
  edges.lost_on,
  CASE WHEN edges.lost_on > edges.observed_on THEN edges.observed_on END AS lost_after_on,
  CAST(5 * floor(edges.authority / 5.0) AS BIGINT) AS authority_band,
  CAST(count(*) AS BIGINT) AS domain_count,
  max(series.ends_on) AS ends_on
FROM signals.domain_edges AS edges
INNER JOIN (
  SELECT site_domain, provider, max(observed_on) AS ends_on
  FROM signals.domain_edges
  WHERE direction = 'in'
  GROUP BY site_domain, provider
) AS series
  ON edges.site_domain = series.site_domain AND edges.provider = series.provider
WHERE edges.direction = 'in' AND edges.first_seen_on IS NOT NULL
GROUP BY
  edges.site_domain,
  edges.provider,
  edges.first_seen_on,
  edges.lost_on,
  CASE WHEN edges.lost_on > edges.observed_on THEN edges.observed_on END,
  CAST(5 * floor(edges.authority / 5.0) AS BIGINT)
