-- What link texts are, as pairs of referring domain and text, counted once each: a domain with a thousand links counts
-- as one with a single link. Recent: the pair was first seen in the last $recent_days of the series.
WITH asked AS (SELECT unnest($asked, recursive := true)),
pairs AS (
  SELECT
    links.site_domain, links.source_domain, anchors.anchor, anchors.anchor_kind, asked.until_on,
    min(links.first_seen_on) AS came_on
  FROM staging.links AS links
  JOIN asked ON asked.site_domain = links.site_domain AND asked.provider = links.provider
  JOIN signals.anchors AS anchors
    ON anchors.site_domain = links.site_domain AND anchors.provider = links.provider
    AND anchors.anchor = lower(trim(coalesce(links.anchor_text, '')))
  WHERE NOT coalesce(links.is_sponsored, false)
  GROUP BY ALL
)
SELECT site_domain, anchor_kind, came_on > until_on - CAST($recent_days AS INTEGER) AS is_recent, count(*) AS pair_count
FROM pairs
GROUP BY ALL
ORDER BY ALL
