-- signals.domain_origins: the origin of a referring domain is that of its most probable link among those first seen
-- on its first day (all its links where the provider gives no dates); ties go to the origin that accuses least. Lost
-- only when every link of it is lost.
WITH domains AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    min(first_seen_on) AS first_seen_on,
    CASE WHEN count(lost_on) = count(*) THEN max(lost_on) END AS lost_on,
    count(*) AS link_count,
    max(source_authority) AS source_authority
  FROM signals.link_marks
  GROUP BY site_domain, provider, source_domain
),

first_links AS (
  SELECT
    origins.site_domain,
    origins.provider,
    origins.source_domain,
    max(origins.probability) AS probability,
    -- A whole number that orders by probability, then by origin: one pass finds the winner, whatever the order of rows.
    max_by(
      origins.origin,
      10 * CAST(round(origins.probability * 1000000000000) AS BIGINT)
      + CASE origins.origin
        WHEN 'natural' THEN 7
        WHEN 'unknown' THEN 6
        WHEN 'spam' THEN 5
        WHEN 'guest_post' THEN 4
        WHEN 'exchanged' THEN 3
        WHEN 'link_programme' THEN 2
        ELSE 1
      END
    ) AS origin
  FROM signals.link_origins AS origins
  INNER JOIN domains
    ON origins.site_domain = domains.site_domain
    AND origins.provider = domains.provider
    AND origins.source_domain = domains.source_domain
  WHERE domains.first_seen_on IS NULL OR origins.first_seen_on = domains.first_seen_on
  GROUP BY origins.site_domain, origins.provider, origins.source_domain
)

SELECT
  domains.site_domain,
  domains.provider,
  domains.source_domain,
  first_links.origin,
  first_links.probability,
  domains.first_seen_on,
  domains.lost_on,
  CAST(domains.link_count AS BIGINT) AS link_count,
  domains.source_authority
FROM domains
INNER JOIN first_links
  ON domains.site_domain = first_links.site_domain
  AND domains.provider = first_links.provider
  AND domains.source_domain = first_links.source_domain
