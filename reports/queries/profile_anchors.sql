-- What link texts are, as pairs of referring domain and text, counted once each: a domain with a thousand links counts
-- as one with a single link. Recent: the pair was first seen in the last $recent_days of the series.
WITH pairs AS (
  SELECT links.source_domain, anchors.anchor, anchors.anchor_kind, min(links.first_seen_on) AS came_on
  FROM staging.links AS links
  JOIN signals.anchors AS anchors
    ON anchors.site_domain = $site_domain AND anchors.provider = $provider
    AND anchors.anchor = lower(trim(coalesce(links.anchor_text, '')))
  WHERE links.site_domain = $site_domain AND links.provider = $provider AND NOT coalesce(links.is_sponsored, false)
  GROUP BY links.source_domain, anchors.anchor, anchors.anchor_kind
)
SELECT
  anchor_kind, CAST(came_on > CAST($until AS DATE) - CAST($recent_days AS INTEGER) AS BOOLEAN) AS is_recent,
  count(*) AS pair_count
FROM pairs
GROUP BY ALL
ORDER BY ALL
