-- signals.daily_links: daily counts per site, provider and origin. A referring domain is new once, on its first day,
-- under its own origin; a link counts under the link's origin; a domain is lost on the day its last link was lost.
-- Domains and links without a first_seen_on do not appear: a day that nobody stated is not a day.
SELECT
  site_domain,
  provider,
  origin,
  day,
  CAST(sum(new_domain_count) AS BIGINT) AS new_domain_count,
  CAST(sum(new_link_count) AS BIGINT) AS new_link_count,
  CAST(sum(lost_domain_count) AS BIGINT) AS lost_domain_count
FROM (
  SELECT
    site_domain,
    provider,
    origin,
    first_seen_on AS day,
    count(*) AS new_domain_count,
    0 AS new_link_count,
    0 AS lost_domain_count
  FROM signals.domain_origins
  WHERE first_seen_on IS NOT NULL
  GROUP BY site_domain, provider, origin, first_seen_on
  UNION ALL
  SELECT
    site_domain,
    provider,
    origin,
    first_seen_on AS day,
    0 AS new_domain_count,
    count(*) AS new_link_count,
    0 AS lost_domain_count
  FROM signals.link_origins
  WHERE first_seen_on IS NOT NULL
  GROUP BY site_domain, provider, origin, first_seen_on
  UNION ALL
  SELECT
    site_domain,
    provider,
    origin,
    lost_on AS day,
    0 AS new_domain_count,
    0 AS new_link_count,
    count(*) AS lost_domain_count
  FROM signals.domain_origins
  WHERE lost_on IS NOT NULL AND first_seen_on IS NOT NULL
  GROUP BY site_domain, provider, origin, lost_on
) AS counts
GROUP BY site_domain, provider, origin, day
